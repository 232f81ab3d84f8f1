"""The database itself refuses what must never be, whoever writes: tried with plain SQL."""

from __future__ import annotations

import peewee
import pytest

from fluxgen.db import database, transaction
from fluxgen.models import Account, Entry, Generation, Image, Portrait, Session
from tests.support.life import done, finished, submitted

pytestmark = pytest.mark.both_databases


def refused(statement: str) -> None:
    """Run it and see it fail; nothing of it stays."""
    with pytest.raises(peewee.DatabaseError), transaction():
        database.execute_sql(statement)


@pytest.mark.parametrize(
    "change",
    [
        "available = -1",
        "held = -1",
        "owed = -1",
        "generations_made = -1",
        "standing = 'banned'",
        "identity = NULL",
    ],
)
def test_an_account_is_never(alice: Account, change: str) -> None:
    refused(f"UPDATE account SET {change}")
    assert Account.get_by_id(alice.id) == alice


@pytest.mark.parametrize(
    "change",
    [
        "status = 'lost'",
        "count = 0",
        "count = 5",
        "cost_credits = 0",
        "charged_credits = -1",
        "charged_credits = cost_credits + 1",
        "prompt = NULL",
    ],
)
def test_a_generation_is_never(alice: Account, change: str) -> None:
    generation = submitted(alice)
    refused(f"UPDATE generation SET {change}")
    assert Generation.get_by_id(generation.id).prompt == generation.prompt


@pytest.mark.parametrize("change", ["width = 0", "height = 0", "sha256 = NULL"])
def test_an_image_is_never(alice: Account, change: str) -> None:
    done(alice)
    refused(f"UPDATE image SET {change}")
    assert Image.get().width > 0


@pytest.mark.parametrize("column", ["nonce", "number", "prediction_id", "attempt_token"])
def test_two_generations_never_share_their(alice: Account, column: str) -> None:
    first, _second = finished(submitted(alice)), finished(submitted(alice))
    Generation.update(prediction_id="p1").where(Generation.id == first.id).execute()
    refused(f"UPDATE generation SET {column} = (SELECT MAX({column}) FROM generation)")


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET available_delta = 1000",
        "UPDATE entry SET reason = 'other'",
        "DELETE FROM entry",
    ],
)
def test_the_ledger_only_grows(statement: str) -> None:
    before = list(Entry.select().dicts())
    refused(statement)
    assert list(Entry.select().dicts()) == before


@pytest.mark.usefixtures("alice")
def test_the_ledger_cannot_be_emptied_in_one_go(engine: str) -> None:
    if engine == "postgres":  # SQLite has no TRUNCATE
        refused("TRUNCATE entry")
    refused("DELETE FROM entry WHERE 1 = 1")
    assert Entry.select().count() == 1


def copy_entry(key: str, /, **changes: str) -> None:
    """Add a copy of an entry, some columns changed to these SQL values."""
    changed = {"key": "'grant:copy'", "hash": f"'{'f' * 64}'", **changes}
    names = [column.name for column in database.get_columns("entry") if column.name != "id"]
    values = ", ".join(changed.get(name, name) for name in names)
    database.execute_sql(
        f"INSERT INTO entry ({', '.join(names)}) SELECT {values} FROM entry WHERE key = '{key}'"
    )


def test_a_second_settlement_has_no_place_in_the_table(alice: Account) -> None:
    key = f"settle:{done(alice).public_id}"
    with pytest.raises(peewee.IntegrityError), transaction():
        copy_entry(key, key="key")
    copy_entry(key)  # it was the key


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "'gift'"},
        {"available_after": "-1"},
        {"held_after": "-1"},
        {"owed_after": "-1"},
        {"account_id": "4711"},
        {"reason": "NULL"},
    ],
)
def test_an_entry_is_never(alice: Account, change: dict[str, str]) -> None:
    key = f"hold:{submitted(alice).public_id}"
    with pytest.raises(peewee.IntegrityError), transaction():
        copy_entry(key, **change)
    copy_entry(key)  # it was the change


def test_an_account_with_entries_is_not_deleted(alice: Account) -> None:
    refused("DELETE FROM account")
    assert Account.get_by_id(alice.id) == alice


def test_a_portrait_and_sessions_go_with_their_account(bob: Account) -> None:
    Portrait.create(account=bob, webp=b"x")
    Session.create(token_hash="a" * 64, account=bob, created_at=0, expires_at=0)
    database.execute_sql("DELETE FROM account")
    assert Portrait.select().count() == Session.select().count() == 0


def test_images_go_with_their_generation(alice: Account) -> None:
    done(alice)
    database.execute_sql("DELETE FROM generation")
    assert Image.select().count() == 0
