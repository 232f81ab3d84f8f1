"""A purchase followed at Stripe: granted when it says paid, and only for what it says."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from redis import Redis

from fluxgen import clock, purchases
from fluxgen.jobs import bell
from fluxgen.jobs import purchases as jobs
from fluxgen.jobs.payments import hear_what_was_missed
from fluxgen.jobs.purchases import CHECK, check
from fluxgen.jobs.sweep import poll, sweep
from fluxgen.models import Account, Entry, Kind, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, numbers, payment, session_of
from tests.support.races import at_once
from tests.support.workers import Workers, pass_time


def status(purchase: Purchase) -> PurchaseStatus:
    """Where it is, by our row."""
    found: PurchaseStatus = fresh(purchase).status
    return found


def session(purchase: Purchase) -> str:
    return str(purchase.session_id)


def grants() -> int:
    return Entry.select().where(Entry.kind == Kind.BUY).count()


@pytest.mark.both_databases
def test_what_stripe_calls_paid_is_granted_once(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    payment_id = sandbox.stripe.pay(session(purchase))
    for _ in range(3):
        check(purchase.id)
    paid = fresh(purchase)
    assert (paid.status, paid.payment_id) == (PurchaseStatus.PAID, payment_id)
    assert paid.paid_at <= clock.now()
    assert (numbers(bob), grants()) == ((1000, 0, 0), 1)


@pytest.mark.both_databases
def test_of_eight_who_look_at_once_one_grants(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay(session(purchase))
    outcomes = at_once(8, lambda _: check(purchase.id))
    assert outcomes == [None] * 8
    assert (numbers(bob), grants()) == ((1000, 0, 0), 1)


def test_an_open_one_stays_open(bob: Account) -> None:
    purchase = begun(bob)
    check(purchase.id)
    assert status(purchase) is PurchaseStatus.OPEN
    assert numbers(bob) == (0, 0, 0)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("ok", "end", "available"),
    [(True, PurchaseStatus.PAID, 1000), (False, PurchaseStatus.FAILED, 0)],
)
def test_a_delayed_payment_is_followed_to_its_end(
    sandbox: Sandbox, bob: Account, ok: bool, end: PurchaseStatus, available: int
) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay_later(session(purchase))
    check(purchase.id)
    assert status(purchase) is PurchaseStatus.PROCESSING
    assert numbers(bob) == (0, 0, 0)
    pass_time(12 * 3600)
    sandbox.stripe.settle_later(session(purchase), ok=ok)
    check(purchase.id)
    assert status(purchase) is end
    assert numbers(bob) == (available, 0, 0)


def test_one_that_nobody_pays_runs_out(bob: Account, workers: Workers) -> None:
    purchase = begun(bob)
    pass_time(24 * 3600 + 1)
    assert workers.step() == 1
    assert status(purchase) is PurchaseStatus.EXPIRED
    assert workers.step() == 0


def test_one_without_a_session_runs_out_as_well(bob: Account, workers: Workers) -> None:
    purchase = purchases.begin(bob, "usual", consented=True)
    pass_time(purchases.OPEN_S - 60)
    workers.step()
    assert status(purchase) is PurchaseStatus.CREATED
    pass_time(purchases.POLL_S)
    workers.step()
    assert status(purchase) is PurchaseStatus.EXPIRED


@pytest.mark.parametrize("paid", [False, True])
def test_abandoning_closes_what_is_open_and_takes_what_is_paid(
    sandbox: Sandbox, bob: Account, paid: bool
) -> None:
    purchase = begun(bob)
    if paid:
        sandbox.stripe.pay(session(purchase))
    check(purchase.id, abandon=True)
    assert status(purchase) is (PurchaseStatus.PAID if paid else PurchaseStatus.CANCELLED)
    assert numbers(bob)[0] == (1000 if paid else 0)


MISMATCHES = {
    "amount": {"amount_minor": 1700},
    "too much": {"amount_minor": 18000},
    "currency": {"currency": "usd"},
    "reference": {"client_reference_id": "somebody-else"},
    "pack": {"metadata": {"pack": "large"}},
    "no pack": {"metadata": {"pack": ""}},
}


@pytest.mark.both_databases
@pytest.mark.parametrize("changes", MISMATCHES.values(), ids=MISMATCHES)
def test_what_does_not_match_our_row_grants_nothing_and_alarms(
    sandbox: Sandbox,
    bob: Account,
    caplog: pytest.LogCaptureFixture,
    changes: dict[str, Any],
) -> None:
    purchase = begun(bob, **changes)
    sandbox.stripe.pay(session(purchase))
    check(purchase.id)
    assert (numbers(bob), grants()) == ((0, 0, 0), 0)
    assert status(purchase) is PurchaseStatus.OPEN
    (alarm,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert (alarm.name, alarm.msg) == ("fluxgen.jobs.purchases", "purchase does not match")


def test_a_session_of_another_purchase_grants_neither(sandbox: Sandbox, bob: Account) -> None:
    theirs = bought(sandbox, bob, "small")
    mine = purchases.begin(bob, "small", consented=True)
    stolen = session_of(theirs, client_reference_id=theirs.public_id)
    purchases.opened(mine, stolen)
    sandbox.stripe.pay(stolen)
    check(mine.id)
    assert numbers(bob) == (250, 0, 0)


def test_an_unknown_session_is_an_alarm(bob: Account, caplog: pytest.LogCaptureFixture) -> None:
    purchase = purchases.begin(bob, "usual", consented=True)
    purchases.opened(purchase, "cs_test_of_another_stripe_account")
    check(purchase.id)
    assert "purchase does not match" in caplog.text
    assert status(purchase) is PurchaseStatus.OPEN


def test_a_purchase_that_is_not_there_is_nothing(bob: Account) -> None:
    check(4711)


@pytest.mark.parametrize("after", ["paying", "granting"])
def test_a_stripe_that_is_away_is_asked_again_in_a_minute(
    sandbox: Sandbox, bob: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    purchase = begun(bob)
    sandbox.stripe.pay(session(purchase))
    if after == "granting":
        check(purchase.id)
        sandbox.stripe.refund(payment(fresh(purchase)))
    Purchase.update(due_at=clock.now()).execute()
    sandbox.stripe.faults.down = 1
    workers.step()
    assert numbers(bob)[0] == (0 if after == "paying" else 1000)
    assert purchases.due() == []  # a minute's patience
    pass_time(purchases.RETRY_S + 1)
    workers.step()
    assert numbers(bob)[0] == (1000 if after == "paying" else 0)


# Hearing of it


def test_a_sweep_rings_for_what_is_due(redis: Redis, bob: Account) -> None:
    purchase = begun(bob)
    assert sweep() == 0
    pass_time(purchases.POLL_S + 1)
    assert sweep() == 1
    assert [(job.func_name, *job.args) for job in bell.queue(bell.MONEY).jobs] == [
        (CHECK, purchase.id)
    ]


def test_a_ring_names_a_row_and_nothing_else(redis: Redis, sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    jobs.ring(purchase)
    kept = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    for private in (purchase.public_id, session(purchase), bob.email):
        assert private.encode() not in kept


@pytest.mark.both_databases
def test_with_no_webhook_at_all_the_poll_hears_of_it(
    sandbox: Sandbox, bob: Account, workers: Workers
) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay(session(purchase))
    poll()
    assert purchases.due() == [purchase.id]
    workers.step()
    assert numbers(bob) == (1000, 0, 0)
    sandbox.stripe.refund(payment(fresh(purchase)), 900)
    poll()
    workers.step()
    assert numbers(bob) == (500, 0, 0)


def test_without_redis_the_sweep_follows_it_itself(
    sandbox: Sandbox, no_redis: str, bob: Account
) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay(session(purchase))
    hear_what_was_missed()
    assert sweep() == 2  # the purchase, and then its receipt
    assert numbers(bob) == (1000, 0, 0)
