"""Stripe's sessions in our words: opened once a bill and attempt, read in every state, closed."""

from __future__ import annotations

import pytest

from fluxgen.adapters.payments import Checkout, CheckoutState
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.sandbox import Sandbox
from tests.adapters.bills import RETURN_URL, bill, session_at, sessions_at
from tests.support.workers import pass_time


def test_a_session_says_what_the_bill_said(payments: StripePayments, stripe_api: str) -> None:
    started = payments.start(bill())
    assert started == Checkout(
        session_id=started.session_id,
        reference="purchase-1",
        pack="usual",
        state=CheckoutState.OPEN,
        amount_minor=1800,
        currency="eur",
        payment_id=None,
        url=f"{stripe_api}/pay/{started.session_id}",
    )
    assert payments.checkout(started.session_id) == started


def test_a_session_leads_back_to_its_purchase_and_knows_no_person(
    payments: StripePayments, stripe_api: str
) -> None:
    payments.start(bill())
    (made,) = sessions_at(stripe_api)
    assert (made.success_url, made.cancel_url) == (RETURN_URL, f"{RETURN_URL}?cancelled=1")
    assert made.metadata.to_dict() == {"purchase": "purchase-1", "pack": "usual"}
    assert len(made.payment_method_types) > 1  # as the account allows, delayed ones too
    assert (made.customer, made.customer_email) == (None, None)


def test_the_same_bill_and_attempt_is_the_same_session(
    payments: StripePayments, stripe_api: str
) -> None:
    same = bill()
    assert payments.start(same) == payments.start(same)
    assert len(sessions_at(stripe_api)) == 1
    payments.start(bill(attempt=2))
    assert len(sessions_at(stripe_api)) == 2


def test_an_answer_lost_on_the_way_comes_with_the_next_try(
    payments: StripePayments, sandbox: Sandbox, stripe_api: str
) -> None:
    sandbox.stripe.faults.create_dropped = 1
    started = payments.start(bill())
    assert [one.id for one in sessions_at(stripe_api)] == [started.session_id]
    assert sandbox.stripe.faults.hits["create_dropped"] == 1


def test_an_order_whose_answer_was_a_500_is_not_made_twice(
    payments: StripePayments, sandbox: Sandbox, stripe_api: str
) -> None:
    sandbox.stripe.faults.create_lost = 1
    same = bill()
    for _ in range(2):  # Stripe keeps the first answer of a key, a 500 as well
        with pytest.raises(MayWorkLater):
            payments.start(same)
    assert len(sessions_at(stripe_api)) == 1
    assert payments.start(bill(attempt=2)).state is CheckoutState.OPEN


def test_another_bill_under_the_same_key_is_not_a_session(payments: StripePayments) -> None:
    same = bill()
    payments.start(same)
    with pytest.raises(MayWorkLater):
        payments.start(bill(amount_minor=100, expires_at=same.expires_at))


def test_a_paid_one_is_paid_and_has_its_payment(payments: StripePayments, sandbox: Sandbox) -> None:
    session_id = payments.start(bill()).session_id
    payment_id = sandbox.stripe.pay(session_id)
    paid = payments.checkout(session_id)
    assert (paid.state, paid.payment_id) == (CheckoutState.PAID, payment_id)
    assert paid.url is None


def test_a_declined_one_is_still_open(payments: StripePayments, sandbox: Sandbox) -> None:
    session_id = payments.start(bill()).session_id
    sandbox.stripe.decline(session_id)
    assert payments.checkout(session_id).state is CheckoutState.OPEN


@pytest.mark.parametrize(("ok", "end"), [(True, CheckoutState.PAID), (False, CheckoutState.FAILED)])
def test_a_delayed_payment_is_under_way_and_then_paid_or_failed(
    payments: StripePayments, sandbox: Sandbox, stripe_api: str, ok: bool, end: CheckoutState
) -> None:
    session_id = session_at(stripe_api)
    sandbox.stripe.pay_later(session_id)
    assert payments.checkout(session_id).state is CheckoutState.PROCESSING
    sandbox.stripe.settle_later(session_id, ok=ok)
    assert payments.checkout(session_id).state is end


def test_one_that_nobody_pays_expires_after_its_hour(
    payments: StripePayments, sandbox: Sandbox
) -> None:
    session_id = payments.start(bill()).session_id
    pass_time(3500)
    assert payments.checkout(session_id).state is CheckoutState.OPEN
    pass_time(101)
    assert payments.checkout(session_id).state is CheckoutState.EXPIRED


def test_an_abandoned_one_is_closed_for_good(payments: StripePayments, sandbox: Sandbox) -> None:
    session_id = payments.start(bill()).session_id
    for _ in range(2):
        assert payments.abandon(session_id).state is CheckoutState.EXPIRED
    assert payments.checkout(session_id).state is CheckoutState.EXPIRED


def test_one_that_was_paid_meanwhile_cannot_be_abandoned(
    payments: StripePayments, sandbox: Sandbox
) -> None:
    session_id = payments.start(bill()).session_id
    sandbox.stripe.pay(session_id)
    assert payments.abandon(session_id).state is CheckoutState.PAID


@pytest.mark.parametrize("session_id", ["cs_test_unknown", "x"])
def test_one_that_does_not_exist_never_will(payments: StripePayments, session_id: str) -> None:
    for ask in (payments.checkout, payments.abandon):
        with pytest.raises(NeverWill):
            ask(session_id)
