"""Servers that all test processes of one session share, started by the first that needs one.

The session's folder and its locks are the whole arrangement: xdist's controller (or the only
process) makes the folder, whoever comes first starts a server below it and writes down its
process, and the controller ends what is written there. A run that needs no server starts none.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from fluxgen.sandbox.run_folder import Process, started, until

FOLDER_SETTING = "FLUXGEN_TEST_SESSION"
TEMPORARY_SETTING = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest has its temporary folders, in which the tests' databases and pictures are."""
PREFIX = "fluxgen-tests-"
STOP_TIMEOUT_S = 30.0
# Copying a database takes a tenth of the time in memory, and a commit there waits for no disk.
# What a session keeps there is small: pytest removes the folder of a test that passed.
MEMORY = Path("/dev/shm")
MEMORY_NEEDED_BYTES = 1 << 30

Start = Callable[[Path], subprocess.Popen[bytes]]

# Kept, because a Popen that is forgotten while its process runs complains.
_own: list[subprocess.Popen[bytes]] = []


def open_session() -> None:
    """Make the session's folder, known to worker processes through the environment."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_places()[0]))
    folder.chmod(0o711)  # a server that runs as another user must get through
    _write(folder / "session.json", Process("session", os.getpid(), started(os.getpid())))
    os.environ[FOLDER_SETTING] = str(folder)
    os.environ.setdefault(TEMPORARY_SETTING, str(_places()[0]))


def close_session() -> None:
    """End what was started and remove the folder."""
    _close(Path(os.environ.pop(FOLDER_SETTING)))


def shared(name: str, start: Start) -> Path:
    """The folder of a running service; `start` is called once a session, with an empty folder."""
    session = Path(os.environ[FOLDER_SETTING])
    folder, record = session / name, session / f"{name}.json"
    with (session / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            folder.mkdir()
            folder.chmod(0o711)
            process = start(folder)
            _own.append(process)
            _write(record, Process(name, process.pid, started(process.pid)))
    return folder


def stop(process: Process) -> None:
    """SIGINT, which Postgres and Redis both take as "now, but properly"; SIGKILL if it must be."""
    for number in (signal.SIGINT, signal.SIGKILL):
        process.signal_group(number)
        if until(lambda: not process.is_alive(), STOP_TIMEOUT_S):
            return


def _places() -> list[Path]:
    """Where a session may live, the best first: memory that is ours, roomy and runs programs."""
    places = [Path(tempfile.gettempdir())]
    if sys.platform == "linux" and os.access(MEMORY, os.W_OK):
        may_run = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
        if may_run and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED_BYTES:
            places.insert(0, MEMORY)
    return places


def _sweep() -> None:
    """Close sessions whose controller was killed before it could."""
    for folder in chain(*(place.glob(f"{PREFIX}*") for place in _places())):
        owner = folder / "session.json"
        if os.access(folder, os.W_OK) and owner.exists() and not _read(owner).is_alive():
            _close(folder)


def _close(folder: Path) -> None:
    owner = folder / "session.json"
    for record in set(folder.glob("*.json")) - {owner}:
        stop(_read(record))
    shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, process: Process) -> None:
    path.write_text(json.dumps(asdict(process)))


def _read(path: Path) -> Process:
    return Process(**json.loads(path.read_text()))
