"""What the migrations build is what the models say, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import peewee
import pytest
from flask import Flask
from playhouse.schema_diff import diff_models

from fluxgen import db
from fluxgen.models import TABLES
from tests.support.postgres import Postgres

SENTENCE = re.compile(r"\d{4}(_[a-z0-9]+){2,}")
APPEND_ONLY = {"sqlite": {"UPDATE", "DELETE"}, "postgres": {"UPDATE", "DELETE", "TRUNCATE"}}

Shape = set[tuple[str, ...]]


@pytest.fixture
def from_models(engine: str, request: pytest.FixtureRequest) -> Iterator[peewee.Database]:
    """A database that was made from the models, without any migration."""
    if engine == "sqlite":
        yield from _made(peewee.SqliteDatabase(":memory:"))
    else:
        server: Postgres = request.getfixturevalue("postgres")
        with server.fresh_database() as url:
            yield from _made(peewee.PostgresqlDatabase(url, prefer_psycopg3=True))


def _made(fresh: peewee.Database) -> Iterator[peewee.Database]:
    with fresh, fresh.bind_ctx(TABLES):
        fresh.create_tables(TABLES)
        yield fresh


@pytest.mark.both_databases
def test_no_model_differs_from_the_database(app: Flask) -> None:
    assert not diff_models(db.database.obj, TABLES)


@pytest.mark.both_databases
def test_types_nulls_and_rules_are_those_of_the_models(
    app: Flask, engine: str, from_models: peewee.Database
) -> None:
    migrated, modelled = _shape(db.database.obj, engine), _shape(from_models, engine)
    assert len(modelled) > 60
    assert migrated - modelled == set()
    assert modelled - migrated == set()


def _shape(database: peewee.Database, engine: str) -> Shape:
    """Columns with type, length and NOT NULL, and every CHECK and foreign key."""
    names = {table._meta.table_name for table in TABLES}
    rows = _of_sqlite(database) if engine == "sqlite" else _of_postgres(database)
    return {row for row in rows if row[0] in names}


def _of_sqlite(database: peewee.Database) -> Shape:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    shape: Shape = set()
    for table, sql in _rows(database, query):
        inside = re.sub(r"\s+", " ", sql)[sql.index("(") + 1 : -1]
        for part in re.split(r",(?![^(]*\))", inside):
            shape |= {(table, said) for said in _apart(part.strip())}
    return shape


def _apart(part: str) -> list[str]:
    """A column that was added later names its foreign key itself; lengths mean nothing here."""
    part = re.sub(r"VARCHAR\(\d+\)", "VARCHAR", part)
    column, refers, target = part.partition(" REFERENCES ")
    if part.startswith("FOREIGN") or not refers:
        return [part]
    name = column.split()[0]
    return [column, f"FOREIGN KEY ({name}) REFERENCES {target}"]


def _of_postgres(database: peewee.Database) -> Shape:
    columns = """SELECT table_name, column_name, data_type, is_nullable,
        COALESCE(character_maximum_length::text, '') FROM information_schema.columns
        WHERE table_schema = 'public'"""
    rules = """SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
    return {tuple(row) for query in (columns, rules) for row in _rows(database, query)}


def _rows(database: Any, query: str) -> Iterable[tuple[str, ...]]:
    """What a query finds; Peewee's own cursor has no types."""
    found: Iterable[tuple[str, ...]] = database.execute_sql(query)
    return found


@pytest.mark.both_databases
def test_the_ledger_refuses_changes_by_itself(app: Flask, engine: str) -> None:
    if engine == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entry'"
        text = " ".join(sql for (sql,) in db.database.execute_sql(query))
        guarded = {word for word in APPEND_ONLY[engine] if f"BEFORE {word}" in text}
    else:
        query = """SELECT pg_get_triggerdef(oid) FROM pg_trigger
            WHERE tgrelid = 'entry'::regclass AND NOT tgisinternal"""
        text = " ".join(sql for (sql,) in db.database.execute_sql(query))
        guarded = {word for word in APPEND_ONLY[engine] if re.search(rf"\b{word}\b", text)}
    assert guarded == APPEND_ONLY[engine]


def test_names_are_numbered_sentences_without_a_gap() -> None:
    files = sorted(path.stem for path in db.MIGRATIONS.glob("*.py"))
    assert files
    assert [name for name in files if not SENTENCE.fullmatch(name)] == []
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))


def test_the_head_names_the_last_one() -> None:
    last = max(path.stem for path in db.MIGRATIONS.glob("*.py"))
    assert (db.MIGRATIONS / "HEAD").read_text() == f"{last}\n"


def test_migrations_freeze_their_models() -> None:
    for path in db.MIGRATIONS.glob("*.py"):
        assert "fluxgen" not in path.read_text(), f"{path.name} imports what will change"
