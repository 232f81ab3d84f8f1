"""What Stripe tells of payments afterwards: webhooks, and lists page after page."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest

from fluxgen import clock
from fluxgen.adapters import stripe_payments as adapter
from fluxgen.adapters.payments import Event
from fluxgen.adapters.stripe_payments import StripePayments
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import (
    SANDBOX_STRIPE_WEBHOOK_SECRET,
    signature_header,
)
from fluxgen.sandbox.stripe_events import TOLD_KINDS
from tests.adapters.bills import bill, session_at
from tests.support.workers import pass_time


def events_since(payments: StripePayments, moment: datetime) -> list[Event]:
    """All events since then, from every page."""
    return list(chain.from_iterable(payments.events_between(moment, clock.now())))


# Webhooks


@pytest.fixture
def paid_event(sandbox: Sandbox, payment_id: str) -> dict[str, Any]:
    events = sandbox.stripe.events
    return next(one for one in events if one["type"] == "checkout.session.completed")


def test_a_genuine_event_is_a_hint(
    payments: StripePayments, sandbox: Sandbox, payment_id: str, paid_event: dict[str, Any]
) -> None:
    body, headers = sandbox.stripe.signed(paid_event)
    assert payments.event(body, headers["Stripe-Signature"]) == Event(
        id=paid_event["id"],
        happened_at=datetime.fromtimestamp(paid_event["created"], UTC),
        session_id=paid_event["data"]["object"]["id"],
        payment_id=payment_id,
        reference="purchase-1",
    )


def test_every_kind_of_event_leads_to_its_payment(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    dispute_id = sandbox.stripe.dispute(payment_id, 100)
    sandbox.stripe.close_dispute(dispute_id)
    sandbox.stripe.refund(payment_id, 100, fails=True)
    seen = set()
    for event in sandbox.stripe.events:
        body, headers = sandbox.stripe.signed(event)
        read = payments.event(body, headers["Stripe-Signature"])
        assert (read.id, read.payment_id) == (event["id"], payment_id), event["type"]
        seen.add(event["type"].rpartition(".")[0])
    assert seen == {"checkout.session", "payment_intent", "charge", "charge.dispute", "refund"}


def test_a_refused_card_is_told_as_such(payments: StripePayments, sandbox: Sandbox) -> None:
    session_id = payments.start(bill()).session_id
    sandbox.stripe.decline(session_id)
    declined = [event for event in events_since(payments, clock.after(-60)) if event.is_decline]
    assert [event.reference for event in declined] == ["purchase-1"]


@pytest.mark.parametrize(
    ("secret", "age_s"),
    [("whsec_somebody_else", 0), ("", 0), (SANDBOX_STRIPE_WEBHOOK_SECRET, 301)],
    ids=["another secret", "no secret", "stale"],
)
def test_a_forged_or_stale_one_never_will(
    payments: StripePayments, paid_event: dict[str, Any], secret: str, age_s: int
) -> None:
    body = json.dumps(paid_event).encode()
    with pytest.raises(NeverWill):
        payments.event(body, signature_header(body, secret, int(time.time()) - age_s))


def test_a_signature_of_another_body_never_will(
    payments: StripePayments, paid_event: dict[str, Any]
) -> None:
    body = json.dumps(paid_event).encode()
    with pytest.raises(NeverWill):
        payments.event(body.replace(b"1800", b"1801"), signature_header(body))


SIGNATURES = ["", "t=1", "v1=00", "t=x,v1=00", "t=,v1=", "v0=00,t=1", "\x00", "t=1,v1=é", "=,=,="]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_garbled_signature_never_will(payments: StripePayments, signature: str) -> None:
    with pytest.raises(NeverWill):
        payments.event(b'{"object": "event"}', signature)


SENSELESS = {
    "nothing": b"",
    "bytes": b"\xff\xfe\x00",
    "half": b'{"id": ',
    "null": b"null",
    "list": b"[]",
    "text": b'"event"',
    "empty": b"{}",
    "no data": b'{"object": "event", "id": "evt_1", "type": "refund.created"}',
    "no object": b'{"id": "evt_1", "type": "refund.created", "data": {}}',
    "thin": b'{"object": "v2.core.event", "id": "evt_1", "type": "v2.x"}',
    "odd": b'{"id": "evt_1", "type": "refund.created", "data": {"object": []}}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", SENSELESS.values(), ids=SENSELESS)
def test_a_genuine_but_senseless_one_never_will(payments: StripePayments, body: bytes) -> None:
    with pytest.raises(NeverWill):
        payments.event(body, signature_header(body))


# Lists


def test_events_are_listed_since_a_moment(payments: StripePayments, sandbox: Sandbox) -> None:
    sandbox.stripe.pay(payments.start(bill()).session_id)
    pass_time(3600)
    later = clock.now()
    second = sandbox.stripe.pay(payments.start(bill(attempt=2)).session_id)
    assert {event.payment_id for event in events_since(payments, later)} == {second}


def test_lists_are_read_page_after_page(payments: StripePayments, sandbox: Sandbox) -> None:
    session_ids = [payments.start(bill(attempt=n)).session_id for n in range(105)]
    for session_id in session_ids[:103]:
        sandbox.stripe.pay(session_id)
    found = [checkout.session_id for checkout in payments.paid_since(clock.after(-60))]
    assert found == session_ids[102::-1]
    events = events_since(payments, clock.after(-60))
    told = {one["id"] for one in sandbox.stripe.events if one["type"] in adapter.TYPES}
    assert {event.id for event in events} == told
    assert len(told) > adapter.PAGE


def test_a_list_that_is_too_long_is_not_taken_for_whole(
    payments: StripePayments, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for attempt in range(3):
        sandbox.stripe.pay(payments.start(bill(attempt=attempt)).session_id)
    monkeypatch.setattr(adapter, "PAGE", 1)
    monkeypatch.setattr(adapter, "PAGES_MAX", 2)
    with pytest.raises(MayWorkLater):
        list(payments.paid_since(clock.after(-60)))


def test_what_was_not_paid_is_not_listed_as_paid(
    payments: StripePayments, sandbox: Sandbox, stripe_api: str
) -> None:
    sandbox.stripe.pay_later(session_at(stripe_api))
    sandbox.stripe.expire(session_at(stripe_api))
    session_at(stripe_api)
    assert list(payments.paid_since(clock.after(-60))) == []


def test_kinds_of_events_that_mean_nothing_to_us_are_not_read(
    payments: StripePayments, sandbox: Sandbox, payment_id: str
) -> None:
    assert len(sandbox.stripe.events) > 1
    (only,) = events_since(payments, clock.after(-60))
    assert only.session_id


def test_what_webhooks_tell_is_what_lists_are_read_for() -> None:
    assert set(adapter.TYPES) == TOLD_KINDS
