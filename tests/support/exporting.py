"""Exports in tests: built to the end, unpacked, and compared."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from fluxgen import adapters, exports
from fluxgen.db import database
from fluxgen.models import TABLES, UNBUILT, Account, Export
from tests.support.workers import Workers, pass_time

STEPS_MAX = 2000


@dataclass(frozen=True)
class Opened:
    """A finished export, as its person unpacks it."""

    data: bytes

    @cached_property
    def zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(io.BytesIO(self.data))

    @cached_property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.zip.read("fluxgen.json"))
        return found

    def text(self, name: str) -> str:
        return self.zip.read(name).decode()

    def rewritten(self, path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
        """The same with some of its files changed, as somebody hostile would."""
        files = {name: self.zip.read(name) for name in self.zip.namelist()}
        change(files)
        with zipfile.ZipFile(path, "w") as out:
            for name, data in files.items():
                out.writestr(name, data)
        return path

    def with_document(self, path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
        """The same with another document."""

        def rewrite(files: dict[str, bytes]) -> None:
            document = json.loads(files["fluxgen.json"])
            change(document)
            files["fluxgen.json"] = json.dumps(document).encode()

        return self.rewritten(path, rewrite)

    def saved(self, path: Path) -> Path:
        path.write_bytes(self.data)
        return path


def built(account: Account, workers: Workers) -> Export:
    """An export of the account, worked on until it has ended."""
    return finished(exports.begin(account), workers)


def finished(export: Export, workers: Workers) -> Export:
    """The same export, worked on until it has ended."""
    for _ in range(STEPS_MAX):
        if not workers.step():
            pass_time(1)
        export = Export.get_by_id(export.id)
        if export.status not in UNBUILT:
            return export
    raise AssertionError("the export never ends")


def opened(export: Export) -> Opened:
    """What the store has of it."""
    return Opened(adapters.current().storage.get(exports.zip_key(export)))


class Killed(BaseException):
    """What takes a process away in the middle of something."""


class Mortal:
    """A store at whose n-th change the process dies, before the change or behind it."""

    CHANGES = frozenset({"put", "begin", "add", "complete", "delete", "clear"})

    def __init__(self, store: Any, dies_at: int, *, behind: bool) -> None:
        self._store, self._dies_at, self._behind = store, dies_at, behind
        self.changes = 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        return self._counted(real) if name in self.CHANGES else real

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.changes += 1
            dies = self.changes == self._dies_at
            if dies and not self._behind:
                raise Killed
            answer = real(*args, **kwargs)
            if dies:
                raise Killed
            return answer

        return call


def mortal(dies_at: int, *, behind: bool) -> Mortal:
    """Make this process's store one that kills."""
    current = adapters.current()
    store = Mortal(current.storage, dies_at, behind=behind)
    adapters.use(replace(current, storage=store))
    return store


def immortal() -> None:
    """The real store again."""
    current = adapters.current()
    while isinstance(current.storage, Mortal):
        current = replace(current, storage=current.storage._store)
    adapters.use(current)


def run(app: Flask, *args: str) -> Any:
    return app.test_cli_runner().invoke(args=["accounts", *args])


def emptied(app: Flask) -> None:
    """Another FluxGen: the same house with nothing in it."""
    adapters.current().storage.clear("pictures/")
    for table in reversed(TABLES):
        name = table._meta.table_name
        if name in {"entry", "audit_row", "audit_head"}:
            continue
        if name == "account":
            break
        table.delete().execute()
    for name in ("entry", "audit_row"):
        _without_triggers(database, name)
    Account.delete().execute()


def _without_triggers(database: Any, table: str) -> None:
    if "sqlite" in type(database.obj).__name__.lower():
        kept = database.execute_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        for name, _ in kept:
            database.execute_sql(f'DROP TRIGGER "{name}"')
        database.execute_sql(f"DELETE FROM {table}")
        for _, sql in kept:
            database.execute_sql(sql)
    else:
        database.execute_sql("SET session_replication_role = replica")
        database.execute_sql(f"DELETE FROM {table}")
        database.execute_sql("SET session_replication_role = DEFAULT")
    if table == "audit_row":
        database.execute_sql(
            "UPDATE audit_head SET number = 0, hash = '0000000000000000000000000000000000000000"
            "000000000000000000000000'"
        )
