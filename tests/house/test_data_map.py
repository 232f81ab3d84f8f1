"""Every column, Redis key and storage key has its place on the data map."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

import peewee
import pytest
from flask import Flask

from fluxgen import db, holdings, housekeeping
from fluxgen.jobs import bell
from fluxgen.jobs.worker import StepWorker
from fluxgen.models import TABLES, Account, AuditRow, Entry, Model, Status
from fluxgen.models.datamap import (
    REDIS_KEYS,
    SEARCH_INDEXES,
    STORAGE_PREFIXES,
    Category,
    Erase,
    Fact,
    Keep,
)
from fluxgen.privacy.ownership import owned
from tests.support.making import Visit, ask, latest, make
from tests.support.workers import Workers

MARKER = "marker-7f3a9c"
HISTORY = "schema_migration"
WITH_THE_PERSON = {
    *(Keep.ACCOUNT, Keep.GENERATION, Keep.LEDGER, Keep.SESSION),
    *(Keep.LAST_MAIL, Keep.UNSENT, Keep.WEEK, Keep.EXPORT),
}


def unmapped(tables: Iterable[type[peewee.Model]]) -> list[str]:
    """The census: columns without a fact."""
    return [
        f"{table.__name__}.{field.name}"
        for table in tables
        for field in table._meta.sorted_fields
        if not isinstance(getattr(field, "fact", None), Fact)
    ]


def facts() -> list[tuple[str, Fact]]:
    """Each column with what the map says of it."""
    return [
        (f"{table.__name__}.{field.name}", field.fact)
        for table in TABLES
        for field in table._meta.sorted_fields
    ]


def test_every_column_has_a_fact() -> None:
    assert unmapped(TABLES) == []


def test_a_planted_column_is_found() -> None:
    class Planted(peewee.Model):
        nickname = peewee.TextField()

    assert unmapped([*TABLES, Planted]) == ["Planted.id", "Planted.nickname"]


def test_every_table_is_on_the_list() -> None:
    assert {
        table for table in Model.__subclasses__() if table.__module__.startswith("fluxgen")
    } == (set(TABLES))


@pytest.mark.both_databases
def test_the_database_has_these_columns_and_no_others(app: Flask) -> None:
    real = {
        (table, column.name)
        for table in db.database.get_tables()
        for column in db.database.get_columns(table)
    }
    mapped = {
        (table._meta.table_name, field.column_name)
        for table in TABLES
        for field in table._meta.sorted_fields
    }
    beside = (HISTORY, *SEARCH_INDEXES)
    assert {pair for pair in real if not pair[0].startswith(beside)} == mapped


def test_whatever_belongs_to_somebody_has_a_name_on_their_account_page() -> None:
    theirs: tuple[type[Model], ...] = (Account, *owned(), AuditRow)
    names = [table._meta.table_name for table in theirs]
    assert {*names, *STORAGE_PREFIXES, *SEARCH_INDEXES} - set(holdings.WORDS) == set()


def test_facts_say_what_for() -> None:
    for name, fact in facts():
        assert fact.purpose.strip(), name
        assert isinstance(fact.keep, Keep) and isinstance(fact.category, Category), name


def test_what_somebody_is_or_made_or_agreed_to_goes_with_the_account_or_the_picture() -> None:
    for name, fact in facts():
        if fact.category in {Category.IDENTITY, Category.CONTENT, Category.CONSENT}:
            assert fact.keep in WITH_THE_PERSON, name


def test_the_books_outlive_the_person_only_without_the_person() -> None:
    assert Entry.account.fact.erase is Erase.UNLINK
    kept = {name for name, fact in facts() if fact.keep is Keep.LEDGER}
    assert {name for name in kept if name.startswith("Account.")} == {"Account.erased_at"}


def test_what_has_a_period_says_from_when_it_counts() -> None:
    """So that it leaves by itself. Two chains have a way of their own: the books
    (`privacy.books`) and the audit (`audit.purge`)."""
    cleared = {table for table, _, _ in housekeeping.expiring()}
    for table in TABLES:
        kept = {field.fact.keep for field in table._meta.sorted_fields} - {Keep.LEDGER, Keep.AUDIT}
        assert (table in cleared) is any(keep.period for keep in kept), table.__name__


def test_what_redis_holds_is_on_the_map_and_names_rows_only(
    app: Flask, visit: Visit, alice: Account
) -> None:
    redis = bell.redis()
    redis.flushdb()
    generation = ask(visit(alice), prompt=MARKER)
    worker = StepWorker([bell.queue()], connection=redis, serializer="json")
    seen = [*_keys()]
    worker.work(burst=True, logging_level="WARNING")
    assert latest(generation).status is not Status.HELD  # the bell was heard
    bell.ring("fluxgen.jobs.generations.advance", generation.id)
    keys = {*seen, *_keys()}
    assert keys
    assert [key for key in keys if not _is_mapped(key)] == []
    stored = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    for personal in (MARKER, alice.email, alice.name, generation.public_id):
        assert personal.encode() not in stored
    redis.flushdb()


def _keys() -> list[str]:
    return [key.decode() for key in bell.redis().scan_iter()]


def _is_mapped(key: str) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in REDIS_KEYS)


def test_a_planted_key_is_found() -> None:
    assert not _is_mapped("session:alice")


def test_what_is_stored_lies_below_a_mapped_prefix(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    make(visit(alice), workers, count="2")
    root = tmp_path / "storage"
    keys = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    assert len(keys) == 6
    assert [key for key in keys if not key.startswith(tuple(STORAGE_PREFIXES))] == []
