"""`credits refund`, `statement --verify` and `reconcile`, over real money at the sandbox."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import credits, db
from fluxgen.jobs.payments import LATE_S
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Purchase
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, held, numbers, payment, spend
from tests.support.workers import pass_time

REASON = ("--reason", "asked for it")

Command = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Command:
    """Give a command of `credits`, as an operator would."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["credits", *args])


# Refunds


@pytest.mark.both_databases
def test_one_purchase_is_refunded_as_far_as_it_is_unspent(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    spend(bob, 400)
    result = run("refund", purchase.public_id, *REASON)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Refunded 600 credits, 1080 eur minor units")
    assert numbers(bob) == (0, 0, 0)
    assert fresh(purchase).reversed_minor == 1080
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_an_account_is_refunded_oldest_pack_first(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    first, second = bought(sandbox, bob, "small"), bought(sandbox, bob)
    spend(bob, 100)
    result = run("refund", "--account", bob.email, *REASON)
    assert result.exit_code == 0, result.output
    assert [line.split()[1] for line in result.output.splitlines()] == ["150", "1000"]
    assert (fresh(first).reversed_credits, fresh(second).reversed_credits) == (150, 1000)
    assert numbers(bob) == (0, 0, 0)
    again = run("refund", "--account", bob.email, *REASON)
    assert (again.exit_code, again.output) == (1, "Error: There is nothing unspent to refund.\n")


def test_a_dry_run_refunds_nothing(run: Command, sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    result = run("refund", purchase.public_id, "--dry-run", *REASON)
    assert (result.exit_code, result.output.startswith("Would refund 1000")) == (0, True)
    assert numbers(bob) == (1000, 0, 0)
    assert not [event for event in sandbox.stripe.events if event["type"] == "refund.created"]


def test_granted_and_held_credits_are_not_refunded(
    run: Command, sandbox: Sandbox, alice: Account
) -> None:
    assert run("refund", "--account", alice.email, *REASON).exit_code == 1
    purchase = bought(sandbox, alice, "small")
    held(alice, 300)
    assert run("refund", purchase.public_id, *REASON).output.startswith("Refunded 50 credits, 100 ")
    assert numbers(alice) == (0, 300, 0)


def test_a_refund_whose_answer_was_lost_is_sent_once(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.faults.create_dropped = 1
    assert run("refund", purchase.public_id, *REASON).exit_code == 0
    made = [event for event in sandbox.stripe.events if event["type"] == "refund.created"]
    assert len(made) == 1
    assert fresh(purchase).reversed_minor == 1800


def test_a_refund_that_fails_can_be_tried_again(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.faults.refund_pending = 1
    run("refund", purchase.public_id, *REASON)
    assert numbers(bob) == (0, 0, 0)
    refund_id = sandbox.stripe.events[-2]["data"]["object"]["id"]
    sandbox.stripe.settle_refund(refund_id, "failed")
    assert run("refund", purchase.public_id, *REASON).exit_code == 1  # not heard of yet
    check(purchase.id)
    assert numbers(bob) == (1000, 0, 0)
    assert run("refund", purchase.public_id, *REASON).exit_code == 0
    assert numbers(bob) == (0, 0, 0)


def test_what_stripe_refuses_is_one_clear_line(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.dispute(payment(purchase))
    result = run("refund", purchase.public_id, *REASON)
    assert result.exit_code == 1
    assert result.output.startswith("Error: Stripe did not refund 1000 credits")
    assert numbers(bob) == (0, 0, 0)  # the dispute has taken them
    assert [entry.reason for entry in credits.every(bob)][1:] == ["refund"]


@pytest.mark.parametrize(
    "args", [(), ("x", "--account", "bob@example.test"), ("unknown",)], ids=str
)
def test_a_refund_names_one_purchase_or_one_account(
    run: Command, bob: Account, args: tuple[str, ...]
) -> None:
    assert run("refund", *args, *REASON).exit_code in {1, 2}


def test_what_is_not_paid_is_not_refunded(run: Command, bob: Account) -> None:
    assert run("refund", begun(bob).public_id, *REASON).exit_code == 1


def test_a_refund_needs_a_reason(run: Command, sandbox: Sandbox, bob: Account) -> None:
    assert run("refund", bought(sandbox, bob).public_id).exit_code == 2


# The statement


@pytest.fixture
def tampered(alice: Account, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Give an SQL statement: it is carried out on a copy without triggers, which is then used."""
    credits.grant(alice, 10, "one", "sorry")
    spend(alice, 30)

    def tamper(statement: str) -> None:
        db.database.obj.close_all()
        copy = tmp_path / "copy.db"
        shutil.copy(tmp_path / "fluxgen.db", copy)
        with sqlite3.connect(copy) as connection:
            connection.execute("DROP TRIGGER entry_is_never_changed")
            connection.execute("DROP TRIGGER entry_is_never_deleted")
            connection.execute(statement)
        connection.close()
        db.connect(f"sqlite:///{copy}")

    yield tamper
    db.database.obj.close_all()


TAMPERING = {
    "UPDATE entry SET available_delta = 11, available_after = 111 WHERE id = 2": "chain at grant:one",
    "UPDATE entry SET reason = 'bribed' WHERE id = 2": "chain at grant:one",
    "UPDATE entry SET created_at = created_at + 1 WHERE id = 2": "chain at grant:one",
    "UPDATE entry SET available_after = 109 WHERE id = 2": "chain at grant:one",
    "UPDATE entry SET hash = printf('%064d', 7) WHERE id = 2": "chain at grant:one",
    "DELETE FROM entry WHERE id = 2": "chain at hold:",
    "DELETE FROM entry WHERE id = 1": "chain at grant:one",
    "UPDATE entry SET account_id = 99 WHERE id = 2": "chain at hold:",
}


@pytest.mark.parametrize(("statement", "where"), TAMPERING.items(), ids=str)
def test_a_tampered_chain_is_found(
    run: Command, alice: Account, tampered: Callable[[str], None], statement: str, where: str
) -> None:
    tampered(statement)
    result = run("statement", alice.email, "--verify", "--json")
    assert result.exit_code == 1
    (broken,) = json.loads(result.output)
    assert broken["what"].startswith(where)


def test_a_missing_last_entry_is_found_by_the_books(
    run: Command, alice: Account, tampered: Callable[[str], None]
) -> None:
    tampered("DELETE FROM entry WHERE id = (SELECT MAX(id) FROM entry)")
    assert run("statement", alice.email, "--verify").exit_code == 0  # a shorter chain is a chain
    assert run("reconcile", "--offline").exit_code == 1


@pytest.mark.both_databases
def test_an_untouched_chain_holds(run: Command, alice: Account) -> None:
    spend(alice, 30)
    result = run("statement", alice.email, "--verify")
    assert (result.exit_code, result.output) == (0, "The chain holds.\n")


@pytest.mark.both_databases
def test_the_database_itself_refuses_to_change_or_delete_an_entry(alice: Account) -> None:
    for query in (Entry.update(reason="bribed"), Entry.delete()):
        with pytest.raises(Exception, match="entries are never|never changed or deleted"):
            query.execute()


def test_a_statement_lists_every_movement(run: Command, alice: Account) -> None:
    spend(alice, 30)
    listed = json.loads(run("statement", alice.email, "--json").output)
    assert [(row["kind"], row["available"], row["balance"]) for row in listed] == [
        ("grant", 100, 100),
        ("hold", -30, 70),
        ("capture", 0, 70),
    ]


# Reconciling


@pytest.mark.both_databases
def test_reconcile_lists_differences_of_both_directions_and_changes_nothing(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    there, here = begun(bob), begun(bob, "small")
    sandbox.stripe.pay(str(there.session_id))
    Purchase.update(status="paid").where(Purchase.id == here.id).execute()
    pass_time(LATE_S + 1)
    before = list(Purchase.select().order_by(Purchase.id).dicts())
    result = run("reconcile", "--json")
    assert result.exit_code == 1
    assert [(row["what"].split(":")[0], row["found"]) for row in json.loads(result.output)] == [
        (f"credits bought of purchase {here.public_id}", 0),
        ("paid at Stripe, not here", "open"),
        ("paid here, not at Stripe", "not paid"),
    ]
    assert list(Purchase.select().order_by(Purchase.id).dicts()) == before
    assert numbers(bob) == (0, 0, 0)


def test_reconcile_offline_asks_nobody(run: Command, sandbox: Sandbox, bob: Account) -> None:
    sandbox.stripe.faults.down = True
    assert run("reconcile", "--offline").output == "The books are exact.\n"


@pytest.mark.both_databases
def test_fulfilling_says_what_was_granted_and_what_was_not_and_why(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    missed, strange = begun(bob), begun(bob, amount_minor=1700)
    for each in (missed, strange):
        sandbox.stripe.pay(str(each.session_id))
    refunded = bought(sandbox, bob, "small")
    sandbox.stripe.refund(payment(refunded), 100)
    pass_time(LATE_S + 1)
    tried = run("reconcile", "--fulfil", "--dry-run", *REASON)
    assert "3 would look: asked for it" in tried.stderr
    assert numbers(bob) == (250, 0, 0)
    done = run("reconcile", "--fulfil", *REASON)
    said = done.stderr.splitlines()
    assert f"paid at Stripe, not here: {missed.session_id}: granted" in said
    assert f"taken back of {payment(refunded)}: corrected" in said
    (why,) = [line for line in said if str(strange.session_id) in line]
    assert why.endswith("not granted: what was paid is not what our row says")
    assert said[-1] == "1 not granted, 1 granted, 1 corrected: asked for it"
    assert done.exit_code == 1  # one is left for a person
    assert numbers(bob) == (1200, 0, 0)


@pytest.mark.parametrize("args", [("--fulfil",), ("--fulfil", "--offline", *REASON)], ids=str)
def test_fulfilling_needs_a_reason_and_stripe(run: Command, args: tuple[str, ...]) -> None:
    assert run("reconcile", *args).exit_code == 2


def test_reconcile_without_stripe_says_so(
    run: Command, sandbox: Sandbox, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    sandbox.stripe.faults.down = True
    result = run("reconcile")
    assert result.exit_code == 1
    assert "--offline" in result.output


def test_a_refund_that_stripe_calls_failed_is_not_called_done_and_can_be_tried_again(
    run: Command, sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.faults.refund_fail = 1
    assert run("refund", purchase.public_id, *REASON).exit_code == 1
    assert numbers(bob) == (1000, 0, 0)
    assert run("refund", purchase.public_id, *REASON).exit_code == 0
    assert numbers(bob) == (0, 0, 0)
