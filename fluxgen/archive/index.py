"""The search index: one entry of terms for each generation that can be found, kept with its row.

SQLite has it as an FTS5 table whose rowid is the generation's id, Postgres as a tsvector under
GIN. Both give the newest first. Whoever changes what a generation is found by calls `enter` or
`remove` in the same transaction, after the row itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peewee import PostgresqlDatabase, chunked

from fluxgen import db
from fluxgen.archive import entries, terms
from fluxgen.archive.terms import Term
from fluxgen.models import Account, Generation

NUMBER_MAX = 2**31 - 1
MANY = 10_000
"""From so many hits on, Postgres walks the newest instead of gathering all."""
BATCH = 500
"""Rows in one statement."""
CATCH_UP_BATCH = 500
"""Rows entered in one transaction."""
MERGED_PAGES = 400
"""How much of SQLite's index is rewritten at a time."""

NUMBERED = "number BETWEEN ? AND ?"
MADE = "created_at BETWEEN ? AND ?"
# What is numbered so: an account's ids and numbers rise together (`generations.submit`, imports).
BETWEEN = """
BETWEEN (SELECT id FROM generation WHERE account_id = ? AND number >= ? ORDER BY number LIMIT 1)
AND (SELECT id FROM generation WHERE account_id = ? AND number <= ? ORDER BY number DESC LIMIT 1)
"""
# The newest hits, cut, and the pictures that they have, cut: one look into the index for both.
NEWEST_OF = """ SELECT id, (SELECT COUNT(*) FROM (
    SELECT 1 FROM hit CROSS JOIN image ON image.generation_id = hit.id LIMIT ?) AS counted)
FROM hit ORDER BY id DESC LIMIT ?"""
SQLITE_NEWEST = f"""WITH hit AS MATERIALIZED (SELECT rowid AS id FROM archive_words
    WHERE archive_words MATCH ? AND rowid {BETWEEN}{{made}} ORDER BY rowid DESC LIMIT ?) {NEWEST_OF}"""
POSTGRES_NEWEST_OF = """ARRAY(SELECT id FROM hit ORDER BY id DESC LIMIT ?),
    (SELECT COUNT(*) FROM (SELECT 1 FROM hit CROSS JOIN LATERAL (
        SELECT 1 FROM image WHERE image.generation_id = hit.id OFFSET 0) AS own LIMIT ?) AS counted)"""
POSTGRES_GATHERED = f"""WITH gathered AS MATERIALIZED (SELECT generation_id AS id
    FROM archive_words WHERE words @@ ?::tsquery LIMIT ?),
hit AS MATERIALIZED (SELECT id FROM gathered WHERE id {BETWEEN}{{made}} ORDER BY id DESC LIMIT ?)
SELECT (SELECT COUNT(*) FROM gathered), {POSTGRES_NEWEST_OF}"""
POSTGRES_WALKED = f"""WITH hit AS MATERIALIZED (SELECT generation_id AS id FROM archive_words
    WHERE account_id = ? AND words @@ ?::tsquery AND generation_id {BETWEEN}{{made}}
    ORDER BY generation_id DESC LIMIT ?) SELECT {POSTGRES_NEWEST_OF}"""
SQLITE_OLDEST = f"""SELECT rowid FROM archive_words
WHERE archive_words MATCH ? AND rowid {BETWEEN}{{made}} ORDER BY rowid LIMIT ?"""
POSTGRES_GATHERED_OLDEST = f"""WITH gathered AS MATERIALIZED (SELECT generation_id AS id
    FROM archive_words WHERE words @@ ?::tsquery LIMIT ?)
SELECT (SELECT COUNT(*) FROM gathered),
    ARRAY(SELECT id FROM gathered WHERE id {BETWEEN}{{made}} ORDER BY id LIMIT ?)"""
POSTGRES_WALKED_OLDEST = f"""SELECT generation_id FROM archive_words
WHERE account_id = ? AND words @@ ?::tsquery AND generation_id {BETWEEN}{{made}}
ORDER BY generation_id LIMIT ?"""
MADE_THEN = (
    f" AND (SELECT created_at FROM generation WHERE id = {{}}) {MADE.removeprefix('created_at ')}"
)

MISSING = """SELECT id FROM generation
WHERE id > ? AND status IN ('done', 'failed', 'cancelled', 'expired') AND deleted_at IS NULL
AND NOT EXISTS (SELECT 1 FROM archive_words WHERE {} = generation.id) ORDER BY id LIMIT ?"""


@dataclass(frozen=True)
class Range:
    """Which of an account's numbers are meant, both ends included; and between which moments,
    where the numbers do not tell."""

    low: int
    high: int
    moments: tuple[int, int] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all of an account's are meant."""
        return self.low <= 1 and self.high >= NUMBER_MAX and not self.moments

    @property
    def values(self) -> tuple[int, ...]:
        """What `written` has to be told."""
        return (self.low, self.high, *(self.moments or ()))

    def written(self, statement: str) -> str:
        """A statement over generations with this range in the place of its numbers."""
        return statement.replace(NUMBERED, f"{NUMBERED} AND {MADE}") if self.moments else statement


def enter(*generations: Generation) -> None:
    """Write down what ended generations are found by, anew. The rows are the caller's, as they
    are: changed by it in this transaction, or locked."""
    for some in chunked(generations, BATCH):
        remove([generation.id for generation in some])
        for generation, kept in entries.written(some):
            _enter(generation, kept)


