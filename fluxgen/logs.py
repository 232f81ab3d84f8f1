"""Logs: one JSON object a line, with a fixed list of fields and nothing else.

A line says what happened to which row, never who or what about: no prompt, name, address
or IP has a field, and what other libraries would print is reduced to logger and level,
because their words may quote data. Of an error the kind and the place are kept, not its text.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
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


def configure(level: int = logging.INFO) -> None:
    """Send every logger of this process to standard error as JSON lines."""
    handler = Lines()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("fluxgen").setLevel(level)
