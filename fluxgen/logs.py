"""Logs: one JSON object a line, with a fixed list of fields and nothing else.

A line says what happened to which row, never who or what about: no prompt, name, address
or IP has a field, and what other libraries would print is reduced to logger and level,
because their words may quote data. Of an error the kind and the place are kept, not its text.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

FIELDS = (
    "request_id",
    "method",
    "route",
    "status",
    "duration_ms",
    "generation_id",
    "step",
    "reason",
    "count",
    "job",
    "provider",
)
FRAMES_MAX = 6
FILE, FILE_MODE = "fluxgen-{day}.jsonl", 0o640

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonLines(logging.Formatter):
    """Formats records as described above."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] == "fluxgen":
            line["event"] = str(record.msg)
            line.update({name: vars(record)[name] for name in FIELDS if name in vars(record)})
        if (request := request_id.get()) is not None:
            line.setdefault("request_id", request)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _places(record.exc_info[2])
        return json.dumps(line)


def _places(trace: Any) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES_MAX:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class Lines(logging.StreamHandler[TextIO]):
    """Writes the lines; of one that cannot be written it says only that.

    What `logging` itself would print then are the words, arguments and errors kept out here.
    """

    def handleError(self, record: logging.LogRecord) -> None:
        with suppress(OSError, ValueError):  # the stream itself is broken: nobody can be told
            self.stream.write(
                json.dumps({"level": "error", "logger": record.name, "event": "line lost"})
                + self.terminator
            )


class DayFiles(logging.Handler):
    """The same lines in a folder, a file a day (UTC), which all processes write to.

    A folder that cannot be written to holds nobody up: standard error has the lines as well.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder, self._day, self._file = folder, "", -1

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):
            self._turn_to(f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%d}")
            os.write(
                self._file, f"{self.format(record)}\n".encode()
            )  # whole, beside other processes'

    def _turn_to(self, day: str) -> None:
        if day == self._day:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / FILE.format(day=day)
        self._let_go()
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, FILE_MODE)
        self._day = day

    def _let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, ""

    def close(self) -> None:
        self._let_go()
        super().close()


def forget(folder: Path, before: datetime) -> int:
    """Delete the files of days that have begun by this moment; how many there were."""
    count = 0
    for path in folder.glob(FILE.format(day="*")):
        if path.name <= FILE.format(day=f"{before:%Y-%m-%d}"):
            path.unlink(missing_ok=True)
            count += 1
    return count


def configure(folder: Path | None = None, level: int = logging.INFO) -> None:
    """Send every logger of this process to standard error as JSON lines, and into a folder."""
    handlers: list[logging.Handler] = [Lines(), *([DayFiles(folder)] if folder else [])]
    for handler in handlers:
        handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    logging.captureWarnings(True)  # what libraries warn of may quote data as well
    logging.getLogger("fluxgen").setLevel(level)
