"""Erasures as a test needs them, and a search for everything that may be left of somebody."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fluxgen import db, privacy, settings
from fluxgen.jobs import bell
from fluxgen.jobs.sweep import sweep
from fluxgen.models import TABLES, Account, Cause, Erasure, ErasureStatus, Scope
from tests.support.workers import pass_time

ROUNDS_MAX = 60


def planned(account: Account, scope: Scope = Scope.ACCOUNT, **options: object) -> Erasure:
    """An erasure that begins now unless told."""
    return privacy.plan(account, scope, Cause.PERSON, **options)  # type: ignore[arg-type]


def fresh(erasure: Erasure) -> Erasure:
    """The row as it is now."""
    return Erasure.get_by_id(erasure.id)


def carried_out(erasure: Erasure, rounds: int = ROUNDS_MAX) -> Erasure:
    """Swept until it is done. Raises `AssertionError` when it is not."""
    for _ in range(rounds):
        sweep(inline=True)
        if fresh(erasure).status is ErasureStatus.DONE:
            return fresh(erasure)
        pass_time(61)
    raise AssertionError(f"the erasure stays after step {fresh(erasure).step!r}")


def erased(account: Account, scope: Scope = Scope.ACCOUNT) -> Erasure:
    """All of it."""
    return carried_out(planned(account, scope))


def places(*folders: Path) -> dict[str, bytes]:
    """All that is kept anywhere, by the name of the place: files, the database, Redis."""
    kept = {}
    for folder in (settings.current().instance_dir, *folders):
        for path in folder.rglob("*"):
            if path.is_file():
                kept[str(path)] = path.read_bytes()
    if settings.current().database.startswith("postgres"):
        for table in TABLES:
            kept[f"table {table._meta.table_name}"] = _rows(table._meta.table_name)
        kept["table archive_words"] = _rows("archive_words")
    redis = bell.redis()
    for key in redis.scan_iter():
        kept[f"redis {key.decode()}"] = key + (redis.dump(key) or b"")
    return kept


def _rows(table: str) -> bytes:
    """All that a table holds, values as they are."""
    values = [value for row in db.tuples(f"SELECT * FROM {table}") for value in row]
    return b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for value in values
    )


def hits(markers: Iterable[bytes], *folders: Path) -> set[str]:
    """The places where one of these is found, in their bytes or their own names."""
    wanted = [marker for marker in markers if marker]
    return {
        f"{marker[:40]!r} in {place}"
        for place, data in places(*folders).items()
        for marker in wanted
        if marker in data or marker in place.encode()
    }
