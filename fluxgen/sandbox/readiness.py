"""Does it answer yet? Each probe returns what is wrong, or nothing when all is well."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from pathlib import Path

PROBE_TIMEOUT_S = 2.0
SHOWN_CHARACTERS = 200

Probe = Callable[[], str]


def redis_answers(path: Path) -> Probe:
    """PING over a unix socket."""

    def probe() -> str:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(PROBE_TIMEOUT_S)
                connection.connect(str(path))
                connection.sendall(b"PING\r\n")
                answer = connection.recv(64)
        except OSError as error:
            return f"PING: {error.strerror or error}"
        return "" if answer == b"+PONG\r\n" else f"PING: {answer.decode(errors='replace').strip()}"

    return probe


def page_answers(port: int, path: str, host: str) -> Probe:
    """GET a page from this machine; `host` is the name the site is known by."""

    def probe() -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PROBE_TIMEOUT_S)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            text = answer.read(SHOWN_CHARACTERS).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return f"{path}: {error}"
        finally:
            connection.close()
        return "" if answer.status == http.client.OK else f"{path}: {answer.status} {text}".strip()

    return probe
