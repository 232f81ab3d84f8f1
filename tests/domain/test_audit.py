"""The audit: rows only ever added, chained, and what is wrong with them is found."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest
from flask import Flask

from fluxgen import audit, db
from fluxgen.errors import Refused
from fluxgen.models import Account, AuditRow
from tests.support.workers import pass_time

DAY_S = 24 * 3600
PLANTED = "5 words put where they were erased"


def deed(subject: str | None = None, reason: str = "asked for it", **facts: object) -> None:
    """Something done and written down."""
    with db.transaction():
        audit.record("accounts.suspend", subject=subject, reason=reason, facts=facts)


@pytest.mark.both_databases
def test_deeds_are_counted_and_chained(app: Flask) -> None:
    for reason in ("one", "two", "three"):
        deed(reason=reason)
    newest = audit.rows()
    assert [(row.number, row.reason) for row in newest] == [(3, "three"), (2, "two"), (1, "one")]
    assert newest[0].previous_hash == newest[1].hash
    assert newest[2].previous_hash == audit.FIRST
    assert audit.head() == audit.Head(3, newest[0].hash)
    assert audit.verify() == []


@pytest.mark.both_databases
def test_a_deed_that_is_rolled_back_leaves_no_row_and_no_gap(app: Flask) -> None:
    deed()
    with pytest.raises(Refused), db.transaction():
        audit.record("accounts.suspend", subject=None, reason="no", facts={})
        raise Refused("after all")
    deed()
    assert [row.number for row in audit.rows()] == [2, 1]
    assert audit.verify() == []


def test_a_row_alone_is_a_mistake(app: Flask) -> None:
    with pytest.raises(audit.OutsideTransaction):
        audit.record("accounts.suspend", subject=None, reason="alone", facts={})


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_reason_is_needed(app: Flask, reason: str) -> None:
    with pytest.raises(Refused):
        deed(reason=reason)
    assert audit.head().number == 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET reason = 'another'",
        "UPDATE audit_row SET subject = NULL",
        "UPDATE audit_row SET hash = '0'",
        "UPDATE audit_row SET reason = NULL, facts = NULL, salt = NULL WHERE number = 1",
        "UPDATE audit_row SET reason = NULL, facts = NULL, salt = NULL WHERE number = 2",
        "UPDATE audit_row SET subject = NULL, reason = NULL, salt = NULL WHERE number = 2",
        "DELETE FROM audit_row",
    ],
)
def test_the_database_itself_refuses(app: Flask, alice: Account, statement: str) -> None:
    deed()
    deed(alice.public_id)
    with pytest.raises(peewee.DatabaseError), db.transaction():
        db.database.execute_sql(statement)
    assert audit.verify() == []


def test_the_database_refuses_to_empty_the_table(app: Flask, alice: Account) -> None:
    deed()
    with pytest.raises(peewee.DatabaseError), db.transaction():
        AuditRow.delete().execute()


@pytest.mark.both_databases
def test_words_go_with_the_person_and_the_chain_holds(app: Flask, alice: Account) -> None:
    deed(reason="somebody else's")
    deed(alice.public_id, reason="marker-7f3a9c", purchase="marker-7f3a9c")
    with db.transaction():
        assert audit.forget(alice.public_id) == 1
        assert audit.forget(alice.public_id) == 0
    assert audit.verify() == []
    why, row, other = audit.rows()
    assert (row.subject, row.reason, row.facts, row.salt) == (None, None, None, None)
    assert (why.action, why.subject, why.facts) == ("audit.forget", None, '{"rows": [2]}')
    assert other.reason == "somebody else's"


@pytest.mark.both_databases
def test_old_rows_go_in_segments_and_the_chain_holds(app: Flask, alice: Account) -> None:
    for _ in range(5):
        deed(alice.public_id)
        pass_time(20 * DAY_S)
    old = audit.head()
    pass_time(audit.KEPT_S - 101 * DAY_S)
    assert audit.purge() == 0  # nothing is three years old yet
    pass_time(2 * DAY_S)
    assert audit.purge() == 2  # the segment of thirty days
    assert [row.number for row in audit.rows()] == [6, 5, 4, 3]
    assert (audit.rows()[0].action, audit.rows()[0].closes) == ("audit.purge", 2)
    assert audit.verify() == []
    assert audit.verify(old) == []
    pass_time(audit.KEPT_S)
    assert audit.purge() == 4
    assert [row.number for row in audit.rows()] == [7]
    assert audit.verify() == audit.verify(old) == []


@pytest.fixture
def tampered(
    app: Flask, alice: Account, bob: Account, tmp_path: Path
) -> Callable[[str], list[str]]:
    """Give an SQL statement: it is carried out on a copy without triggers, which is verified.
    Rows 1 to 4 are Alice's; the words of row 5, which was Bob's, are forgotten by row 6."""
    for reason in ("one", "two", "three", "four"):
        deed(alice.public_id, reason=reason)
    deed(bob.public_id)
    with db.transaction():
        audit.forget(bob.public_id)

    def tamper(statement: str) -> list[str]:
        earlier = audit.head()
        db.database.obj.close_all()
        copy = tmp_path / "copy.db"
        shutil.copy(tmp_path / "fluxgen.db", copy)
        with sqlite3.connect(copy) as connection:
            connection.execute("DROP TRIGGER audit_row_is_never_changed")
            connection.execute("DROP TRIGGER audit_row_is_never_deleted")
            connection.executescript(statement)
        connection.close()
        db.connect(f"sqlite:///{copy}")
        return [f"{found.number} {found.what}" for found in audit.verify(earlier)]

    return tamper


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_row SET reason = 'x' WHERE number = 2", "2 words changed"),
        ("UPDATE audit_row SET action = 'x' WHERE number = 2", "2 was changed"),
        ("UPDATE audit_row SET actor = 'x' WHERE number = 2", "2 was changed"),
        ("UPDATE audit_row SET created_at = 5 WHERE number = 2", "2 was changed"),
        ("DELETE FROM audit_row WHERE number = 2", "2 1 missing before row 3"),
        ("DELETE FROM audit_row WHERE number < 3", "1 2 missing before row 3"),
        ("DELETE FROM audit_row WHERE number = 6", "6 1 rows are cut off"),
        ("DELETE FROM audit_row", "1 6 rows are cut off"),
        (
            (
                "DELETE FROM audit_row WHERE number = 6;"
                "UPDATE audit_head SET number = 5, hash = (SELECT hash FROM audit_row WHERE number = 5)"
            ),
            "6 is not what it was when this head was printed",
        ),
        (
            "UPDATE audit_row SET (subject, reason, facts, salt) = (NULL, NULL, NULL, NULL) WHERE number = 2",
            "2 words erased, no row says why",
        ),
        ("UPDATE audit_row SET subject = 'x' WHERE number = 2", "2 words changed"),
        *(
            (f"UPDATE audit_row SET {column} = 'x' WHERE number = 5", PLANTED)
            for column in ("subject", "reason", "facts")
        ),
    ],
)
def test_what_was_changed_or_left_out_is_found(
    tampered: Callable[[str], list[str]], statement: str, found: str
) -> None:
    assert found in tampered(statement)


def test_nothing_is_found_where_nothing_was_done(tampered: Callable[[str], list[str]]) -> None:
    assert tampered("SELECT 1") == []


def test_a_head_is_read_as_it_was_printed(app: Flask) -> None:
    deed()
    assert audit.parse_head(f" {audit.head()}\n") == audit.head()
    for wrong in ("", "1", "x:0", "1:abc"):
        with pytest.raises(Refused):
            audit.parse_head(wrong)
