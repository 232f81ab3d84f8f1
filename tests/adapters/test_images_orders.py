"""Ordering pictures: what is sent, and what each answer to it means."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from fluxgen.adapters.images import DEFAULT_RETRY_S, ReplicateImages
from fluxgen.adapters.replicate_transport import RETRY_AFTER_MAX_S
from fluxgen.errors import MayWorkLater, NeverWill, OutcomeUnknown
from fluxgen.sandbox import Sandbox
from tests.adapters.wires import TOKEN, breaking, images_over, order, saying
from tests.support.transports import Recorder

BAD_GATEWAY = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def made(sandbox: Sandbox) -> list[Any]:
    return list(sandbox.replicate.predictions.newest_first())


def test_an_order_becomes_a_prediction(sandbox: Sandbox, images: ReplicateImages) -> None:
    prediction_id = images.start(order(num_outputs=2))
    (prediction,) = made(sandbox)
    assert prediction.id == prediction_id
    assert prediction.input == {"prompt": "a red fox", "seed": 7, "num_outputs": 2}


def test_an_order_has_a_deadline_at_the_provider(
    sandbox: Sandbox, images: ReplicateImages, wire: Recorder
) -> None:
    images.start(order())
    assert wire.requests[0].headers["Cancel-After"] == "10m"
    (prediction,) = made(sandbox)
    assert prediction.deadline_at - prediction.created_at == 600


def test_an_order_does_not_wait_for_its_picture(images: ReplicateImages, wire: Recorder) -> None:
    images.start(order())
    assert "Prefer" not in wire.requests[0].headers


def test_no_request_is_without_a_timeout(images: ReplicateImages, wire: Recorder) -> None:
    prediction_id = images.start(order())
    images.check(prediction_id)
    images.find(order())
    images.cancel(prediction_id)
    assert len(wire.requests) == 4
    for request in wire.requests:
        limits = request.extensions["timeout"]
        assert set(limits) == {"connect", "read", "write", "pool"}
        assert all(limit and limit <= 20 for limit in limits.values())


def test_the_webhook_names_the_attempt(sandbox: Sandbox, images: ReplicateImages) -> None:
    images.start(order(token="attempt-9"))
    (prediction,) = made(sandbox)
    assert prediction.webhook == "https://fluxgen.test/webhooks/replicate/attempt-9"
    assert set(prediction.webhook_events) == {"start", "completed"}


def test_where_webhooks_cannot_come_none_is_asked_for(sandbox: Sandbox, wire: Recorder) -> None:
    images_over(wire, sends_webhooks=False).start(order())
    assert made(sandbox)[0].webhook is None
    assert "webhook" not in json.loads(wire.requests[0].content)


def test_the_token_goes_to_the_provider(images: ReplicateImages, wire: Recorder) -> None:
    images.start(order())
    assert wire.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("create_refuse", "refused"),
        ("create_unauthorised", "unavailable"),
        ("create_no_credit", "unavailable"),
    ],
)
def test_a_refusal_is_for_good(
    sandbox: Sandbox, images: ReplicateImages, fault: str, reason: str
) -> None:
    sandbox.replicate.faults.change({fault: True})
    with pytest.raises(NeverWill) as refusal:
        images.start(order())
    assert refusal.value.reason == reason
    assert made(sandbox) == []


def test_a_field_the_model_does_not_know_is_a_refusal(images: ReplicateImages) -> None:
    with pytest.raises(NeverWill, match="refused"):
        images.start(order(negative_prompt="cats"))


def test_a_throttled_order_waits_as_long_as_it_is_told(
    sandbox: Sandbox, images: ReplicateImages, wire: Recorder
) -> None:
    sandbox.replicate.faults.change({"create_throttle": 1, "retry_after": 17})
    with pytest.raises(MayWorkLater) as trouble:
        images.start(order())
    assert trouble.value.retry_after_s == 17
    assert len(wire.requests) == 1  # no retry of the client's own
    assert made(sandbox) == []


@pytest.mark.parametrize(
    ("fault", "predictions"),
    [("create_error", 0), ("create_bad_gateway", 0), ("create_lost", 1), ("create_dropped", 1)],
)
def test_an_answer_that_says_nothing_leaves_the_outcome_open(
    sandbox: Sandbox, images: ReplicateImages, wire: Recorder, fault: str, predictions: int
) -> None:
    sandbox.replicate.faults.change({fault: True})
    with pytest.raises(OutcomeUnknown):
        images.start(order())
    assert len(made(sandbox)) == predictions
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"detail": "bad"}, NeverWill("refused")),
        (401, {"detail": "who"}, NeverWill("unavailable")),
        (402, {"detail": "money"}, NeverWill("unavailable")),
        (403, {"detail": "no"}, NeverWill("unavailable")),
        (404, {"detail": "gone"}, NeverWill("refused")),
        (422, {"detail": "- input.prompt: no"}, NeverWill("refused")),
        (422, b"not json", NeverWill("refused")),
        (429, {"detail": "slow"}, MayWorkLater("busy")),
        (500, {"detail": "oops"}, OutcomeUnknown()),
        (500, b"", OutcomeUnknown()),
        (502, BAD_GATEWAY, OutcomeUnknown()),
        (503, BAD_GATEWAY, OutcomeUnknown()),
        (504, BAD_GATEWAY, OutcomeUnknown()),
        (201, BAD_GATEWAY, OutcomeUnknown()),
        (201, ["what"], OutcomeUnknown()),
    ],
)
def test_every_answer_to_an_order_has_one_meaning(status: int, body: Any, error: Exception) -> None:
    provider = saying(status, body)
    with pytest.raises(type(error)) as raised:
        images_over(provider).start(order())
    assert getattr(raised.value, "reason", "") == getattr(error, "reason", "")
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    ("body", "headers", "retry_after_s"),
    [
        ({}, {"Retry-After": "7"}, 7),
        ({"retry_after": 9}, {}, 9),
        ({"retry_after": 9}, {"Retry-After": "7"}, 7),
        ({"retry_after": "soon"}, {}, DEFAULT_RETRY_S),
        ({}, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, DEFAULT_RETRY_S),
        (b"slow down", {}, DEFAULT_RETRY_S),
        (["slow down"], {}, DEFAULT_RETRY_S),
        ({}, {"Retry-After": "86400"}, RETRY_AFTER_MAX_S),
    ],
)
def test_the_wait_is_read_from_header_or_body(
    body: Any, headers: dict[str, str], retry_after_s: float | None
) -> None:
    with pytest.raises(MayWorkLater) as trouble:
        images_over(saying(429, body, **headers)).start(order())
    assert trouble.value.retry_after_s == retry_after_s


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_never_left_may_be_sent_again(trouble: type[httpx.TransportError]) -> None:
    with pytest.raises(MayWorkLater):
        images_over(breaking(trouble)).start(order())


@pytest.mark.parametrize(
    "trouble",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError],
)
def test_what_left_without_an_answer_must_be_looked_for(
    trouble: type[httpx.TransportError],
) -> None:
    with pytest.raises(OutcomeUnknown):
        images_over(breaking(trouble)).start(order())


def test_a_closed_port_is_not_reached() -> None:
    with pytest.raises(MayWorkLater, match="not reached"):
        images_over(None, base_url="http://127.0.0.1:1").start(order())
