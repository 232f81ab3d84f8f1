"""A Stripe that is down, slow, or refuses: in two words of ours, and never for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from fluxgen import clock
from fluxgen.adapters import stripe_payments as adapter
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.sandbox import Sandbox
from tests.adapters.bills import bill

Ask = Callable[[StripePayments], object]

EVERY_WAY: dict[str, Ask] = {
    "start": lambda payments: payments.start(bill()),
    "checkout": lambda payments: payments.checkout("cs_test_1"),
    "abandon": lambda payments: payments.abandon("cs_test_1"),
    "reversals": lambda payments: payments.reversals("pi_1"),
    "refund": lambda payments: payments.refund("pi_1", 100, "key-1"),
    "events_between": lambda payments: list(payments.events_between(clock.now(), clock.now())),
    "begun_between": lambda payments: list(payments.begun_between(clock.now(), clock.now())),
    "reversals_since": lambda payments: list(payments.reversals_since(clock.now())),
    "paid_since": lambda payments: list(payments.paid_since(clock.now())),
}
every_way = pytest.mark.parametrize("ask", EVERY_WAY.values(), ids=EVERY_WAY)


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not try again: that takes a second each time."""
    monkeypatch.setattr(adapter, "RETRIES", 0)


@every_way
@pytest.mark.usefixtures("once")
def test_one_that_is_down_may_work_later(
    payments: StripePayments, sandbox: Sandbox, ask: Ask
) -> None:
    sandbox.stripe.faults.down = 1
    with pytest.raises(MayWorkLater):
        ask(payments)


@every_way
@pytest.mark.usefixtures("once")
def test_one_that_is_not_there_may_work_later(ask: Ask) -> None:
    nowhere = StripePayments(
        key="sk_test_x", webhook_secret="whsec_x", api_base="http://127.0.0.1:1"
    )
    with pytest.raises(MayWorkLater):
        ask(nowhere)


@every_way
@pytest.mark.usefixtures("once")
def test_nobody_waits_for_a_silent_one(
    payments: StripePayments, sandbox: Sandbox, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "TIMEOUT_S", (1, 0.1))
    sandbox.stripe.faults.slow_s = 5.0
    began = time.monotonic()
    with pytest.raises(MayWorkLater):
        ask(payments)
    assert time.monotonic() - began < 4.5


def test_the_time_to_wait_is_stated() -> None:
    connect_s, read_s = adapter.TIMEOUT_S
    assert 0 < connect_s <= read_s <= 10
    assert 0 < adapter.RETRIES <= 3


@every_way
@pytest.mark.usefixtures("once")
def test_a_wrong_key_is_ours_to_mend(stripe_api: str, ask: Ask) -> None:
    payments = StripePayments(key="sk_live_x", webhook_secret="whsec_x", api_base=stripe_api)
    with pytest.raises(MayWorkLater):
        ask(payments)


@pytest.mark.parametrize("name", ["checkout", "abandon", "refund"])
def test_what_stripe_does_not_know_never_will(payments: StripePayments, name: str) -> None:
    with pytest.raises(NeverWill):
        EVERY_WAY[name](payments)


def test_a_short_trouble_is_gone_with_the_next_try(
    payments: StripePayments, sandbox: Sandbox
) -> None:
    sandbox.stripe.faults.down = 1
    assert payments.start(bill()).url
    assert sandbox.stripe.faults.hits["down"] == 1


def test_an_error_tells_nothing_of_what_was_said(payments: StripePayments) -> None:
    with pytest.raises(NeverWill) as refused:
        payments.checkout("cs_test_marked")
    assert "marked" not in str(refused.value)
