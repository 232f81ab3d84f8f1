"""What Stripe takes back: refunds and disputes as they stand now, and refunds of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fluxgen import clock
from fluxgen.adapters import stripe_payments as adapter
from fluxgen.adapters.payments import Reversal, TooLong
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.errors import NeverWill
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import StripeSandbox
from tests.adapters.bills import bill
from tests.support.workers import pass_time

Act = Callable[[StripeSandbox, str], str]


def decided(won: bool) -> Act:
    def act(stripe: StripeSandbox, payment_id: str) -> str:
        dispute_id = stripe.dispute(payment_id, 500)
        stripe.close_dispute(dispute_id, won=won)
        return dispute_id

    return act


TAKING: dict[str, tuple[Act, str]] = {
    "succeeded refund": (lambda stripe, paid: stripe.refund(paid, 500), "refund"),
    "dispute that needs a response": (lambda stripe, paid: stripe.dispute(paid, 500), "dispute"),
    "lost dispute": (decided(won=False), "dispute"),
}
TAKING_NOTHING: dict[str, Act] = {
    "failed refund": lambda stripe, paid: stripe.refund(paid, 500, fails=True),
    "won dispute": decided(won=True),
    "inquiry": lambda stripe, paid: stripe.dispute(paid, 500, inquiry=True),
}


def test_an_untouched_payment_has_no_reversals(payments: StripePayments, payment_id: str) -> None:
    assert payments.reversals(payment_id) == []


@pytest.mark.parametrize(("act", "kind"), TAKING.values(), ids=TAKING)
def test_what_takes_money_back(
    payments: StripePayments, sandbox: Sandbox, payment_id: str, act: Act, kind: str
) -> None:
    found = act(sandbox.stripe, payment_id)
    assert payments.reversals(payment_id) == [Reversal(found, kind, 500, payment_id)]


@pytest.mark.parametrize("act", TAKING_NOTHING.values(), ids=TAKING_NOTHING)
def test_what_takes_nothing_back(
    payments: StripePayments, sandbox: Sandbox, payment_id: str, act: Act
) -> None:
    act(sandbox.stripe, payment_id)
    assert payments.reversals(payment_id) == []


def test_a_pending_refund_counts_until_it_fails(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    sandbox.stripe.faults.refund_pending = 1
    payments.refund(payment_id, 500, "key-1")
    (found,) = payments.reversals(payment_id)
    assert found.amount_minor == 500
    sandbox.stripe.settle_refund(found.id, "failed")
    assert payments.reversals(payment_id) == []


def test_refunds_and_disputes_of_one_payment_are_all_told(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    sandbox.stripe.refund(payment_id, 300)
    sandbox.stripe.refund(payment_id, 200)
    sandbox.stripe.dispute(payment_id, 1300)
    assert sorted(one.amount_minor for one in payments.reversals(payment_id)) == [200, 300, 1300]


def test_a_refund_under_the_same_key_is_sent_once(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    sandbox.stripe.faults.create_dropped = 1
    for _ in range(2):
        payments.refund(payment_id, 500, "key-1")
    assert [one.amount_minor for one in payments.reversals(payment_id)] == [500]


@pytest.mark.parametrize("amount", [1801, 0])
def test_a_senseless_refund_never_will(
    payments: StripePayments, payment_id: str, amount: int
) -> None:
    with pytest.raises(NeverWill):
        payments.refund(payment_id, amount, "key-1")


def test_a_disputed_payment_is_not_refunded(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    sandbox.stripe.dispute(payment_id)
    with pytest.raises(NeverWill):
        payments.refund(payment_id, 500, "key-1")


def test_reversals_of_all_payments_are_listed_since_a_moment(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    sandbox.stripe.refund(payment_id, 300)
    pass_time(3600)
    later = clock.now()
    other = sandbox.stripe.pay(payments.start(bill(attempt=2)).session_id)
    sandbox.stripe.refund(other, 200)
    sandbox.stripe.dispute(payment_id, 1300)
    sandbox.stripe.refund(other, 100, fails=True)
    found = [(one.payment_id, one.amount_minor) for one in payments.reversals_since(later)]
    assert found == [(other, 200), (payment_id, 1300)]


def test_reversals_of_one_payment_are_read_page_after_page(
    payments: StripePayments, sandbox: Sandbox, payment_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    for _ in range(5):
        sandbox.stripe.refund(payment_id, 10)
    assert len(payments.reversals(payment_id)) == 5
    monkeypatch.setattr(adapter, "PAGES_MAX", 2)
    with pytest.raises(TooLong):
        payments.reversals(payment_id)


def test_a_refund_is_made_once_even_when_stripe_has_forgotten_the_key(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    payments.refund(payment_id, 500, "order-1")
    pass_time(25 * 3600)
    payments.refund(payment_id, 500, "order-1")
    assert [one.amount_minor for one in payments.reversals(payment_id)] == [500]
    payments.refund(payment_id, 500, "order-2")
    assert len(payments.reversals(payment_id)) == 2


def test_a_refund_that_failed_meanwhile_is_not_made_again_under_its_order(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    payments.refund(payment_id, 500, "order-1")
    (made,) = payments.reversals(payment_id)
    sandbox.stripe.settle_refund(made.id, "failed")
    with pytest.raises(NeverWill):
        payments.refund(payment_id, 500, "order-1")
    assert payments.reversals(payment_id) == []
