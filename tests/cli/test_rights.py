"""`accounts rectify`, `restrict`, `unrestrict`, `object`, `sign-out`: rights asked for by mail."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import accounts, clock, db, outbox
from fluxgen.jobs import letters
from fluxgen.models import Account, AuditRow, Mail, Session
from tests.support.cast import order
from tests.support.making import Visit

Run = Callable[..., Result]
BECAUSE = ("--reason", "asked for by mail")
MAIL = "alice@example.test"


@pytest.fixture
def run(app: Flask) -> Run:
    """Give a command of `accounts`, as an operator would."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["accounts", *args])


def now(account: Account) -> Account:
    """The row as it is now."""
    return accounts.balance(account)


@pytest.mark.both_databases
def test_restrict_keeps_and_unrestrict_goes_on(run: Run, visit: Visit, alice: Account) -> None:
    assert run("restrict", MAIL, *BECAUSE).exit_code == 0
    assert visit(alice).post("/generations", data=order()).status_code == 422
    assert run("restrict", MAIL, *BECAUSE).exit_code == 1
    assert len(json.loads(run("list", "--restricted", "--json").output)) == 1
    today = f"{clock.now():%Y-%m-%d}"
    assert run("unrestrict", MAIL, *BECAUSE).exit_code == 2  # whether they were told is not said
    assert run("unrestrict", MAIL, "--told-on", "2001-01-01", *BECAUSE).exit_code == 1
    assert run("unrestrict", MAIL, "--told-on", today, *BECAUSE).exit_code == 0
    assert visit(alice).post("/generations", data=order()).status_code == 303
    assert run("unrestrict", MAIL, "--told-on", today, *BECAUSE).exit_code == 1


def test_an_objection_is_entered_and_withdrawn(run: Run, alice: Account) -> None:
    assert "has not objected" in run("object", MAIL, "--withdraw", *BECAUSE).output
    run("object", MAIL, *BECAUSE)
    assert now(alice).has_objected
    for tried in ((), ("--dry-run",)):
        again = run("object", MAIL, *BECAUSE, *tried)
        assert (again.exit_code, "has objected already" in again.output) == (1, True)
    run("object", MAIL, "--withdraw", *BECAUSE)
    assert not now(alice).has_objected
    assert AuditRow.select().count() == 2


def test_a_name_is_corrected_by_reference_too(run: Run, alice: Account) -> None:
    assert run("rectify", alice.public_id, "--name", "Alice B.", *BECAUSE).exit_code == 0
    assert (now(alice).name, now(alice).name_is_own) == ("Alice B.", True)
    assert run("rectify", MAIL, *BECAUSE).exit_code == 2
    assert run("rectify", MAIL, "--name", " ", *BECAUSE).exit_code == 1


def test_sign_out_ends_every_session(run: Run, visit: Visit, alice: Account) -> None:
    client = visit(alice)
    assert run("sign-out", MAIL, *BECAUSE).output.startswith("Ended 1 session of")
    assert Session.select().count() == 0
    assert client.get("/studio").status_code == 303


@pytest.mark.parametrize("command", ["rectify", "restrict", "object", "sign-out", "show"])
def test_an_unknown_account_is_one_friendly_line(run: Run, alice: Account, command: str) -> None:
    more = {"rectify": ["--name", "x"], "show": []}.get(command, [])
    because = [] if command == "show" else BECAUSE
    result = run(command, "nobody@example.test", *more, *because)
    assert (result.exit_code, result.output) == (
        1,
        "Error: No account has the address nobody@example.test.\n",
    )
    assert run(command, "nothing", *more, *because).output.endswith("the reference nothing.\n")


@pytest.mark.both_databases
def test_mails_wait_while_restricted_but_those_about_it(
    run: Run, alice: Account, mallory: Account
) -> None:
    run("restrict", MAIL, *BECAUSE)
    for account in (alice, mallory):
        with db.transaction():
            outbox.queue("policy", account, key=f"policy:{account.id}", facts={})
    kinds = {mail.id: (mail.kind, mail.account_id) for mail in Mail.select()}
    assert [kinds[id_] for id_ in outbox.due()] == [
        ("restriction", alice.id),
        ("policy", mallory.id),
    ]
    held = next(id_ for id_, named in kinds.items() if named == ("policy", alice.id))
    assert outbox.claim(held) is None
    about = outbox.claim()
    assert about is not None
    letter = letters.written(about)
    assert (about.address, letter.subject) == (MAIL, "Your data at FluxGen is restricted")
    run("unrestrict", MAIL, "--told-on", f"{clock.now():%Y-%m-%d}", *BECAUSE)
    assert held in outbox.due()
