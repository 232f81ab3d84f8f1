"""A refund of ours, from setting aside to Stripe's answer, killed between any two steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fluxgen import adapters, credits, purchases
from fluxgen.errors import InsufficientCredits, MayWorkLater, NeverWill
from fluxgen.jobs import purchases as jobs
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Purchase
from fluxgen.sandbox import Sandbox
from tests.support.buying import bought, fresh, held, numbers, payment, spend
from tests.support.races import at_once
from tests.support.workers import Workers, pass_time

Step = Callable[[Purchase], object]
DAY_S = 24 * 3600


def ask_stripe(purchase: Purchase) -> None:
    """What a check does next, and then is killed."""
    row = fresh(purchase)
    order = f"refund-{row.public_id}-{row.attempt}"
    try:
        adapters.current().payments.refund(payment(row), row.refunding_minor, order)
    except NeverWill:
        return


STEPS: list[Step] = [
    lambda purchase: purchases.set_aside(fresh(purchase), 1080, 600),
    ask_stripe,
    lambda purchase: purchases.refund_ended(fresh(purchase)),
    lambda purchase: check(purchase.id),
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)


@pytest.fixture
def purchase(sandbox: Sandbox, bob: Account) -> Purchase:
    """1,000 credits for 18.00, of which 600 are unspent."""
    purchase = bought(sandbox, bob)
    spend(bob, 400)
    return fresh(purchase)


def refunds(sandbox: Sandbox) -> list[int]:
    """The amounts of all refunds that Stripe was ever asked for."""
    created = [one for one in sandbox.stripe.events if one["type"] == "refund.created"]
    return [one["data"]["object"]["amount"] for one in created]


def books_hold(account: Account) -> None:
    assert credits.verify(account) is None
    assert credits.reconcile() == []


@pytest.mark.parametrize("later_s", [0, 2 * DAY_S], ids=["at once", "two days later"])
@pytest.mark.parametrize("done", range(1, len(STEPS) + 1))
def test_killed_after_any_step_the_money_goes_back_once(
    sandbox: Sandbox, bob: Account, purchase: Purchase, workers: Workers, done: int, later_s: int
) -> None:
    for step in STEPS[:done]:
        step(purchase)
    assert numbers(bob) == (0, 0, 0)
    with pytest.raises(InsufficientCredits):
        held(bob, 1)
    pass_time(later_s)
    for _ in range(2):
        workers.step()
    assert refunds(sandbox) == [1080]
    assert numbers(bob) == (0, 0, 0)
    assert (fresh(purchase).reversed_minor, fresh(purchase).refunding_minor) == (1080, 0)
    assert purchases.due() == []
    books_hold(bob)


@pytest.mark.both_databases
@pytest.mark.parametrize("done", range(1, len(STEPS) + 1))
def test_killed_after_any_step_a_refund_that_fails_gives_the_credits_back(
    sandbox: Sandbox, bob: Account, purchase: Purchase, workers: Workers, done: int
) -> None:
    sandbox.stripe.faults.refund_fail = 1
    for step in STEPS[:done]:
        step(purchase)
    for _ in range(2):
        workers.step()
    assert refunds(sandbox) == [1080]
    assert numbers(bob) == (600, 0, 0)
    assert (fresh(purchase).reversed_minor, fresh(purchase).refunding_minor) == (0, 0)
    assert purchases.refundable(bob) == [(purchase, 600, 1080)]
    books_hold(bob)


TROUBLES = ["down", "create_dropped", "create_lost"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_stripe_does_not_answer_the_credits_stay_aside_until_it_does(
    sandbox: Sandbox, bob: Account, purchase: Purchase, workers: Workers, trouble: str
) -> None:
    setattr(sandbox.stripe.faults, trouble, 1)
    with pytest.raises(MayWorkLater):
        jobs.refund(purchase, 1080, 600)
    assert numbers(bob) == (0, 0, 0)
    assert purchases.refundable(bob) == []
    workers.step()
    assert fresh(purchase).refunding_minor == 1080  # a minute's patience
    pass_time(purchases.RETRY_S + 1)
    workers.step()
    assert (fresh(purchase).refunding_minor, refunds(sandbox)) == (0, [1080])
    assert numbers(bob) == (0, 0, 0)
    books_hold(bob)


def test_an_error_that_stripe_repeats_for_a_day_ends_with_the_day(
    sandbox: Sandbox, bob: Account, purchase: Purchase, workers: Workers
) -> None:
    sandbox.stripe.faults.create_error = 1
    with pytest.raises(MayWorkLater):
        jobs.refund(purchase, 1080, 600)
    pass_time(3600)
    workers.step()
    assert (refunds(sandbox), numbers(bob)) == ([], (0, 0, 0))
    pass_time(DAY_S)
    workers.step()
    assert (refunds(sandbox), numbers(bob)) == ([1080], (0, 0, 0))


def test_a_dispute_that_came_first_takes_all_and_nothing_is_sent(
    sandbox: Sandbox, bob: Account, purchase: Purchase
) -> None:
    dispute_id = sandbox.stripe.dispute(payment(purchase))
    with pytest.raises(NeverWill):
        jobs.refund(purchase, 1080, 600)
    assert (refunds(sandbox), numbers(bob)) == ([], (0, 0, 400))
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(purchase.id)
    assert numbers(bob) == (600, 0, 0)
    books_hold(bob)


@pytest.mark.both_databases
def test_of_four_workers_who_ask_at_once_one_refund_comes(
    sandbox: Sandbox, bob: Account, purchase: Purchase, workers: Workers
) -> None:
    purchases.set_aside(purchase, 1080, 600)
    assert at_once(4, lambda _: check(purchase.id)) == [None] * 4
    pass_time(purchases.RETRY_S + 1)
    workers.step()
    assert refunds(sandbox) == [1080]
    assert (numbers(bob), fresh(purchase).refunding_minor) == ((0, 0, 0), 0)
    books_hold(bob)


def test_what_is_left_can_be_sent_back_later(
    sandbox: Sandbox, bob: Account, purchase: Purchase
) -> None:
    jobs.refund(purchase, 180, 100)
    assert numbers(bob) == (500, 0, 0)
    ((row, number, amount),) = purchases.refundable(bob)
    jobs.refund(row, amount, number)
    assert (refunds(sandbox), numbers(bob)) == ([180, 900], (0, 0, 0))
    books_hold(bob)


@pytest.mark.both_databases
def test_an_answer_older_than_a_refund_gives_no_credits_back(
    sandbox: Sandbox, bob: Account, purchase: Purchase
) -> None:
    asked = fresh(purchase)  # another worker asks Stripe now, and is slow to write
    jobs.refund(fresh(purchase), 1080, 600)
    assert purchases.correct(asked, 0, "taken back no longer")
    assert numbers(bob) == (0, 0, 0)
    assert fresh(purchase).reversed_minor == 1080
    books_hold(bob)


@pytest.mark.both_databases
def test_an_answer_from_while_a_refund_was_asked_for_gives_no_credits_back(
    sandbox: Sandbox, bob: Account, purchase: Purchase
) -> None:
    purchases.set_aside(fresh(purchase), 1080, 600)
    asked = fresh(purchase)
    ask_stripe(purchase)
    purchases.refund_ended(fresh(purchase))
    assert purchases.correct(asked, 0, "taken back no longer")
    assert numbers(bob) == (0, 0, 0)
    check(purchase.id)
    assert fresh(purchase).reversed_minor == 1080
    books_hold(bob)
