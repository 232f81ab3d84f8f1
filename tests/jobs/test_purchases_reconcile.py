"""Our purchases against Stripe's sessions, in both directions, repairing nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fluxgen import credits
from fluxgen.errors import MayWorkLater
from fluxgen.jobs.payments import LATE_S, SESSIONS_BACK_S, differences, fulfil
from fluxgen.jobs.purchases import check
from fluxgen.jobs.sweep import reconcile
from fluxgen.models import TABLES, Account, Generation, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, numbers, payment, session_of
from tests.support.life import submitted
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def everything() -> list[object]:
    """Every row of every table."""
    return [list(table.select().order_by(table.id).tuples()) for table in TABLES]


@pytest.fixture
def unchanged(app: object) -> Callable[[], None]:
    """Call it at the end: nothing has changed since it was last called."""
    before: list[list[object]] = []

    def check() -> None:
        before.append(everything())
        assert before[-1] == before[0]

    return check


def found() -> list[tuple[int | None, str, int | str, int | str]]:
    """What differs, once nothing is under way any more."""
    pass_time(LATE_S + 1)
    return [
        (one.account_id, one.what.split(":")[0], one.expected, one.found) for one in differences()
    ]


def test_what_agrees_is_not_listed(sandbox: Sandbox, bob: Account) -> None:
    bought(sandbox, bob)
    begun(bob)
    assert differences() == []


def test_paid_there_and_not_here(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay(str(purchase.session_id))
    unchanged()
    assert found() == [(bob.id, "paid at Stripe, not here", "paid", "open")]
    unchanged()


def test_paid_there_and_nobody_here_knows_for_what(sandbox: Sandbox, bob: Account) -> None:
    stray = session_of(begun(bob), client_reference_id="from-another-shop")
    sandbox.stripe.pay(stray)
    assert found() == [(None, "paid at Stripe, not here", "paid", "unknown")]


def test_paid_here_and_not_there(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = begun(bob)
    Purchase.update(status=PurchaseStatus.PAID).where(Purchase.id == purchase.id).execute()
    unchanged()
    assert found() == [(bob.id, "paid here, not at Stripe", "paid", "not paid")]
    unchanged()


def test_another_amount_than_ours(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = bought(sandbox, bob)
    Purchase.update(amount_minor=1700).where(Purchase.id == purchase.id).execute()
    unchanged()
    what = f"amount of {purchase.session_id}"
    assert found() == [(bob.id, what, 1700, 1800)]
    unchanged()


def test_a_session_paid_twice_over_is_listed_beside_the_one_granted(
    sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.pay(session_of(purchase))
    assert found() == [(bob.id, "paid at Stripe, not here", "paid", "paid")]
    assert results() == ["not granted: paid already, by another session or not at Stripe"]
    assert numbers(bob) == (1000, 0, 0)


def test_only_the_last_thirty_days_of_sessions_are_compared(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    Purchase.update(status=PurchaseStatus.PAID).where(Purchase.id == purchase.id).execute()
    pass_time(SESSIONS_BACK_S - 7200)
    assert differences() == []  # Stripe has just called the session expired
    pass_time(3600)
    assert len(differences()) == 1
    pass_time(3600)
    assert differences() == []


def results() -> list[str]:
    return [outcome.result for outcome in fulfil("missed")]


def test_fulfilling_grants_what_was_missed_once(sandbox: Sandbox, bob: Account) -> None:
    purchase, _open = begun(bob), begun(bob)
    sandbox.stripe.pay(str(purchase.session_id))
    assert [results(), results()] == [["granted"], []]
    assert fresh(purchase).status is PurchaseStatus.PAID
    assert numbers(bob) == (1000, 0, 0)
    assert differences() == []


def test_what_is_under_way_is_no_difference(
    sandbox: Sandbox, bob: Account, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = bought(sandbox, bob), begun(bob)
    pass_time(LATE_S + 1)
    sandbox.stripe.pay(str(new.session_id))
    sandbox.stripe.refund(payment(old), 900)
    reconcile()
    assert (differences(), caplog.text.count("books differ")) == ([], 0)
    assert len(found()) == 2
    reconcile()
    assert caplog.text.count("books differ") == 1


# Refunds and disputes


def test_a_refund_that_nobody_heard_of(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 900)
    unchanged()
    assert found() == [(bob.id, f"taken back of {payment(purchase)}", 900, 0)]
    unchanged()
    assert results() == ["corrected"]
    assert (numbers(bob), found()) == ((500, 0, 0), [])


def test_a_dispute_that_nobody_heard_was_won(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    dispute_id = sandbox.stripe.dispute(payment(purchase))
    check(purchase.id)
    assert found() == []
    sandbox.stripe.close_dispute(dispute_id, won=True)
    assert found() == [(bob.id, f"taken back of {payment(purchase)}", 0, 1800)]
    assert results() == ["corrected"]
    assert (numbers(bob), found()) == ((1000, 0, 0), [])


def test_refunds_of_half_a_year_are_compared_and_older_ones_asked_for(
    sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 500)
    check(purchase.id)
    pass_time(170 * 24 * 3600)
    assert found() == []
    sandbox.stripe.refund(payment(purchase), 400)
    assert found() == [(bob.id, f"taken back of {payment(purchase)}", 900, 500)]
    pass_time(20 * 24 * 3600)  # the first refund is on no list any more
    assert found() == [(bob.id, f"taken back of {payment(purchase)}", 900, 500)]
    assert results() == ["corrected"]
    assert found() == []


def test_more_taken_back_than_was_paid_is_no_difference(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase))
    sandbox.stripe.dispute(payment(purchase))
    check(purchase.id)
    assert found() == []


# Our own books


def test_a_paid_purchase_without_its_credits(bob: Account) -> None:
    purchase = begun(bob)
    Purchase.update(status=PurchaseStatus.PAID).where(Purchase.id == purchase.id).execute()
    (one,) = credits.reconcile()
    assert (one.what, one.expected, one.found) == (
        f"credits bought of purchase {purchase.public_id}",
        1000,
        0,
    )


def test_credits_of_a_purchase_that_is_not_paid(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    Purchase.update(status=PurchaseStatus.OPEN).where(Purchase.id == purchase.id).execute()
    (one,) = credits.reconcile()
    assert (one.expected, one.found) == (0, 1000)


def test_credits_that_were_taken_back_in_the_row_alone(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    changes = {"reversed_minor": 900, "reversed_credits": 500}
    Purchase.update(changes).where(Purchase.id == purchase.id).execute()
    (one,) = credits.reconcile()
    assert (one.what.split(" of ")[0], one.expected, one.found) == ("credits taken back", 500, 0)


def test_another_share_of_the_credits_than_of_the_money(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    Purchase.update(reversed_minor=900).where(Purchase.id == purchase.id).execute()
    (one,) = credits.reconcile()
    assert (one.what.split(" of ")[0], one.expected, one.found) == ("share taken back", 500, 0)


def test_entries_of_a_purchase_that_is_gone(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    Purchase.delete().where(Purchase.id == purchase.id).execute()
    (one,) = credits.reconcile()
    assert (one.what, one.found) == (f"no purchase for buy:{purchase.session_id}", 1000)


@pytest.mark.parametrize("broken", ["two holds cancel out", "another price"])
def test_holds_are_compared_one_by_one(alice: Account, broken: str) -> None:
    first, second = submitted(alice), submitted(alice, count=2)
    if broken == "another price":
        Generation.update(cost_credits=2).where(Generation.id == first.id).execute()
        assert len(credits.reconcile()) == 1
        return
    changes = {"public_id": "x" * 22}
    Generation.update(changes).where(Generation.id == second.id).execute()
    assert Account.get_by_id(alice.id).held == first.cost_credits + second.cost_credits
    found_here = sorted(one.what for one in credits.reconcile())
    assert found_here == [
        f"hold of unfinished generation {'x' * 22}",
        f"hold without a living generation {second.public_id}",
    ]


def test_without_stripe_nothing_is_said(
    sandbox: Sandbox, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    bought(sandbox, bob)
    sandbox.stripe.faults.down = True
    with pytest.raises(MayWorkLater):
        differences()
