"""News that no webhook brought: heard once, as far back as needed, and an alarm where they cannot."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from fluxgen import adapters
from fluxgen.adapters import stripe_payments as adapter
from fluxgen.jobs.payments import EVENTS_BACK_S, LATE_S, hear_what_was_missed
from fluxgen.jobs.sweep import poll, reconcile
from fluxgen.models import Account, HeardUntil, HeardWebhook
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe_events import TOLD_KINDS
from fluxgen.settings import Settings
from tests.support.buying import begun, bought, fresh, numbers, payment
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "RETRIES", 0)


def told(sandbox: Sandbox) -> set[str]:
    """The events that matter."""
    return {one["id"] for one in sandbox.stripe.events if one["type"] in TOLD_KINDS}


def heard() -> set[str]:
    return {row.event_id for row in HeardWebhook.select()}


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.msg for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.both_databases
def test_the_poll_hears_everything_once(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    sandbox.stripe.decline(str(purchase.session_id))
    for _ in range(3):
        poll()
    assert fresh(purchase).declines == 1
    assert heard() == told(sandbox)
    assert HeardUntil.select().count() == 1


@pytest.mark.parametrize("days", [4, 29])
def test_after_days_without_anybody_every_loss_is_made_good(
    sandbox: Sandbox, bob: Account, workers: Workers, days: int
) -> None:
    old, missed = bought(sandbox, bob), begun(bob)
    poll()
    pass_time(1800)
    sandbox.stripe.refund(payment(old), 900)
    sandbox.stripe.pay(str(missed.session_id))
    pass_time(days * DAY_S)
    poll()
    workers.step()
    assert numbers(bob) == (1500, 0, 0)


def test_it_reads_on_from_where_it_ended(sandbox: Sandbox, bob: Account) -> None:
    bought(sandbox, bob)
    poll()
    HeardWebhook.delete().execute()
    pass_time(LATE_S + 60)
    poll()  # what is listed late is heard, too
    assert heard() == told(sandbox)
    HeardWebhook.delete().execute()
    pass_time(LATE_S + 60)
    poll()
    assert heard() == set()


def test_a_poll_that_failed_counts_for_nothing(sandbox: Sandbox, bob: Account) -> None:
    poll()
    bought(sandbox, bob)
    pass_time(DAY_S)
    sandbox.stripe.faults.down = 1
    poll()
    poll()
    assert heard() == told(sandbox)


def test_nothing_is_asked_for_that_stripe_has_forgotten(sandbox: Sandbox, bob: Account) -> None:
    bought(sandbox, bob)
    pass_time(EVENTS_BACK_S + 60)
    poll()
    assert heard() == set()


def test_more_events_than_a_list_holds_are_heard_all_the_same(
    sandbox: Sandbox,
    bob: Account,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 1)
    monkeypatch.setattr(adapter, "PAGES_MAX", 1)
    purchase = bought(sandbox, bob)
    for _ in range(2):
        pass_time(3600)
        sandbox.stripe.dispute(payment(purchase), 1, inquiry=True)
    pass_time(3600)
    poll()
    assert heard() == told(sandbox)
    assert alarms(caplog) == []


def test_too_many_in_one_minute_are_an_alarm(
    sandbox: Sandbox,
    bob: Account,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 1)
    monkeypatch.setattr(adapter, "PAGES_MAX", 1)
    purchase = bought(sandbox, bob)
    for _ in range(3):
        sandbox.stripe.refund(payment(purchase), 1)
    poll()
    assert set(alarms(caplog)) == {"events not heard"}
    assert HeardUntil.select().count() == 1


def test_a_poll_without_stripe_does_no_harm(
    sandbox: Sandbox, bob: Account, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.stripe.faults.down = True
    poll()
    reconcile()
    assert (heard(), HeardUntil.select().count(), alarms(caplog)) == (set(), 0, [])


@pytest.fixture
def wrong_key(app: object, settings: Settings) -> Iterator[None]:
    """Stripe refuses us."""
    right = adapters.current()
    wrong = adapter.StripePayments(
        key="rk_x", webhook_secret="whsec_x", api_base=settings.stripe_api
    )
    adapters.use(replace(right, payments=wrong))
    yield
    adapters.use(right)


@pytest.mark.usefixtures("wrong_key")
def test_a_key_that_stripe_refuses_is_an_alarm_and_breaks_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hear_what_was_missed()
    reconcile()
    assert alarms(caplog) == ["stripe refuses our key"] * 2