def _enter(generation: Generation, kept: list[str]) -> None:
    if _is_postgres():
        statement = """INSERT INTO archive_words (generation_id, account_id, words)
            VALUES (?, ?, array_to_tsvector(?::text[]))"""
        values: Sequence[object] = (generation.id, generation.account_id, kept)
    else:
        statement = "INSERT INTO archive_words (rowid, words) VALUES (?, ?)"
        values = (generation.id, " ".join(kept))
    _execute(statement, *values)


def remove(generation_ids: Iterable[int]) -> None:
    """Nobody finds these any more."""
    for some in chunked(generation_ids, BATCH):
        _execute(f"DELETE FROM archive_words WHERE {_key()} IN ({_marks(some)})", *some)


def newest(
    account: Account,
    wanted: Sequence[Term],
    numbers: Range,
    limit: int,
    *,
    count_to: int = 0,
    is_ended: bool = False,
) -> tuple[list[int], int]:
    """Ids of the newest that have all these terms, and how many pictures such have, counted
    to `count_to`."""
    query = _query(account, wanted, is_ended)
    bounds = _bounds(account, numbers)
    cut = max(count_to, limit)
    if not _is_postgres():
        statement = _within(SQLITE_NEWEST, numbers, "archive_words.rowid")
        rows = db.tuples(statement, query, *bounds, cut, count_to, limit)
        return [id_ for id_, _ in rows], rows[0][1] if rows else 0
    with db.transaction():
        _by_index()
        values = (query, MANY + 1, *bounds, cut, limit, count_to)
        statement = _within(POSTGRES_GATHERED, numbers, "gathered.id")
        ((gathered, ids, pictures),) = db.tuples(statement, *values)
        if gathered <= MANY:
            return list(ids), pictures
        _in_order()
        # Of all that there are, enough were gathered; of some, they are counted on the walk.
        known = count_to if numbers.is_whole and count_to <= MANY else None
        walk = (cut, limit, count_to) if known is None else (limit, limit, 0)
        statement = _within(POSTGRES_WALKED, numbers, "archive_words.generation_id")
        ((ids, pictures),) = db.tuples(statement, account.id, query, *bounds, *walk)
        return list(ids), pictures if known is None else known


def oldest(account: Account, wanted: Sequence[Term], numbers: Range, limit: int) -> list[int]:
    """Ids of the oldest that have all these terms, the oldest first."""
    query = _query(account, wanted, is_ended=False)
    bounds = _bounds(account, numbers)
    if not _is_postgres():
        statement = _within(SQLITE_OLDEST, numbers, "archive_words.rowid")
        return [id_ for (id_,) in db.tuples(statement, query, *bounds, limit)]
    with db.transaction():
        _by_index()
        values = (query, MANY + 1, *bounds, limit)
        statement = _within(POSTGRES_GATHERED_OLDEST, numbers, "gathered.id")
        ((gathered, ids),) = db.tuples(statement, *values)
        if gathered <= MANY:
            return list(ids)
        _in_order()
        statement = _within(POSTGRES_WALKED_OLDEST, numbers, "archive_words.generation_id")
        walked = db.tuples(statement, account.id, query, *bounds, limit)
        return [id_ for (id_,) in walked]


def catch_up() -> int:
    """Enter what is not in the index yet, after an upgrade; returns how many there were."""
    statement = MISSING.format(_key())
    last = entered = 0
    while missing := [id_ for (id_,) in db.tuples(statement, last, CATCH_UP_BATCH)]:
        there = Generation.id.in_(missing) & Generation.deleted_at.is_null()
        with db.transaction():
            enter(*db.locked(Generation.select().where(there).order_by(Generation.id)))
        last, entered = missing[-1], entered + len(missing)
    return entered


def forget_removed() -> None:
    """Rewrite a part of SQLite's index, which keeps what was removed until it is merged."""
    if not _is_postgres():
        statement = "INSERT INTO archive_words (archive_words, rank) VALUES ('merge', ?)"
        _execute(statement, -MERGED_PAGES)


def forget_all_removed() -> None:
    """Rewrite all of SQLite's index, so that nothing removed is left in it. Postgres has only rows
    (`db.forget_dead_rows`)."""
    if not _is_postgres():
        _execute("INSERT INTO archive_words (archive_words) VALUES ('optimize')")


def _query(account: Account, wanted: Sequence[Term], is_ended: bool) -> str:
    """The terms as the database writes a question for all of them. Terms hold no quotes."""
    owned = [
        (terms.owned(account.id, term.text, is_ended=is_ended), term.begins) for term in wanted
    ]
    if _is_postgres():
        return " & ".join(f"'{text}'{':*' if begins else ''}" for text, begins in owned)
    return " AND ".join(f'"{text}"{" *" if begins else ""}' for text, begins in owned)


def _bounds(account: Account, numbers: Range) -> tuple[int, ...]:
    """What a statement over the index has to be told of a range."""
    return (account.id, numbers.low, account.id, numbers.high, *(numbers.moments or ()))


def _within(statement: str, numbers: Range, id_: str) -> str:
    """The statement, which knows a hit as `id_`, with moments where the range has some."""
    return statement.format(made=MADE_THEN.format(id_) if numbers.moments else "")


def _key() -> str:
    return "generation_id" if _is_postgres() else "rowid"


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _is_postgres() -> bool:
    return isinstance(db.database.obj, PostgresqlDatabase)


def _by_index() -> None:
    """To the end of the transaction: a cut list of hits is cheap by the index alone."""
    _execute("SET LOCAL enable_seqscan = off")


def _in_order() -> None:
    """To the end of the transaction: the newest first, as long as it takes."""
    _execute("SET LOCAL enable_bitmapscan = off")


def _execute(statement: str, *values: object) -> None:
    db.database.execute_sql(statement.replace("?", db.database.param), values)
