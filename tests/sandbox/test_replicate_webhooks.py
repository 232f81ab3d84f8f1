"""Webhooks: signed as the official client checks them, repeated, lost and late."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from replicate.webhook import Webhooks, WebhookSigningSecret
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox import Sandbox, create_sandbox
from fluxgen.sandbox.replicate import ReplicateSandbox
from fluxgen.sandbox.replicate_webhooks import SANDBOX_WEBHOOK_SECRET
from tests.sandbox.conftest import QUICK, official

SCHNELL = "black-forest-labs/flux-schnell"


@dataclass
class Receiver:
    """A WSGI app that remembers what it was sent; it fails the first `failures` times."""

    failures: int = 0
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> Response:
        with self.lock:
            self.got.append((dict(request.headers), request.get_data(as_text=True)))
            refuse = len(self.got) <= self.failures
        return Response(status=500 if refuse else 204)

    @property
    def statuses(self) -> list[str]:
        return [json.loads(body)["status"] for _, body in self.got]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def hooked(receiver: Receiver) -> Iterator[Sandbox]:
    """A fast sandbox on real time whose webhooks arrive at the receiver."""
    transport = httpx.WSGITransport(app=Request.application(receiver.answer))
    made = create_sandbox({**QUICK, "SANDBOX_PACE": "0.01"}, webhook_transport=transport)
    made.replicate.webhooks.retry_delays_s = (0.01, 0.02, 0.03)
    yield made
    made.close()


def create(sandbox: Sandbox, events: tuple[str, ...] = ("start", "completed")) -> str:
    """Create a prediction and wait until its webhooks are through."""
    made = official(sandbox).models.predictions.create(
        SCHNELL,
        input={"prompt": "a fox"},
        webhook="https://app.test/hooks?g=1",
        webhook_events_filter=list(events),
    )
    assert settled(sandbox.replicate)
    return str(made.id)


def settled(sandbox: ReplicateSandbox) -> bool:
    return sandbox.webhooks.settled(5)


def test_start_and_end_are_told_and_signed(hooked: Sandbox, receiver: Receiver) -> None:
    made = create(hooked)
    # on a busy machine the start is told when the end has come: the body says how it is by then
    assert receiver.statuses[0] in {"processing", "succeeded"}
    assert receiver.statuses[1:] == ["succeeded"]
    assert all(json.loads(body)["id"] == made for _, body in receiver.got)
    for headers, body in receiver.got:
        Webhooks.validate(
            headers=headers,
            body=body,
            secret=WebhookSigningSecret(key=SANDBOX_WEBHOOK_SECRET),
            tolerance=300,
        )


def test_only_the_events_asked_for(hooked: Sandbox, receiver: Receiver) -> None:
    create(hooked, ("completed",))
    assert receiver.statuses == ["succeeded"]


def test_the_last_one_is_repeated_with_the_same_id(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.failures = 3
    create(hooked, ("completed",))
    assert receiver.statuses == ["succeeded"] * 4
    assert len({headers["Webhook-Id"] for headers, _ in receiver.got}) == 1


def test_the_first_one_is_never_repeated(hooked: Sandbox, receiver: Receiver) -> None:
    receiver.failures = 99
    create(hooked, ("start",))
    assert len(receiver.got) == 1


def test_lost_doubled_and_reordered(hooked: Sandbox, receiver: Receiver) -> None:
    faults = hooked.replicate.faults
    faults.webhook_drop = True
    create(hooked)
    assert receiver.got == []
    faults.change({"webhook_duplicate": True}, replace=True)
    create(hooked, ("completed",))
    assert receiver.statuses == ["succeeded", "succeeded"]
    assert len({headers["Webhook-Id"] for headers, _ in receiver.got}) == 1
    receiver.got.clear()
    faults.change({"webhook_reorder": 1}, replace=True)
    create(hooked)
    assert len(receiver.got) == 2
    ids = [json.loads(body)["completed_at"] is not None for _, body in receiver.got]
    assert ids == [True, True]


def test_a_forged_one_does_not_pass(hooked: Sandbox, receiver: Receiver) -> None:
    hooked.replicate.faults.webhook_forged = 1
    create(hooked, ("completed",))
    headers, body = receiver.got[0]
    with pytest.raises(ValueError, match="signature"):
        Webhooks.validate(
            headers=headers, body=body, secret=WebhookSigningSecret(key=SANDBOX_WEBHOOK_SECRET)
        )


def test_cancelling_is_told_at_once(receiver: Receiver) -> None:
    transport = httpx.WSGITransport(app=Request.application(receiver.answer))
    sandbox = create_sandbox({**QUICK, "SANDBOX_PACE": "20"}, webhook_transport=transport)
    client = official(sandbox)
    made = client.models.predictions.create(
        SCHNELL,
        input={"prompt": "a fox"},
        webhook="https://app.test/hooks",
        webhook_events_filter=["completed"],
    )
    client.predictions.cancel(made.id)
    assert settled(sandbox.replicate)
    assert receiver.statuses == ["canceled"]
    sandbox.close()


def test_the_secret_can_be_asked_for(sandbox: Sandbox) -> None:
    assert official(sandbox).webhooks.default.secret().key == SANDBOX_WEBHOOK_SECRET
