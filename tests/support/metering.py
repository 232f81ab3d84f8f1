"""A wire with a meter: passes on what comes, and counts the bytes that a browser receives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK_BYTES = 65_536


class Meter:
    """What went through, towards the browser, since it was last set to 0."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._there = (parts.hostname or "", parts.port or 80)
        self._door = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        self.bytes = 0

    def serve(self) -> None:
        """Until the door is closed."""
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(self._there)
                for one, other, counts in ((near, far, False), (far, near, True)):
                    threading.Thread(
                        target=self._pass_on, args=(one, other, counts), daemon=True
                    ).start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _pass_on(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK_BYTES):
                if counts:
                    self.bytes += len(data)
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
                each.close()


@contextmanager
def metered(url: str) -> Iterator[Meter]:
    """The same house at an address of the meter's."""
    meter = Meter(url)
    thread = threading.Thread(target=meter.serve, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        meter.close()
        thread.join()
