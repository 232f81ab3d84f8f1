"""No statement of the archive's pages reads a table through, and none asks more for more.

Every statement that a page issues is explained by its database, over tables large enough for it
to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks import archive_rows
from benchmarks.archive import FILTERS, SEARCHES
from fluxgen import clock, db
from fluxgen.archive import delete
from fluxgen.models import Account, Generation, Image
from tests.support.making import Visit

pytestmark = pytest.mark.both_databases

ROWS, BIG, SMALL, OTHERS = 12_000, 4_000, 400, 40
LARGE = ("generation", "image", "archive_words", "collection_item")
QUESTIONS = ("SELECT", "WITH", "UPDATE", "DELETE")

# SQLite reads a table through where it says SCAN; t1 and the like are Peewee's names for one.
# What a page has gathered (a common table, a subquery) is as small as the page.
READ_THROUGH = {
    "sqlite": re.compile(rf"SCAN (?:{'|'.join(LARGE)}|t\d+)\b(?! VIRTUAL TABLE INDEX)"),
    "postgres": re.compile(rf"Seq Scan on (?:{'|'.join(LARGE)})\b"),
}

Statement = tuple[str, Any]


@pytest.fixture
def accounts(app: object, monkeypatch: pytest.MonkeyPatch) -> tuple[Account, Account]:
    """An account with many pictures and one with few, among many others."""
    for name, value in {"ROWS": ROWS, "BIG": BIG, "SMALL": SMALL, "OTHERS": OTHERS}.items():
        monkeypatch.setattr(archive_rows, name, value)
    return archive_rows.fill()


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """Every statement meanwhile."""
    heard: list[Statement] = []
    real = db.database.obj
    executed = real.execute_sql

    def listened(statement: str, values: Any = None, *more: Any, **named: Any) -> Any:
        heard.append((statement, values))
        return executed(statement, values, *more, **named)

    real.execute_sql = listened
    try:
        yield heard
    finally:
        real.execute_sql = executed


def account_newest(account: Account) -> int:
    """The number of the account's newest picture."""
    rows = Generation.select(Generation.number).where(Generation.account == account)
    return int(rows.order_by(Generation.number.desc()).limit(1).scalar())


def addresses(account: Account) -> Iterator[str]:
    """The archive's pages, fragments and pictures."""
    newest, other = (
        Generation.select()
        .where(
            (Generation.account == account)
            & (Generation.status == "done")
            & Generation.look.is_null(False)
        )
        .order_by(Generation.number.desc())
        .limit(2)
    )
    picture = Image.get(Image.generation == newest)
    day = clock.now().date()
    yield from ("/history", f"/history?after={BIG // 2}", f"/partials/history?after={BIG // 2}")
    yield from (f"/history?{query}" for query in {**SEARCHES, **FILTERS}.values())
    yield f"/history?from={day}&to={day}&q={archive_rows.word(0, 1)}"
    yield "/history?q=zebra&model=flux-dev"
    yield f"/history?deleted={newest.public_id}"
    yield f"/generations/{newest.public_id}"
    yield f"/partials/generations/{newest.public_id}/lightbox"
    yield f"/history/compare?a={newest.public_id}&b={other.public_id}"
    yield f"/partials/unfinished?ids={newest.public_id}"
    yield "/partials/unread"
    yield "/partials/history/matching"
    yield f"/partials/history/matching?collection={archive_rows.COLLECTION}"
    yield "/collections"
    yield f"/images/{picture.public_id}/320"
    yield f"/images/{picture.public_id}/download"


def plan(statement: str, values: Any, engine: str) -> str:
    """How the database goes about it. Postgres is told what a page costs on a solid-state disk, as
    its manual advises: by its defaults an index hardly pays for tables as small as these."""
    if engine == "postgres":
        db.database.obj.execute_sql("SET random_page_cost = 1.1")
    explain = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
    rows = db.database.obj.execute_sql(f"{explain} {statement}", values).fetchall()
    return "\n".join(str(row[-1]) for row in rows)


def test_no_statement_reads_a_table_through(
    accounts: tuple[Account, Account], visit: Visit, engine: str
) -> None:
    client = visit(accounts[0])
    found: dict[str, str] = {}
    asked = 0
    for address in list(addresses(accounts[0])):
        with listening() as heard:
            answer = client.get(address)
        assert answer.status_code == (404 if address.startswith("/images/") else 200), address
        for statement, values in heard:
            if statement.lstrip().startswith(QUESTIONS):
                asked += 1
                how = plan(statement, values, engine)
                if READ_THROUGH[engine].search(how):
                    found[statement] = f"{address}\n{how}"
    assert asked > 60
    assert found == {}


def test_deeds_and_chores_read_no_table_through(
    accounts: tuple[Account, Account], visit: Visit, engine: str
) -> None:
    from fluxgen import archive

    done = Generation.get((Generation.account == accounts[0]) & (Generation.status == "done"))
    with listening() as heard:
        delete(done, with_favourite=True)
        archive.undo(Generation.get_by_id(done.id))
        archive.to_purge(), archive.to_put_away(), archive.reachable(done.id)
        archive.pictures_to_purge()
    plans = {
        statement: plan(statement, values, engine)
        for statement, values in heard
        if statement.lstrip().startswith(QUESTIONS)
    }
    assert {said: how for said, how in plans.items() if READ_THROUGH[engine].search(how)} == {}


def test_a_page_asks_as_often_for_many_as_for_few(
    accounts: tuple[Account, Account], visit: Visit
) -> None:
    numbers = []
    for account in accounts:
        Generation.update(status="failed").where(
            (Generation.account == account) & (Generation.number == account_newest(account))
        ).execute()
        client = visit(account)
        client.get("/history")
        with listening() as heard:
            client.get("/history")
            client.get("/partials/history?after=90")
            client.get(f"/history?q={archive_rows.word(0, 1)}")
        numbers.append(len(heard))
    assert numbers[0] == numbers[1]
