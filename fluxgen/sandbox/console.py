"""What `make run` writes: its own lines, and each process's output behind its name."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TextIO

NAME_WIDTH = 8
# ANSI foreground colours, by the order in which names appear.
COLOURS = (36, 33, 35, 32, 34)


class Console:
    """One stream shared by all processes, a whole line at a time."""

    def __init__(self, stream: TextIO, on_broken: Callable[[], None]) -> None:
        """`on_broken` is called once when nobody reads the stream any more."""
        self._stream = stream
        self._on_broken = on_broken
        self._broken = False
        self._lock = threading.Lock()
        self._colours: dict[str, int] = {}
        self._coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        """Write a line of the supervisor's own."""
        with self._lock:
            self._write(text)

    def relay(self, name: str, text: str) -> None:
        """Write a line that the process called `name` said."""
        with self._lock:
            self._write(f"{self._prefix(name)} {text}")

    def _prefix(self, name: str) -> str:
        prefix = f"{name:<{NAME_WIDTH}}|"
        if not self._coloured:
            return prefix
        colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
        return f"\x1b[{colour}m{prefix}\x1b[0m"

    def _write(self, line: str) -> None:
        if self._broken:
            return
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except OSError:
            # The reader went away (`make run | head`): children must still be drained, so go on mute.
            self._broken = True
            self._on_broken()
