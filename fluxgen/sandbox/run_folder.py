"""INSTANCE_DIR while `make run` uses it: who runs there, and what must be gone afterwards.

run.lock   held by the running supervisor; the kernel lets go of it, however it ends
run.json   its children, so that the next start can clear away what a killed one left
run.env    addresses for commands beside it (`flask --app wsgi …`), read by settings
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from fluxgen.sandbox.processes import Child

# A unix socket's path has at most 104 bytes on macOS; "/fluxgen-12345678/redis.sock" takes 28.
LONGEST_TEMP_FOLDER = 70
SOCKET_FOLDER_PREFIX = "fluxgen-"
STALE_GRACE_S = 5.0
LOOK_AGAIN_S = 0.02
PS_TIMEOUT_S = 5.0


class CannotRun(Exception):
    """Why `make run` does not start, in one line for a person."""


@dataclass(frozen=True)
class Process:
    """A process that cannot be confused with a later one of the same number."""

    name: str
    pid: int
    started: str

    @classmethod
    def of(cls, child: Child) -> Self:
        return cls(child.name, child.pid, started(child.pid))

    def is_alive(self) -> bool:
        return bool(self.started) and started(self.pid) == self.started

    def signal_group(self, number: signal.Signals) -> None:
        """Children lead their own session: the group is theirs alone."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    def lingers(self) -> bool:
        """Whether it, or something it started, is still there (and may hold the port)."""
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:  # the number belongs to someone else now
            return self.is_alive()
        return True


class RunFolder:
    """The instance folder, ours until the `with` block ends."""

    def __init__(self, instance: Path, stale_grace_s: float = STALE_GRACE_S) -> None:
        self.path = instance
        self._stale_grace_s = stale_grace_s
        self._records = instance / "run.json"
        self._environ = instance / "run.env"

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self.path / "run.lock").open("a")
        except OSError as error:
            raise CannotRun(f"Cannot write to {self.path}: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise CannotRun(
                f"FluxGen is already running on {self.path}. Stop it first, "
                "or set INSTANCE_DIR and PORT for a second one."
            ) from error
        self._clear_stale_run()
        self.sockets = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER_PREFIX, dir=_temp_folder()))
        self.record(())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove_traces(self.sockets)
        self._lock.close()

    def record(self, children: Iterable[Child]) -> None:
        """Remember who runs now."""
        run = {
            "sockets": str(self.sockets),
            "children": [asdict(Process.of(child)) for child in children],
        }
        _write_private(self._records, json.dumps(run, indent=1))

    def publish(self, environ: Mapping[str, str]) -> None:
        """Let commands beside the run find its addresses."""
        lines = (f"{name}={value}\n" for name, value in environ.items())
        _write_private(self._environ, "".join(lines))

    def _clear_stale_run(self) -> None:
        """End what an earlier supervisor left when it was killed, and nobody else."""
        if not self._records.exists():
            return
        run = json.loads(self._records.read_text())
        left = [Process(**child) for child in run["children"]]
        _signal(left, signal.SIGTERM)
        until(lambda: not any(process.lingers() for process in left), self._stale_grace_s)
        _signal(left, signal.SIGKILL)
        until(lambda: not any(process.is_alive() for process in left), self._stale_grace_s)
        self._remove_traces(Path(run["sockets"]))

    def _remove_traces(self, sockets: Path) -> None:
        self._environ.unlink(missing_ok=True)
        if sockets.name.startswith(SOCKET_FOLDER_PREFIX):
            shutil.rmtree(sockets, ignore_errors=True)
        self._records.unlink(missing_ok=True)


def _signal(processes: Iterable[Process], number: signal.Signals) -> None:
    for process in processes:
        process.signal_group(number)


def _started_by_proc(pid: int) -> str:
    """Boot and clock tick, from Linux; empty if there is no such process, or a zombie."""
    try:
        # The name in brackets may hold anything; state and start time follow it (proc(5)).
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else f"{boot} {fields[19]}"


def _started_by_ps(pid: int) -> str:
    """Date and second, elsewhere; empty if there is no such process, or a zombie."""
    question = ["ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)]
    answer = subprocess.run(
        question, check=False, capture_output=True, text=True, timeout=PS_TIMEOUT_S
    )
    state, _, since = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else since.strip()


started = _started_by_proc if sys.platform == "linux" else _started_by_ps


def until(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Wait for something that nobody announces; say whether it came."""
    deadline = time.monotonic() + timeout_s
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN_S)
    return met


def _temp_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) <= LONGEST_TEMP_FOLDER else "/tmp"


def _write_private(path: Path, text: str) -> None:
    """Replace the file in one step, readable by its owner only."""
    fresh = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)
