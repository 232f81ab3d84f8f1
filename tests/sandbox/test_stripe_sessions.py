"""Checkout Sessions of the Stripe sandbox, through the official client."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from fluxgen.sandbox.stripe import StripeRefused
from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import Shop, opened, pack
from tests.support.sandboxes import SandboxServer

DAY_S = 24 * 3600


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


def test_a_new_session_is_open_and_unpaid(shop: Shop) -> None:
    made = shop.open().to_dict()
    assert made["id"].startswith("cs_test_")
    assert made["url"] == f"{shop.url}/pay/{made['id']}"
    assert (made["status"], made["payment_status"]) == ("open", "unpaid")
    assert (made["amount_total"], made["currency"]) == (1000, "usd")
    assert made["expires_at"] == made["created"] + DAY_S == int(shop.clock.at) + DAY_S
    assert made["metadata"] == {"purchase_id": "purchase-1"}
    assert (made["payment_intent"], made["customer_details"]) == (None, None)
    assert made["livemode"] is False
    assert "line_items" not in made


def test_paying_completes_it_and_makes_payment_and_charge(shop: Shop) -> None:
    made = shop.open(metadata={"of": "the session"})
    paid = shop.sandbox.pay(made.id)
    shown = shop.session(made.id, "line_items", "payment_intent.latest_charge")
    assert (shown["status"], shown["payment_status"], shown["url"]) == ("complete", "paid", None)
    payment = shown["payment_intent"]
    assert (payment["id"], payment["status"], payment["amount_received"]) == (
        paid,
        "succeeded",
        1000,
    )
    assert payment["metadata"] == {"purchase_id": "purchase-1"}
    charge = payment["latest_charge"]
    assert (charge["paid"], charge["payment_intent"]) == (True, paid)
    assert shown["line_items"]["data"][0]["description"] == "500 credits"
    assert shop.api.payment_intents.retrieve(paid).latest_charge == charge["id"]
    assert shop.api.charges.retrieve(charge["id"]).amount_refunded == 0
    assert shop.kinds() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_leaves_it_open(shop: Shop) -> None:
    made = shop.open()
    payment = shop.sandbox.decline(made.id)
    shown = shop.session(made.id, "payment_intent")
    assert (shown["status"], shown["payment_status"]) == ("open", "unpaid")
    assert shown["payment_intent"]["last_payment_error"]["code"] == "card_declined"
    assert shop.kinds().count("payment_intent.payment_failed") == 1
    assert shop.sandbox.pay(made.id) == payment
    assert shop.session(made.id)["payment_status"] == "paid"


@pytest.mark.parametrize(
    ("ok", "status", "happened"),
    [(True, "paid", "async_payment_succeeded"), (False, "unpaid", "async_payment_failed")],
)
def test_a_delayed_payment_completes_unpaid_and_settles_later(
    shop: Shop, ok: bool, status: str, happened: str
) -> None:
    made = shop.open()
    shop.sandbox.pay_later(made.id)
    assert shop.session(made.id)["status"] == "complete"
    assert shop.session(made.id)["payment_status"] == "unpaid"
    shop.sandbox.settle_later(made.id, ok)
    assert shop.session(made.id)["payment_status"] == status
    assert shop.kinds()[-1] == f"checkout.session.{happened}"
    with pytest.raises(StripeRefused):
        shop.sandbox.settle_later(made.id, ok)


def test_only_cards_means_no_delayed_payment(shop: Shop) -> None:
    made = shop.open(allowed_payment_method_types=["card"])
    with pytest.raises(StripeRefused, match="delayed"):
        shop.sandbox.pay_later(made.id)


def test_it_expires_by_the_clock(shop: Shop) -> None:
    made = shop.open(expires_at=int(shop.clock.at) + 1800)
    shop.clock.at += 1799
    assert shop.session(made.id)["status"] == "open"
    shop.clock.at += 1
    assert shop.session(made.id)["status"] == "expired"
    assert shop.kinds() == ["checkout.session.expired"]
    with pytest.raises(StripeRefused, match="expired"):
        shop.sandbox.pay(made.id)


def test_it_expires_by_order_once(shop: Shop) -> None:
    made = shop.open()
    assert shop.api.checkout.sessions.expire(made.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        shop.api.checkout.sessions.expire(made.id)
    paid = shop.open()
    shop.sandbox.pay(paid.id)
    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        shop.api.checkout.sessions.expire(paid.id)


def test_lists_are_newest_first_filtered_and_paged(shop: Shop) -> None:
    made = []
    for _ in range(7):
        made.append(shop.open().id)
        shop.clock.at += 10
    payment = shop.sandbox.pay(made[2])
    sessions = shop.api.checkout.sessions

    def listed(**params: object) -> list[str]:
        return [one.id for one in sessions.list(params=params).auto_paging_iter()]

    assert listed(limit=3) == made[::-1]
    assert listed(created={"gte": int(shop.clock.at) - 30}) == made[:-4:-1]
    assert listed(created={"gt": int(shop.clock.at) - 30, "lt": int(shop.clock.at)}) == [
        made[6],
        made[5],
    ]
    assert listed(status="complete") == listed(payment_intent=payment) == [made[2]]
    page = sessions.list(params={"limit": 2, "starting_after": made[5]})
    assert ([one.id for one in page.data], page.has_more) == ([made[4], made[3]], True)
    whole = sessions.list(params={"limit": 1, "expand": ["data.line_items"]})
    assert whole.data[0].line_items.data[0].quantity == 1
    before = sessions.list(params={"limit": 2, "ending_before": made[3]})
    assert [one.id for one in before.data] == [made[5], made[4]]


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown", "payment_method_types"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items": pack(color="red")}, "parameter_unknown", "line_items[0][color]"),
        ({"mode": None}, "parameter_missing", "mode"),
        ({"mode": "subscription"}, None, "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"success_url": "/buy"}, "url_invalid", "success_url"),
        ({"line_items": None}, "parameter_missing", "line_items"),
        ({"line_items": pack(quantity=0)}, "parameter_invalid_integer", "line_items[0][quantity]"),
        (
            {"line_items": pack(0)},
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        ({"line_items": pack(1000, "xxx")}, None, "line_items[0][price_data][currency]"),
        ({"line_items": pack(49)}, "amount_too_small", "line_items"),
        ({"line_items": pack() + pack(1000, "eur")}, None, "line_items"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"customer": "cus_1", "customer_email": "a@b.test"}, None, "customer"),
        ({"customer": "cus_1"}, "resource_missing", "customer"),
        ({"customer_email": "nobody"}, "email_invalid", "customer_email"),
        ({"client_reference_id": ""}, "parameter_invalid_empty", "client_reference_id"),
        ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"ui_mode": "hosted"}, None, "ui_mode"),
        ({"expand": ["customer"]}, None, "expand"),
    ],
)
def test_what_makes_no_sense_is_refused(
    shop: Shop, changes: dict[str, Any], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        shop.open(**changes)
    assert refused.value.http_status == 400
    assert (refused.value.code, refused.value.param) == (code, param)
    assert shop.kinds() == []


@pytest.mark.parametrize(("after_s", "fits"), [(1799, 0), (1800, 1), (DAY_S, 1), (DAY_S + 1, 0)])
def test_a_session_lives_from_half_an_hour_to_a_day(shop: Shop, after_s: int, fits: int) -> None:
    expires_at = int(shop.clock.at) + after_s
    if fits:
        assert shop.open(expires_at=expires_at).expires_at == expires_at
    else:
        with pytest.raises(stripe.InvalidRequestError, match="between 30 minutes and 24 hours"):
            shop.open(expires_at=expires_at)


def test_what_is_known_but_not_played_is_accepted(shop: Shop) -> None:
    made = shop.open(
        invoice_creation={"enabled": True},
        automatic_tax={"enabled": False},
        allow_promotion_codes=False,
        customer_creation="if_required",
        locale="en-GB",
        submit_type="pay",
        ui_mode="hosted_page",
        custom_text={"submit": {"message": "Credits start at once."}},
        customer_email="given@buyer.test",
        payment_intent_data={"description": "500 credits", "receipt_email": "given@buyer.test"},
    )
    assert made.customer_details.email == "given@buyer.test"
    assert made.customer_details.name is None
    shop.sandbox.pay(made.id)
    assert shop.session(made.id)["customer_details"]["email"] == "given@buyer.test"


def test_what_is_not_there_is_missing(shop: Shop) -> None:
    for ask in (
        shop.api.checkout.sessions.retrieve,
        shop.api.payment_intents.retrieve,
        shop.api.charges.retrieve,
        shop.api.refunds.retrieve,
        shop.api.disputes.retrieve,
        shop.api.events.retrieve,
    ):
        with pytest.raises(stripe.InvalidRequestError) as missing:
            ask("no_such_thing")
        assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


def test_a_wrong_key_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.AuthenticationError) as refused:
        shop.client("sk_live_real").v1.checkout.sessions.list()
    assert refused.value.http_status == 401
