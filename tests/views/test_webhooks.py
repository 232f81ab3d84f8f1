"""Webhooks: verified, remembered by id, and answered by ringing the bell."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from fluxgen import generations
from fluxgen.jobs import bell
from fluxgen.models import Account, Generation, HeardWebhook, Status
from fluxgen.sandbox.replicate_webhooks import SANDBOX_WEBHOOK_SECRET, signature
from tests.support.cast import Browser
from tests.support.log_lines import recorded
from tests.support.making import Visit, ask, latest
from tests.support.workers import Workers, pass_time

MARKER = "marker-7f3a9c"
BODY = json.dumps({"id": "p1", "status": "succeeded", "input": {"prompt": MARKER}}).encode()
FORGER = "whsec_Zm9yZ2Vk"


@pytest.fixture(autouse=True)
def silence(app: object) -> Iterator[None]:
    """The bell of the test's own: nothing is in the queue."""
    bell.redis().flushdb()
    yield
    bell.redis().flushdb()


@pytest.fixture
def sent(visit: Visit, alice: Account, workers: Workers) -> Generation:
    """A generation that the provider has, and for which nobody rings."""
    generation = ask(visit(alice))
    workers.step()
    bell.redis().flushdb()
    row = latest(generation)
    assert row.status is Status.RUNNING
    return row


def deliver(
    client: Browser,
    token: str | None,
    body: bytes = BODY,
    *,
    secret: str = SANDBOX_WEBHOOK_SECRET,
    age_s: int = 0,
    **changes: str,
) -> TestResponse:
    """A webhook as the provider sends it, unless changed."""
    at = int(time.time()) - age_s
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signature(secret, changes.get("webhook-id", "msg_1"), at, body),
        **changes,
    }
    return client.post(f"/webhooks/replicate/{token}", data=body, headers=headers, bare=True)


def rings() -> int:
    """How many steps are asked for."""
    return len(bell.queue())


@pytest.mark.both_databases
def test_a_signed_one_rings_the_bell(visit: Visit, sent: Generation) -> None:
    answer = deliver(visit(None), sent.attempt_token)
    assert (answer.status_code, answer.data) == (204, b"")
    assert rings() == 1
    assert HeardWebhook.get().event_id == "msg_1"


def test_it_changes_nothing_itself(visit: Visit, sent: Generation) -> None:
    deliver(visit(None), sent.attempt_token)
    assert latest(sent).status is Status.RUNNING


def test_a_repeat_is_heard_and_does_not_ring(visit: Visit, sent: Generation) -> None:
    for _ in range(3):
        assert deliver(visit(None), sent.attempt_token).status_code == 204
        bell.redis().flushdb()
    deliver(visit(None), sent.attempt_token)
    assert rings() == 0
    assert HeardWebhook.select().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": FORGER},
        {"age_s": 301},
        {"age_s": -301},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-id": ""},
    ],
    ids=str,
)
def test_a_forged_or_stale_one_is_401(
    visit: Visit, sent: Generation, wrong: dict[str, str | int]
) -> None:
    answer = deliver(visit(None), sent.attempt_token, **wrong)  # type: ignore[arg-type]
    assert (answer.status_code, answer.data) == (401, b"")
    assert rings() == HeardWebhook.select().count() == 0


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_an_unsigned_one_is_401(visit: Visit, sent: Generation, missing: str) -> None:
    at = int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signature(SANDBOX_WEBHOOK_SECRET, "msg_1", at, BODY),
    }
    headers.pop(missing)
    address = f"/webhooks/replicate/{sent.attempt_token}"
    assert visit(None).post(address, data=BODY, headers=headers).status_code == 401


def test_another_body_under_the_same_signature_is_401(visit: Visit, sent: Generation) -> None:
    at = int(time.time())
    signed = signature(SANDBOX_WEBHOOK_SECRET, "msg_1", at, b"{}")
    changes = {"webhook-timestamp": str(at), "webhook-signature": signed}
    assert deliver(visit(None), sent.attempt_token, **changes).status_code == 401  # type: ignore[arg-type]


def test_an_unknown_token_is_404(visit: Visit, sent: Generation) -> None:
    assert deliver(visit(None), "x" * 43).status_code == 404
    assert deliver(visit(None), "%00").status_code == 404
    assert HeardWebhook.select().count() == 0


GARBAGE = {
    "nothing": b"",
    "bytes": b"\xff\xfe\x00\x80",
    "half": b'{"id": ',
    "list": b"[]",
    "large": b"x" * 100_000,
    "null": b"\x00" * 64,
}


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE)
def test_garbage_never_breaks_anything(
    visit: Visit, sent: Generation, body: bytes, signed: bool
) -> None:
    secret = SANDBOX_WEBHOOK_SECRET if signed else FORGER
    answer = deliver(visit(None), sent.attempt_token, body, secret=secret)
    assert answer.status_code in {204, 400, 401}
    if not signed:
        assert answer.status_code == 401


def test_too_much_is_413(visit: Visit, sent: Generation) -> None:
    answer = deliver(visit(None), sent.attempt_token, b"x" * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_for_an_ended_one_nobody_rings(visit: Visit, sent: Generation, workers: Workers) -> None:
    workers.work()
    bell.redis().flushdb()
    assert deliver(visit(None), latest(sent).attempt_token).status_code == 204
    assert rings() == 0


def test_the_body_is_neither_kept_nor_logged(
    visit: Visit, sent: Generation, tmp_path: Path
) -> None:
    with recorded() as said:
        deliver(visit(None), sent.attempt_token)
        deliver(visit(None), sent.attempt_token, secret=FORGER)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"msg_1" in kept  # the scan can find something
    assert MARKER.encode() not in kept
    redis = bell.redis()
    stored = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    assert MARKER.encode() not in stored
    logged = said.getvalue()
    assert logged.count('"/webhooks/replicate/<attempt_token>"') == 2  # it can be read at all
    for secret in (MARKER, str(sent.attempt_token), "msg_1"):
        assert secret not in logged


def test_ids_are_forgotten_after_a_week(visit: Visit, sent: Generation) -> None:
    from fluxgen import housekeeping

    deliver(visit(None), sent.attempt_token)
    pass_time(7 * 24 * 3600 + 1)
    housekeeping.forget_expired()
    assert HeardWebhook.select().count() == 0


def test_a_webhook_of_an_attempt_that_was_given_up_is_unknown(
    visit: Visit, sent: Generation
) -> None:
    old = sent.attempt_token
    assert old is not None and generations.by_attempt(old) is not None
    Generation.update(attempt_token="y" * 43).execute()
    assert deliver(visit(None), old).status_code == 404
