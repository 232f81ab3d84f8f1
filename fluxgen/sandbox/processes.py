"""Child processes: each in its own session, its output read line by line, ended with patience.

Own sessions keep the terminal's Ctrl-C away from the children, so that the supervisor alone
decides who stops first. On Linux the kernel tells them when the supervisor dies; elsewhere the
next start clears away what is left (see run_folder).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fluxgen.sandbox.console import Console

TAIL_LINES = 20
LINE_CHARACTERS = 8192
# Between the second SIGTERM and SIGKILL, and again between SIGKILL and giving up.
LAST_GRACE_S = 0.5
# From linux/prctl.h.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Program:
    """How to start a process, and how long it may take to end."""

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    grace_s: float = 1.0
    inherited: tuple[int, ...] = ()
    """File descriptors handed on, e.g. a listening socket."""
    chatter: tuple[str, ...] = ()
    """Lines with one of these are kept for a failure's report, but not shown."""


class Child:
    """A running program."""

    def __init__(
        self, program: Program, console: Console, on_exit: Callable[[Child], None]
    ) -> None:
        """Start it. `on_exit` is called from another thread when the process has ended."""
        self.program = program
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._console = console
        self._on_exit = on_exit
        self._process = subprocess.Popen(
            program.argv,
            cwd=program.folder,
            env=program.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            pass_fds=program.inherited,
            # Safe beside our reading threads: it calls the kernel and takes no lock.
            preexec_fn=_end_with_parent(),  # noqa: PLW1509
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        threading.Thread(target=self._wait, daemon=True).start()

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def ending(self) -> str:
        """How it ended, in words."""
        code = self.exit_code
        if code is not None and code < 0:
            return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}"

    def stop(self) -> None:
        """SIGTERM, wait, a second one (RQ then drops its job), wait, SIGKILL for the whole group."""
        for patience_s in (self.program.grace_s, LAST_GRACE_S):
            if self.exit_code is None:
                self._process.terminate()
                self._ended_within(patience_s)
        self.signal_group(signal.SIGKILL)
        self._ended_within(LAST_GRACE_S)
        self._reader.join(LAST_GRACE_S)

    def signal_group(self, number: signal.Signals) -> None:
        """Reach what the process has started, too, even after its own end."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for zombies
            os.killpg(self.pid, number)

    def _ended_within(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.exit_code is not None

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while line := output.readline(LINE_CHARACTERS):
                self.tail.append(line.rstrip("\n"))
                if not any(words in line for words in self.program.chatter):
                    self._console.relay(self.name, self.tail[-1])

    def _wait(self) -> None:
        self._process.wait()
        self._on_exit(self)


def _end_with_parent() -> Callable[[], None] | None:
    """What the child does before its program starts: ask for SIGTERM when the parent dies.

    The kernel means the thread that forked: start children from the main thread only.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return ask
