"""Asking after pictures: every word of the provider's in ours, and lost orders found again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import httpx
import pytest

from fluxgen import clock
from fluxgen.adapters.images import LIST_PAGES_MAX, LOOK_BACK_S, Prediction, Progress
from fluxgen.adapters.images import ReplicateImages as Images
from fluxgen.errors import MayWorkLater, NeverWill, OutcomeUnknown
from fluxgen.production import SANDBOX_WEBHOOK_SECRET
from fluxgen.sandbox import Sandbox
from tests.adapters.wires import PRO, breaking, images_over, listed, order, saying
from tests.support.transports import Recorder
from tests.support.workers import pass_time

URL = "https://replicate.delivery/a.webp"


def said(status: str, **more: Any) -> Prediction:
    return images_over(saying(200, listed(status, **more))).check("p1")


@pytest.mark.parametrize(
    ("status", "progress", "failure"),
    [
        ("starting", Progress.QUEUED, None),
        ("processing", Progress.RUNNING, None),
        ("warming", Progress.RUNNING, None),
        ("", Progress.RUNNING, None),
        ("failed", Progress.FAILED, "failed"),
        ("canceled", Progress.CANCELLED, "stopped"),
        ("aborted", Progress.CANCELLED, "stopped"),
    ],
)
def test_every_status_has_a_meaning(status: str, progress: Progress, failure: str | None) -> None:
    assert said(status) == Prediction("p1", progress, failure=failure)


@pytest.mark.parametrize(
    ("output", "urls"),
    [
        (URL, (URL,)),
        ([URL], (URL,)),
        ([URL, "https://replicate.delivery/b.webp"], (URL, "https://replicate.delivery/b.webp")),
        ([None, URL], (URL,)),
    ],
)
def test_an_output_may_be_an_address_or_a_list(output: Any, urls: tuple[str, ...]) -> None:
    assert said("succeeded", output=output).output_urls == urls


@pytest.mark.parametrize("output", [None, [], "", [None]])
def test_a_success_without_output_is_nothing(output: Any) -> None:
    found = said("succeeded", output=output)
    assert (found.output_urls, found.failure) == ((), "nothing")


def test_a_success_whose_output_is_gone_is_lost() -> None:
    assert said("succeeded", output=None, data_removed=True).failure == "lost"


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ("Prediction interrupted; please retry (code: PA)", "failed"),
        ("All generated images contained NSFW content.", "blocked"),
        ("The input or output was flagged as sensitive. (E005)", "blocked"),
        ("Request blocked by moderation", "blocked"),
        ({"code": 7}, "failed"),
        (None, "failed"),
    ],
)
def test_a_failure_is_one_of_our_words(error: Any, failure: str) -> None:
    assert said("failed", error=error).failure == failure


@pytest.mark.parametrize(
    ("logs", "percent"),
    [
        ("Using seed: 7\n 25%|██▌       | 1/4 [00:01<00:03,  1.00it/s]\n", 25),
        ("Generating image...\n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_percentage_is_shown_only_where_the_model_logs_one(
    logs: str | None, percent: int | None
) -> None:
    assert said("processing", logs=logs).percent == percent


@pytest.mark.parametrize(("model", "extension"), [("", "webp"), (PRO, "webp")])
def test_both_shapes_of_output_come_from_the_sandbox(
    images: Images, model: str, extension: str
) -> None:
    asked = order(model=model) if model else order()
    found = images.check(images.start(asked))
    assert found.progress is Progress.SUCCEEDED
    assert [url.rpartition(".")[2] for url in found.output_urls] == [extension]


@pytest.mark.parametrize(
    ("fault", "progress", "failure"),
    [
        ("predict_fail", Progress.FAILED, "failed"),
        ("predict_nsfw", Progress.FAILED, "blocked"),
        ("predict_abort", Progress.CANCELLED, "stopped"),
        ("output_null", Progress.SUCCEEDED, "nothing"),
        ("output_empty", Progress.SUCCEEDED, "nothing"),
        ("output_expired", Progress.SUCCEEDED, "lost"),
        ("output_swapped", Progress.SUCCEEDED, None),
    ],
)
def test_every_ending_of_the_sandbox_is_understood(
    sandbox: Sandbox, images: Images, fault: str, progress: Progress, failure: str | None
) -> None:
    sandbox.replicate.faults.change({fault: True})
    found = images.check(images.start(order()))
    assert (found.progress, found.failure) == (progress, failure)


@pytest.mark.parametrize("status", [401, 402, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("question", ["check", "cancel", "find"])
def test_a_question_without_an_answer_is_asked_again_later(status: int, question: str) -> None:
    provider = saying(status, b"<html>", **{"Retry-After": "600"})
    about = order() if question == "find" else "p1"
    with pytest.raises(MayWorkLater):
        getattr(images_over(provider), question)(about)
    assert len(provider.requests) == 1  # and the client did not sleep for ten minutes


@pytest.mark.parametrize("trouble", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError])
def test_a_broken_line_is_tried_again_later(trouble: type[httpx.TransportError]) -> None:
    with pytest.raises(MayWorkLater):
        images_over(breaking(trouble)).check("p1")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'"p1"'])
def test_a_garbled_answer_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(MayWorkLater):
        images_over(saying(200, body)).check("p1")


def test_a_prediction_nobody_knows_is_lost(images: Images) -> None:
    with pytest.raises(NeverWill, match="lost"):
        images.check("nothing-like-it")


def test_a_cancelled_prediction_stops(sandbox: Sandbox, images: Images) -> None:
    sandbox.replicate.workshop.pace = 1.0
    prediction_id = images.start(order())
    images.cancel(prediction_id)
    assert images.check(prediction_id).progress is Progress.CANCELLED


def test_cancelling_what_has_ended_does_no_harm(images: Images) -> None:
    prediction_id = images.start(order())
    images.cancel(prediction_id)
    assert images.check(prediction_id).progress is Progress.SUCCEEDED


@pytest.mark.parametrize("fault", ["create_lost", "create_dropped"])
def test_a_lost_order_is_found_by_seed_and_prompt(
    sandbox: Sandbox, images: Images, fault: str
) -> None:
    asked = order(seed=7)
    images.start(order(seed=8))
    images.start(order("a blue fox", seed=7))
    sandbox.replicate.faults.change({fault: True})
    with pytest.raises(OutcomeUnknown):
        images.start(asked)
    newest = next(iter(sandbox.replicate.predictions.newest_first()))
    assert images.find(asked) == [newest.id]


def test_an_order_that_never_arrived_is_not_found(images: Images) -> None:
    images.start(order(seed=8))
    assert images.find(order(seed=7)) == []


def test_a_lost_order_is_found_by_its_webhook_where_that_is_echoed() -> None:
    ours = "https://fluxgen.test/webhooks/replicate/attempt-1"
    same = {"prompt": "a red fox", "seed": 7}
    results = [
        listed("starting", id="other", webhook=f"{ours}0", input=same),
        listed("starting", id="ours", webhook=ours, input={}),
        listed("starting", id="silent", input=same),
    ]
    page = {"previous": None, "next": None, "results": results}
    assert images_over(saying(200, page)).find(order()) == ["ours", "silent"]


@pytest.mark.usefixtures("app")
def test_what_is_older_than_the_order_is_not_taken_for_it(images: Images) -> None:
    images.start(order())
    pass_time(LOOK_BACK_S + 5)
    assert images.find(order()) == []


def test_a_lost_order_is_found_on_a_later_page(images: Images, wire: Recorder) -> None:
    asked = order(seed=1, at=clock.now())
    wanted = images.start(asked)
    for seed in range(2, 105):
        images.start(order("[fail]", seed=seed))
    before = len(wire.requests)
    assert images.find(asked) == [wanted]
    assert len(wire.requests) - before == 2


def test_the_search_ends_after_a_few_pages() -> None:
    endless: dict[str, Any] = {"previous": None, "next": "/v1/predictions?cursor=1", "results": []}
    provider = saying(200, endless)
    assert images_over(provider).find(order()) == []
    assert len(provider.requests) == LIST_PAGES_MAX


def _signed(body: str, age_s: float = 0) -> dict[str, str]:
    stamp = str(int(clock.now().timestamp() - age_s))
    key = base64.b64decode(SANDBOX_WEBHOOK_SECRET.removeprefix("whsec_"))
    digest = hmac.new(key, f"msg_1.{stamp}.{body}".encode(), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}


def test_a_webhook_counts_only_if_signed_lately_over_these_words(images: Images) -> None:
    assert images.is_genuine(_signed("{}"), "{}")
    assert not images.is_genuine(_signed("{}"), "{ }")
    assert not images.is_genuine(_signed("{}", age_s=3600), "{}")
    assert not images.is_genuine(_signed("{}", age_s=-3600), "{}")
    assert not images.is_genuine({**_signed("{}"), "webhook-timestamp": "soon"}, "{}")
    assert not images.is_genuine({}, "{}")
