"""`audit`, and that whatever a command changes leaves a row with its reason."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import audit, clock, db, desk
from fluxgen.models import Account, AuditRow, RequestKind
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers

Run = Callable[..., Result]
MAIL = "alice@example.test"
BECAUSE = ("--reason", "asked for by mail")


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a command, as an operator would."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=list(args))


CHANGES = [
    (("accounts", "suspend", MAIL), "accounts.suspend"),
    (("accounts", "restore", MAIL), "accounts.restore"),
    (("accounts", "sign-out", MAIL), "accounts.sign-out"),
    (("accounts", "rectify", MAIL, "--name", "Alice B."), "accounts.rectify"),
    (("accounts", "rectify", MAIL, "--no-picture"), "accounts.rectify"),
    (("accounts", "restrict", MAIL), "accounts.restrict"),
    (("accounts", "object", MAIL), "accounts.object"),
    (("credits", "grant", MAIL, "5", "--key", "k"), "credits.grant"),
    (("requests", "add", MAIL, "access", "--received", "TODAY"), "requests.add"),
]


@pytest.mark.both_databases
@pytest.mark.parametrize(("command", "action"), CHANGES, ids=lambda value: str(value[:2]))
def test_a_change_leaves_a_row_with_who_whom_and_why(
    run: Run, alice: Account, command: tuple[str, ...], action: str
) -> None:
    today = f"{alice.created_at:%Y-%m-%d}"
    args = [today if word == "TODAY" else word for word in command]
    tried = run(*args, *BECAUSE, "--dry-run")
    assert (tried.exit_code, tried.output.startswith("Would ")) == (0, True), tried.output
    assert AuditRow.select().count() == 0
    result = run(*args, *BECAUSE)
    assert result.exit_code == 0, result.output
    row = AuditRow.get()
    assert (row.action, row.subject, row.reason) == (action, alice.public_id, BECAUSE[1])
    assert row.actor.startswith("operator")
    assert audit.verify() == []


def test_a_change_that_is_refused_leaves_none(run: Run, alice: Account) -> None:
    run("credits", "grant", MAIL, "5", "--key", "k", *BECAUSE)
    assert run("credits", "grant", MAIL, "5", "--key", "k", *BECAUSE).exit_code == 1
    assert AuditRow.select().count() == 1


def test_an_empty_reason_is_none(run: Run, alice: Account) -> None:
    for reason in ("  ", "\u200b"):
        result = run("accounts", "suspend", MAIL, "--reason", reason)
        assert (result.exit_code, "A reason has 1 to" in result.output) == (1, True)
    assert Account.get().standing.value == "active"


def test_a_refund_and_a_step_by_hand_are_written_down(
    run: Run, visit: Visit, alice: Account, sandbox: Sandbox
) -> None:
    purchase, waiting = bought(sandbox, alice), ask(visit(alice))
    assert run("credits", "refund", purchase.public_id, *BECAUSE).exit_code == 0
    assert run("generations", "advance", waiting.public_id, *BECAUSE).exit_code == 0
    newest, older = audit.rows()
    assert (older.action, older.reason) == ("credits.refund", BECAUSE[1])
    assert json.loads(older.facts or "")["purchase"] == purchase.public_id
    assert newest.action == "generations.advance"


# Opening what somebody wrote or made


def test_opening_words_or_a_picture_needs_a_reason_and_its_owner_sees_it(
    run: Run, visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    made = make(visit(alice), workers, prompt="marker-7f3a9c fox")
    assert run("generations", "open", made.public_id).exit_code == 2
    assert AuditRow.select().count() == 0
    read = run("generations", "open", made.public_id, "--reason", "reported as abuse")
    assert (read.exit_code, read.output) == (0, "marker-7f3a9c fox\n")
    as_json = run("generations", "open", made.public_id, "--json", "--reason", "reported as abuse")
    assert json.loads(as_json.output) == [{"id": made.public_id, "words": "marker-7f3a9c fox"}]
    file = tmp_path / "seen.png"
    seen = ("--picture", "1", "--to", str(file), "--reason", "reported again")
    assert run("generations", "open", made.public_id, *seen).exit_code == 0
    assert file.stat().st_size > 1000
    nowhere = (*seen[:3], str(tmp_path / "no" / "seen.png"), *seen[4:])
    refused = run("generations", "open", made.public_id, *nowhere)
    assert refused.exit_code == 1 and "There is no folder" in refused.output
    rows = audit.rows(subject=alice.public_id, action="generations.open")
    assert [json.loads(row.facts or "")["what"] for row in rows] == ["picture", "words", "words"]
    page = visit(alice).get("/account").text
    assert f"An operator looked at picture {made.number}, because: reported again" in page
    assert f"An operator read the words of picture {made.number}" in page


def test_nothing_is_shown_that_was_not_written_down(
    run: Run, visit: Visit, alice: Account, workers: Workers
) -> None:
    made = make(visit(alice), workers, prompt="marker-7f3a9c fox")
    db.database.execute_sql("DROP TABLE audit_head")
    result = run("generations", "open", made.public_id, *BECAUSE)
    assert result.exit_code != 0
    assert "marker-7f3a9c" not in result.output


@pytest.mark.parametrize(
    ("args", "code"), [(("--picture", "1"), 2), (("--picture", "4", "--to", "x.png"), 1)]
)
def test_a_picture_that_is_not_there_is_one_line(
    run: Run, visit: Visit, alice: Account, workers: Workers, args: tuple[str, ...], code: int
) -> None:
    made = make(visit(alice), workers)
    assert run("generations", "open", made.public_id, *args, *BECAUSE).exit_code == code
    assert run("generations", "open", "nothing", *BECAUSE).exit_code == 1
    assert AuditRow.select().count() == 0


# Reading and following it


def test_list_is_of_everybody_or_about_one(run: Run, alice: Account, bob: Account) -> None:
    for account in (alice, bob):
        run("accounts", "suspend", account.email, "--reason", f"because of {account.name}")
    everybody = json.loads(run("audit", "list", "--json").output)
    assert [row["reason"] for row in everybody] == ["because of Bob", "because of Alice"]
    (mine,) = json.loads(run("audit", "list", MAIL, "--action", "accounts.", "--json").output)
    assert (mine["subject"], mine["action"]) == (alice.public_id, "accounts.suspend")
    assert run("audit", "list", "--since", "2999-01-01").output == "Nothing.\n"
    assert run("audit", "list", "nobody@example.test").exit_code == 1
    assert run("audit", "list", alice.public_id).exit_code == 0


@pytest.mark.both_databases
def test_verify_prints_the_head_that_can_be_compared_later(run: Run, alice: Account) -> None:
    run("accounts", "suspend", MAIL, *BECAUSE)
    head = run("audit", "verify").output.splitlines()[-1]
    assert head == str(audit.head())
    run("accounts", "restore", MAIL, *BECAUSE)
    assert run("audit", "verify", "--head", head).exit_code == 0
    assert run("audit", "verify", "--head", f"2:{'0' * 64}").exit_code == 1
    assert run("audit", "verify", "--head", "nonsense").exit_code == 2
    assert json.loads(run("audit", "verify", "--json").output) == {
        "head": str(audit.head()),
        "broken": [],
    }


def test_verify_exits_with_1_when_the_last_row_is_missing(
    run: Run, alice: Account, tmp_path: Path
) -> None:
    for command in ("suspend", "restore"):
        run("accounts", command, MAIL, *BECAUSE)
    db.database.obj.close_all()
    copy = tmp_path / "copy.db"
    shutil.copy(tmp_path / "fluxgen.db", copy)
    with sqlite3.connect(copy) as connection:
        connection.execute("DROP TRIGGER audit_row_is_never_deleted")
        connection.execute("DELETE FROM audit_row WHERE number = 2")
    connection.close()
    db.connect(f"sqlite:///{copy}")
    result = run("audit", "verify")
    assert (result.exit_code, "1 rows are cut off" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("command", "with_addresses"),
    [
        ("accounts list", "--addresses"),
        ("requests list", "--addresses"),
        ("requests show {request}", "--addresses"),
        ("breach scope --from 2026-11-01 --to 2126-11-01", "--list"),
    ],
)
def test_addresses_are_shown_for_a_reason_only_which_is_kept(
    run: Run, alice: Account, command: str, with_addresses: str
) -> None:
    asked = desk.draft(MAIL, RequestKind.ACCESS, clock.now())
    desk.add(asked, reason="by mail")
    args = command.format(request=asked.public_id).split()
    without = run(*args)
    assert (without.exit_code, MAIL in without.output) == (0, False), without.output
    refused = run(*args, with_addresses)
    assert (refused.exit_code, MAIL in refused.output) == (2, False)
    assert AuditRow.select().count() == 1
    shown = run(*args, with_addresses, *BECAUSE)
    assert (shown.exit_code, MAIL in shown.output) == (0, True), shown.output
    row = AuditRow.select().order_by(AuditRow.number.desc()).get()
    assert (row.action, row.reason, row.facts) == ("addresses.show", BECAUSE[1], '{"addresses": 1}')
    assert row.subject == (alice.public_id if "show" in command else None)
    assert MAIL not in run("requests", "due", "--within", "99").output
