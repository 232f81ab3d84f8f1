"""Refunds and disputes at the Stripe sandbox."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from fluxgen.sandbox.stripe import StripeRefused
from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import Shop, opened
from tests.support.sandboxes import SandboxServer


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


@pytest.fixture
def paid(shop: Shop) -> str:
    """A payment of 1000."""
    return shop.sandbox.pay(shop.open().id)


def give_back(shop: Shop, paid: str, amount: int | None = None, **more: object) -> Any:
    asked = {"payment_intent": paid, "amount": amount, **more}
    return shop.api.refunds.create(
        params={name: value for name, value in asked.items() if value is not None}
    )


def charge(shop: Shop, paid: str) -> Any:
    found = shop.api.payment_intents.retrieve(paid, params={"expand": ["latest_charge"]})
    return found.latest_charge


def since(shop: Shop, kind: str) -> list[str]:
    """The kinds of what happened from the last `kind` on."""
    kinds = shop.kinds()
    return kinds[len(kinds) - 1 - kinds[::-1].index(kind) :]


def test_part_and_then_the_rest(shop: Shop, paid: str) -> None:
    part = give_back(shop, paid, 300, reason="requested_by_customer", metadata={"why": "asked"})
    assert (part.status, part.amount, part.payment_intent) == ("succeeded", 300, paid)
    assert part.metadata.to_dict() == {"why": "asked"}
    assert (charge(shop, paid).amount_refunded, charge(shop, paid).refunded) == (300, False)
    rest = give_back(shop, paid)
    assert rest.amount == 700
    assert (charge(shop, paid).amount_refunded, charge(shop, paid).refunded) == (1000, True)
    listed = shop.api.refunds.list(params={"payment_intent": paid}).data
    assert [one.id for one in listed] == [rest.id, part.id]
    assert since(shop, "refund.created") == ["refund.created", "charge.refunded"]
    assert "refunds" not in shop.sandbox.events[-1]["data"]["object"]


def test_no_more_than_there_was(shop: Shop, paid: str) -> None:
    give_back(shop, paid, 600)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        give_back(shop, paid, 401)
    assert (refused.value.code, refused.value.param) == ("amount_too_large", "amount")
    give_back(shop, paid, 400)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        give_back(shop, paid)
    assert refused.value.code == "charge_already_refunded"


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({}, "payment_intent"),
        ({"payment_intent": "pi_1", "charge": "ch_1"}, "payment_intent"),
        ({"payment_intent": "pi_1", "amount": 0}, "amount"),
        ({"payment_intent": "pi_1", "reason": "whim"}, "reason"),
        ({"payment_intent": "pi_1", "colour": "red"}, "colour"),
    ],
)
def test_a_senseless_refund_is_refused(shop: Shop, asked: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.api.refunds.create(params=asked)
    assert (refused.value.http_status, refused.value.param) == (400, param)


def test_what_was_never_paid_is_not_refunded(shop: Shop) -> None:
    declined = shop.sandbox.decline(shop.open().id)
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        give_back(shop, declined)


def test_a_key_refunds_once(shop: Shop, paid: str) -> None:
    refunds = shop.client().v1.refunds
    made = [
        refunds.create(
            params={"payment_intent": paid, "amount": 100}, options={"idempotency_key": "refund-1"}
        ).id
        for _ in range(3)
    ]
    assert len(set(made)) == 1
    assert charge(shop, paid).amount_refunded == 100


def test_a_pending_refund_succeeds_later(shop: Shop, paid: str) -> None:
    shop.sandbox.faults.refund_pending = 1
    made = give_back(shop, paid)
    assert made.status == "pending"
    shop.sandbox.settle_refund(made.id)
    assert shop.api.refunds.retrieve(made.id).status == "succeeded"
    updated = shop.sandbox.events[-1]
    assert updated["type"] == "refund.updated"
    assert updated["data"]["previous_attributes"] == {"status": "pending"}


def test_a_failed_refund_can_be_made_again(shop: Shop, paid: str) -> None:
    shop.sandbox.faults.refund_fail = 1
    made = give_back(shop, paid)
    assert made.status == "pending"
    failed = shop.api.refunds.retrieve(made.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert since(shop, "refund.created") == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
        "refund.failed",
    ]
    assert charge(shop, paid).amount_refunded == 0
    assert give_back(shop, paid).status == "succeeded"


def test_refunds_outside_the_api(shop: Shop, paid: str) -> None:
    shop.sandbox.refund(paid, 200)
    failing = shop.sandbox.refund(paid, fails=True)
    assert shop.api.refunds.retrieve(failing).status == "failed"
    late = shop.sandbox.refund(paid)
    assert charge(shop, paid).amount_refunded == 1000
    shop.sandbox.settle_refund(late, "failed")
    assert charge(shop, paid).amount_refunded == 200
    with pytest.raises(StripeRefused):
        shop.sandbox.settle_refund(late, "succeeded")


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_takes_the_money_until_it_is_won(shop: Shop, paid: str, won: bool) -> None:
    made = shop.sandbox.dispute(paid)
    shown = shop.api.disputes.list(params={"payment_intent": paid}).data[0]
    assert (shown.id, shown.status, shown.amount) == (made, "needs_response", 1000)
    assert charge(shop, paid).disputed is True
    with pytest.raises(stripe.InvalidRequestError) as refused:
        give_back(shop, paid)
    assert refused.value.code == "charge_disputed"
    shop.sandbox.close_dispute(made, won)
    assert shop.api.disputes.retrieve(made).status == ("won" if won else "lost")
    assert since(shop, "charge.dispute.created") == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        *(["charge.dispute.funds_reinstated"] if won else []),
        "charge.dispute.closed",
    ]
    moved = [one.amount for one in shop.api.disputes.retrieve(made).balance_transactions]
    assert sum(moved) == (0 if won else -1000)


def test_after_a_won_dispute_money_can_go_back(shop: Shop, paid: str) -> None:
    shop.sandbox.close_dispute(shop.sandbox.dispute(paid, 500))
    assert give_back(shop, paid).amount == 1000


def test_a_refunded_payment_can_still_be_disputed(shop: Shop, paid: str) -> None:
    give_back(shop, paid, 400)
    made = shop.sandbox.dispute(paid)
    assert shop.api.disputes.retrieve(made, params={"expand": ["charge"]}).charge.disputed is True


def test_an_inquiry_moves_nothing(shop: Shop, paid: str) -> None:
    made = shop.sandbox.dispute(paid, inquiry=True)
    assert shop.api.disputes.retrieve(made).status == "warning_needs_response"
    give_back(shop, paid, 100)
    shop.sandbox.close_dispute(made)
    assert shop.api.disputes.retrieve(made).status == "warning_closed"
    assert "charge.dispute.funds_withdrawn" not in shop.kinds()
    with pytest.raises(StripeRefused, match="closed already"):
        shop.sandbox.close_dispute(made)
