"""A purchase looked at by a page: Stripe is asked there and then, seldom, and first in line."""

from __future__ import annotations

import pytest
from redis import Redis

from fluxgen import purchases
from fluxgen.jobs import bell
from fluxgen.jobs import purchases as jobs
from fluxgen.jobs.generations import ADVANCE
from fluxgen.jobs.worker import StepWorker
from fluxgen.models import Account, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, numbers, payment, tell
from tests.support.making import Visit
from tests.support.races import at_once
from tests.support.workers import pass_time


def test_a_page_that_waits_asks_every_few_seconds_and_no_oftener(
    sandbox: Sandbox, bob: Account
) -> None:
    purchase = begun(bob)
    assert jobs.look(purchase).status is PurchaseStatus.OPEN
    sandbox.stripe.pay(str(purchase.session_id))
    assert jobs.look(purchase).status is PurchaseStatus.OPEN
    pass_time(purchases.ASK_EVERY_S + 1)
    assert jobs.look(purchase).status is PurchaseStatus.PAID
    assert numbers(bob) == (1000, 0, 0)


@pytest.mark.both_databases
def test_of_eight_pages_at_once_one_asks(
    sandbox: Sandbox, bob: Account, caplog: pytest.LogCaptureFixture
) -> None:
    purchase = purchases.begin(bob, "usual", consented=True)
    purchases.opened(purchase, "cs_test_of_nobody")  # whoever asks for it says so in the log
    assert [type(one) for one in at_once(8, lambda _: jobs.look(fresh(purchase)))] == [Purchase] * 8
    assert caplog.text.count("purchase does not match") == 1


def test_a_page_of_what_is_settled_asks_nobody(
    sandbox: Sandbox, bob: Account, visit: Visit, redis: Redis
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase))
    for _ in range(2):
        pass_time(60)
        assert jobs.look(purchase).reversed_minor == 0
    for event in sandbox.stripe.events:
        tell(visit(None), event)
    assert jobs.look(purchase).reversed_minor == 1800  # there was news


def test_a_page_of_a_stripe_that_is_away_says_what_is_known(
    sandbox: Sandbox, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    purchase = begun(bob)
    sandbox.stripe.faults.down = True
    assert jobs.look(purchase, abandon=True).status is PurchaseStatus.OPEN
    sandbox.stripe.faults.down = False
    pass_time(purchases.ASK_EVERY_S + 1)
    assert jobs.look(purchase, abandon=True).status is PurchaseStatus.CANCELLED


@pytest.mark.usefixtures("app")
def test_what_is_about_money_does_not_wait_behind_pictures(redis: Redis, bob: Account) -> None:
    for number in range(20):
        bell.ring(ADVANCE, number + 1000)
    jobs.ring(begun(bob))
    queues = [bell.queue(name) for name in bell.QUEUES]
    worker = StepWorker(queues, connection=redis, serializer="json")
    worker.work(burst=True, max_jobs=1, logging_level="WARNING")
    assert bell.queue(bell.MONEY).jobs == []
    assert len(bell.queue().jobs) == 20
    redis.flushdb()
