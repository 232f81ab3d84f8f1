"""Events of the Stripe sandbox: listed, signed, repeated, lost and late."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import stripe
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.run_folder import until as came_true
from fluxgen.sandbox.stripe import SANDBOX_STRIPE_WEBHOOK_SECRET, signature_header
from fluxgen.sandbox.stripe_people import MARKED_DIGITS, MARKS
from fluxgen.sandbox.stripe_webhooks import FORGED_SECRET
from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import RunningClock, Shop, opened
from tests.support.sandboxes import SandboxServer


@dataclass
class Endpoint:
    """A WSGI app that remembers what it was sent; it fails the first `failures` times."""

    failures: int = 0
    got: list[tuple[str, bytes]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Response:
        with self.lock:
            self.got.append((request.headers["Stripe-Signature"], request.get_data()))
            refuse = len(self.got) <= self.failures
        return Response(status=500 if refuse else 200)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


@pytest.fixture
def endpoint() -> Endpoint:
    return Endpoint()


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


@pytest.fixture
def told(sandbox_server: SandboxServer, endpoint: Endpoint) -> Iterator[Shop]:
    """A shop on real time whose events arrive at the endpoint."""
    transport = httpx.WSGITransport(app=Request.application(endpoint.answer))
    address = {"SANDBOX_STRIPE_WEBHOOK_URL": "https://shop.test/webhooks/stripe"}
    with opened(sandbox_server, RunningClock(), transport, **address) as made:
        made.sandbox.webhooks.retry_delays_s = (0.01, 0.02, 0.03)
        yield made


def pay(shop: Shop) -> str:
    """Buy once, and wait until the webhooks are through."""
    paid = shop.sandbox.pay(shop.open().id)
    assert shop.sandbox.webhooks.settled(5)
    return paid


def checked(header: str, body: bytes) -> Any:
    """The event, if the official client takes it for genuine."""
    return stripe.Webhook.construct_event(body, header, SANDBOX_STRIPE_WEBHOOK_SECRET)


def test_events_are_signed_as_the_official_client_checks_them(
    told: Shop, endpoint: Endpoint
) -> None:
    pay(told)
    assert endpoint.kinds == ["checkout.session.completed"]
    event = checked(*endpoint.got[0])
    assert (event.api_version, event.livemode) == ("2026-10-28.endive", False)
    assert event.data.object.payment_status == "paid"
    assert told.api.events.retrieve(event.id).pending_webhooks == 0


def test_an_event_shows_its_object_as_it_was(shop: Shop) -> None:
    made = shop.open()
    shop.sandbox.pay_later(made.id)
    shop.sandbox.settle_later(made.id)
    statuses = {
        event["type"]: event["data"]["object"]["payment_status"]
        for event in shop.sandbox.events
        if event["type"].startswith("checkout.")
    }
    assert statuses == {
        "checkout.session.completed": "unpaid",
        "checkout.session.async_payment_succeeded": "paid",
    }


def test_a_refused_event_is_sent_again_with_its_id(told: Shop, endpoint: Endpoint) -> None:
    endpoint.failures = 3
    pay(told)
    assert len(endpoint.got) == 4
    assert len({event["id"] for event in endpoint.events}) == 1


def test_retries_end(told: Shop, endpoint: Endpoint) -> None:
    endpoint.failures = 99
    pay(told)
    assert len(endpoint.got) == 4


def test_lost_and_doubled(told: Shop, endpoint: Endpoint) -> None:
    told.sandbox.faults.webhook_drop = True
    pay(told)
    assert endpoint.got == []
    told.sandbox.faults.change({"webhook_duplicate": True}, replace=True)
    pay(told)
    assert len(endpoint.got) == 2
    assert len({event["id"] for event in endpoint.events}) == 1


def test_a_forged_event_does_not_pass_and_comes_again_genuine(
    told: Shop, endpoint: Endpoint
) -> None:
    told.sandbox.faults.webhook_forged = 1
    endpoint.failures = 1
    pay(told)
    with pytest.raises(stripe.SignatureVerificationError):
        checked(*endpoint.got[0])
    assert checked(*endpoint.got[1]).type == "checkout.session.completed"


def test_a_stale_event_does_not_pass(shop: Shop) -> None:
    shop.sandbox.pay(shop.open().id)
    body, headers = shop.sandbox.signed(shop.sandbox.events[-1])
    assert checked(headers["Stripe-Signature"], body).type == "checkout.session.completed"
    for header in (
        signature_header(body, timestamp=int(time.time()) - 301),
        signature_header(body, FORGED_SECRET),
    ):
        with pytest.raises(stripe.SignatureVerificationError):
            checked(header, body)


def test_a_reordered_event_is_overtaken(told: Shop, endpoint: Endpoint) -> None:
    told.sandbox.faults.webhook_reorder = 1
    made = told.open()
    told.sandbox.pay_later(made.id)
    told.sandbox.settle_later(made.id)
    assert told.sandbox.webhooks.settled(5)
    assert endpoint.kinds == [
        "checkout.session.async_payment_succeeded",
        "checkout.session.completed",
    ]


def test_a_delayed_event_waits(told: Shop, endpoint: Endpoint) -> None:
    told.sandbox.faults.webhook_delay_s = 0.2
    began = time.monotonic()
    pay(told)
    assert time.monotonic() - began >= 0.2
    assert len(endpoint.got) == 1


def test_a_delayed_payment_settles_and_a_session_expires_by_themselves(
    sandbox_server: SandboxServer, endpoint: Endpoint, clock: Clock
) -> None:
    transport = httpx.WSGITransport(app=Request.application(endpoint.answer))
    with opened(sandbox_server, clock, transport) as made:
        httpx.post(f"{made.url}/_webhook_url", json={"url": "https://shop.test/s"}, timeout=30)
        left = made.open(expires_at=int(clock.at) + 1800)
        bought = made.open()
        httpx.post(bought.url, data={"act": "later"}, timeout=30)
        clock.at += 8
        assert made.session(bought.id)["payment_status"] == "paid"
        clock.at += 1800
        assert came_true(lambda: "checkout.session.expired" in endpoint.kinds, 5)
        assert made.session(left.id)["url"] is None


def test_the_list_is_newest_first_by_kind_and_time(shop: Shop) -> None:
    bought = []
    for _ in range(3):
        bought.append(shop.open().id)
        shop.sandbox.pay(bought[-1])
        shop.clock.at += 10
    events = shop.api.events

    def subjects(**params: object) -> list[str]:
        listed = events.list(params={"type": "checkout.session.completed", **params})
        return [event.data.object.id for event in listed.auto_paging_iter()]

    assert subjects(limit=2) == bought[::-1]
    assert subjects(created={"gte": int(shop.clock.at) - 20}) == bought[:0:-1]
    kinds = {event.type for event in events.list(params={"types": ["charge.*"]}).data}
    assert kinds == {"charge.succeeded"}
    shop.clock.at += 31 * 24 * 3600
    assert events.list().data == []


def test_what_is_known_of_a_payer_is_marked(shop: Shop) -> None:
    made = shop.open()
    assert not any(mark in json.dumps(shop.session(made.id)) for mark in MARKS)
    shop.sandbox.dispute(shop.sandbox.pay(made.id))
    told = json.dumps(shop.sandbox.events)
    assert all(mark in told for mark in (*MARKS, MARKED_DIGITS[0]))
