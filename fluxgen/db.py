"""The database: one address, one connection a thread, writers one at a time.

SQLite waits for its turn to write from the first statement on (`BEGIN IMMEDIATE`), so a
read inside a transaction is never stale when the write follows; WAL lets readers go on,
and `synchronous=FULL` means that what was committed survives a power cut.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import peewee
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from fluxgen.errors import Misconfigured

MIGRATIONS = Path(__file__).parent.parent / "migrations"
CONNECTIONS = 20
ModelT = TypeVar("ModelT", bound=peewee.Model)
BUSY_TIMEOUT_MS = 10_000

database = peewee.DatabaseProxy()


def connect(url: str) -> peewee.Database:
    """Point `database` at this address; nothing is opened yet. Raises `Misconfigured`."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        real = _sqlite(url.removeprefix("sqlite:///"))
    elif scheme in {"postgres", "postgresql"}:
        real = _postgres(url)
    else:
        raise Misconfigured("DATABASE_URL must start with sqlite:/// or postgresql://")
    database.initialize(real)
    return real


def _sqlite(path: str) -> peewee.Database:
    _make_ours(Path(path))
    pool: peewee.Database = PooledSqliteDatabase(
        path,
        max_connections=CONNECTIONS,
        timeout=BUSY_TIMEOUT_MS / 1000,
        check_same_thread=False,  # the pool hands a connection to one thread at a time
        lock_type="IMMEDIATE",
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "busy_timeout": BUSY_TIMEOUT_MS,
            "secure_delete": 1,
            "cache_size": -16_000,
        },
    )
    return pool


def _make_ours(path: Path) -> None:
    """The file, before anybody opens it, for nobody else on this machine to read: SQLite gives
    the files beside it the same mode."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(OSError):  # it is there, or whoever opens it will hear why it cannot be
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _postgres(url: str) -> peewee.Database:
    options: dict[str, Any] = parse(url)
    name = options.pop("database")
    pool: peewee.Database = PooledPostgresqlDatabase(
        name,
        max_connections=CONNECTIONS,
        stale_timeout=300,
        timeout=10,
        prefer_psycopg3=True,
        **options,
    )
    return pool


def transaction() -> Any:
    """All or nothing; nested ones are savepoints. Never open during a call to a provider."""
    return database.atomic()


def rows(model: type[ModelT], statement: str, *values: Any) -> Iterator[ModelT]:
    """The rows of a statement with `?` for each value, on the paths that run every second: there
    Peewee's writing the statement anew costs more than the query itself."""
    written = statement.replace("?", database.param)
    found: Iterator[ModelT] = iter(model.raw(written, *values))
    return found


def tuples(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Every row of a statement with `?` for each value, so that nothing is open at the commit."""
    return list(database.execute_sql(statement.replace("?", database.param), values).fetchall())


def alone(lock: int) -> None:
    """Wait until nobody else has this lock, and keep it to the end of the transaction.

    On SQLite every transaction is alone already.
    """
    if isinstance(database.obj, peewee.PostgresqlDatabase):
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (lock,))


def locked(query: peewee.ModelSelect[ModelT]) -> peewee.ModelSelect[ModelT]:
    """These rows as they are, and nobody changes them to the end of the transaction.

    On SQLite every transaction is alone already.
    """
    return query.for_update() if isinstance(database.obj, peewee.PostgresqlDatabase) else query


@contextmanager
def open_for_now() -> Iterator[None]:
    """A connection where none is open, as while an answer is being sent; then it is given back."""
    is_mine = database.is_closed()
    try:
        yield
    finally:
        if is_mine and not database.is_closed():
            database.close()


def after_commit(ring: Callable[[], None]) -> None:
    """Do this once the transaction is safely down; never if it is rolled back."""
    database.after_commit(ring)


def forget_deleted_bytes() -> bool:
    """Empty SQLite's write-ahead log, which keeps what was deleted until it is written over;
    False while somebody still reads from it."""
    if not isinstance(database.obj, peewee.SqliteDatabase):
        return True
    ((is_busy, _, _),) = database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not is_busy


def forget_dead_rows(tables: Iterable[str]) -> None:
    """Have Postgres clear away these tables' deleted and changed rows now. SQLite overwrites
    them at once."""
    if isinstance(database.obj, peewee.PostgresqlDatabase):
        for table in tables:
            database.execute_sql(f'VACUUM "{table}"')


def is_own_file(path: Path) -> bool:
    """Whether this is SQLite's database or a file that it keeps beside it.

    Nothing in this process may open one: closing it again would drop SQLite's own locks, and the
    next process that leaves would take the write-ahead log along
    (sqlite.org/howtocorrupt.html, 2.2).
    """
    if not isinstance(database.obj, peewee.SqliteDatabase):
        return False
    own = Path(database.obj.database).resolve()
    return path.resolve().parent == own.parent and path.name.startswith(own.name)


def answers() -> bool:
    """Whether the database is there."""
    try:
        database.execute_sql("SELECT 1")
    except peewee.PeeweeException:
        return False
    return True


def began_on() -> date:
    """The day on which this database was made."""
    days = (step.applied.date() for step in migrations().status() if step.applied)
    return min(days, default=date.max)


def migrations() -> Runner:
    """The runner over `migrations/`: `up()`, `status()`."""
    return Runner(database.obj, str(MIGRATIONS))
