"""Stripe's webhooks: verified, remembered by id, answered by ringing the bell, never by an error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from fluxgen.jobs import bell
from fluxgen.jobs.purchases import CHECK
from fluxgen.models import Account, HeardWebhook, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import signature_header
from fluxgen.sandbox.stripe_webhooks import FORGED_SECRET, body_of
from tests.support.buying import begun, fresh, numbers, payment, tell
from tests.support.making import Visit
from tests.support.workers import Workers


@pytest.fixture(autouse=True)
def silence(app: object) -> Iterator[None]:
    """The bell of the test's own: nothing is in the queue."""
    bell.redis().flushdb()
    yield
    bell.redis().flushdb()


@pytest.fixture
def purchase(bob: Account) -> Purchase:
    """Open at Stripe."""
    return begun(bob)


@pytest.fixture
def event(sandbox: Sandbox, purchase: Purchase) -> dict[str, Any]:
    """It was paid, which nobody has heard."""
    sandbox.stripe.pay(str(purchase.session_id))
    return next(one for one in sandbox.stripe.events if one["type"].startswith("checkout."))


def rung() -> list[tuple[str, int]]:
    return [(job.func_name, *job.args) for job in bell.queue(bell.MONEY).jobs]


@pytest.mark.both_databases
def test_a_genuine_one_rings_and_grants_nothing_itself(
    visit: Visit, purchase: Purchase, event: dict[str, Any], workers: Workers, bob: Account
) -> None:
    answer = tell(visit(None), event)
    assert (answer.status_code, answer.data) == (204, b"")
    assert rung() == [(CHECK, purchase.id)]
    assert HeardWebhook.get().event_id == event["id"]
    assert fresh(purchase).status is PurchaseStatus.OPEN
    workers.step()
    assert numbers(bob) == (1000, 0, 0)


@pytest.mark.both_databases
def test_a_repeat_is_answered_and_does_nothing(
    visit: Visit, purchase: Purchase, event: dict[str, Any]
) -> None:
    for _ in range(3):
        assert tell(visit(None), event).status_code == 204
    assert rung() == [(CHECK, purchase.id)]
    assert HeardWebhook.select().count() == 1


FORGERIES = {
    "another secret": {"secret": "whsec_somebody_else"},
    "no secret": {"secret": ""},
    "stale": {"timestamp": int(time.time()) - 301},
    "no signature": {"Stripe-Signature": ""},
    "garbled": {"Stripe-Signature": "t=now,v1=zz"},
    "not ascii": {"Stripe-Signature": "t=1,v1=é"},
    "another scheme": {"Stripe-Signature": f"t={int(time.time())},v0=00"},
}


@pytest.mark.both_databases
@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_or_stale_one_is_401_and_leaves_nothing(
    visit: Visit,
    purchase: Purchase,
    event: dict[str, Any],
    forgery: dict[str, Any],
) -> None:
    answer = tell(visit(None), event, **forgery)
    assert (answer.status_code, answer.data) == (401, b"")
    assert (rung(), HeardWebhook.select().count()) == ([], 0)


def test_one_without_any_signature_is_401(visit: Visit, event: dict[str, Any]) -> None:
    answer = visit(None).post("/webhooks/stripe", data=body_of(event), bare=True)
    assert answer.status_code == 401


def test_a_changed_body_under_a_good_signature_is_401(visit: Visit, event: dict[str, Any]) -> None:
    body = body_of(event)
    signed: dict[str, Any] = {"Stripe-Signature": signature_header(body)}
    answer = tell(visit(None), body.replace(b'"paid"', b'"free"'), **signed)
    assert answer.status_code == 401


GARBAGE = {
    "nothing": b"",
    "bytes": b"\xff\xfe\x00\x80",
    "half": b'{"id": ',
    "list": b"[]",
    "null": b"null",
    "no members": b'{"object": "event"}',
    "deep": b"[" * 50_000,
    "large": b"x" * 500_000,
}


@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("secret", ["genuine", "forged"])
def test_garbage_is_401(visit: Visit, secret: str, body: bytes) -> None:
    forged: dict[str, Any] = {"secret": FORGED_SECRET} if secret == "forged" else {}
    assert tell(visit(None), body, **forged).status_code == 401
    assert HeardWebhook.select().count() == 0


def test_too_much_is_413(visit: Visit) -> None:
    assert tell(visit(None), b"x" * (2 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.both_databases
def test_one_about_somebody_elses_business_is_204(visit: Visit, event: dict[str, Any]) -> None:
    Purchase.delete().execute()
    assert tell(visit(None), event).status_code == 204
    assert (
        tell(visit(None), {**event, "id": "evt_x", "type": "customer.created"}).status_code == 204
    )
    assert rung() == []


@pytest.mark.both_databases
def test_every_kind_in_reverse_order_and_twice_ends_right(
    visit: Visit, sandbox: Sandbox, purchase: Purchase, workers: Workers, bob: Account
) -> None:
    sandbox.stripe.decline(str(purchase.session_id))
    paid = sandbox.stripe.pay(str(purchase.session_id))
    dispute_id = sandbox.stripe.dispute(paid, 900)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    sandbox.stripe.refund(paid, 450)
    for event in [*reversed(sandbox.stripe.events), *sandbox.stripe.events]:
        assert tell(visit(None), event).status_code == 204
    workers.step()
    assert numbers(bob) == (750, 0, 0)
    assert fresh(purchase).declines == 1
    assert payment(fresh(purchase)) == paid


def test_an_id_of_any_length_is_remembered(visit: Visit, event: dict[str, Any]) -> None:
    assert tell(visit(None), {**event, "id": "evt_" + "x" * 500}).status_code == 204
    assert HeardWebhook.get().event_id == "evt_" + "x" * 116


def test_it_is_heard_without_redis(
    visit: Visit,
    event: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    workers: Workers,
    bob: Account,
) -> None:
    from fluxgen import settings

    away = settings.current().model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    with monkeypatch.context() as patch:
        patch.setattr(settings, "_current", away)
        assert tell(visit(None), event).status_code == 204
    workers.step()
    assert numbers(bob) == (1000, 0, 0)
