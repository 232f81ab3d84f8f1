"""Signed webhooks of the Replicate stand-in: one thread that waits, a few that send.

Only the last webhook of a prediction is tried again, for about a minute. The body is made
when it is first due; a repeat carries the same `webhook-id`, as with the real service.
"""

import base64
import hashlib
import heapq
import hmac
import itertools
import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal

import httpx

from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.replicate_predictions import Prediction, document

log = logging.getLogger(__name__)

SANDBOX_WEBHOOK_SECRET = "whsec_Zmx1eGdlbiBzYW5kYm94OiBrbm93biB0byBhbGw="
"""Known to everybody: it protects nothing, it only lets signatures be checked."""

SENDERS = 4
SEND_TIMEOUT_S = 5.0
MAX_WAITING = 10_000
RETRY_DELAYS_S = (1.0, 2.0, 4.0, 8.0, 16.0, 29.0)
NOT_YET_S = 0.05
LONGEST_NAP_S = 0.2
REORDERED_BY_S = 0.5


def signature(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The value of the `webhook-signature` header."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


@dataclass
class Delivery:
    """One webhook on its way."""

    prediction: Prediction
    event: Literal["start", "completed"]
    body: bytes | None = None
    attempt: int = 0
    id: str = field(default_factory=lambda: f"msg_{secrets.token_urlsafe(20)}")


class Webhooks:
    """Sends what is due. `transport` replaces the network, for tests in process."""

    def __init__(
        self,
        faults: Faults,
        now: Callable[[], float],
        *,
        secret: str = SANDBOX_WEBHOOK_SECRET,
        transport: httpx.BaseTransport | None = None,
        retry_delays_s: Sequence[float] = RETRY_DELAYS_S,
    ) -> None:
        self.secret = secret
        self._faults = faults
        self._now = now
        self._retry_delays_s = retry_delays_s
        self._client = httpx.Client(transport=transport, timeout=SEND_TIMEOUT_S, trust_env=False)
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="sandbox-webhook")
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._on_the_way = 0
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def follow(self, prediction: Prediction) -> None:
        """Plan the webhooks a new prediction asked for."""
        if not prediction.webhook:
            return
        if "start" in prediction.webhook_events:
            late = self._faults.strikes("webhook_reorder")
            at = prediction.ends_at + REORDERED_BY_S if late else prediction.starts_at
            self._plan(at, Delivery(prediction, "start"))
        if "completed" in prediction.webhook_events:
            self._plan(prediction.ends_at, Delivery(prediction, "completed"))

    def hurry(self, prediction: Prediction) -> None:
        """The prediction was cancelled: what it still waits to say is due now."""
        with self._changed:
            self._waiting = [
                (min(at, self._now()) if one.prediction is prediction else at, order, one)
                for at, order, one in self._waiting
            ]
            heapq.heapify(self._waiting)
            self._changed.notify_all()

    def settled(self, timeout_s: float) -> bool:
        """Wait until nothing is waiting or on its way; False if that takes too long."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._on_the_way, timeout_s
            )

    def close(self) -> None:
        """Send nothing more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _plan(self, at: float, delivery: Delivery) -> None:
        with self._changed:
            if self._is_closed or len(self._waiting) >= MAX_WAITING:
                log.warning("a webhook was dropped: %d are waiting already", len(self._waiting))
                return
            heapq.heappush(self._waiting, (at, next(self._order), delivery))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="sandbox-webhooks", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while delivery := self._next_due():
            try:
                self._set_out(delivery)
            finally:
                self._arrived()

    def _next_due(self) -> Delivery | None:
        """Wait for the next one; None when closed. The clock may jump, so naps are short."""
        with self._changed:
            while not self._is_closed:
                if self._waiting:
                    left_s = self._waiting[0][0] - self._now()
                    if left_s <= 0:
                        self._on_the_way += 1
                        return heapq.heappop(self._waiting)[2]
                    self._changed.wait(min(left_s, LONGEST_NAP_S))
                else:
                    self._changed.wait()
        return None

    def _arrived(self) -> None:
        with self._changed:
            self._on_the_way -= 1
            self._changed.notify_all()

    def _set_out(self, delivery: Delivery) -> None:
        if delivery.body is None:
            now, prediction = self._now(), delivery.prediction
            ended = prediction.completed(now) is not None
            if delivery.event == "completed" and not ended:
                self._plan(now + NOT_YET_S, delivery)
                return
            delivery.body = json.dumps(document(prediction, now, prediction.base_url)).encode()
            if self._faults.strikes("webhook_drop"):
                return
            if self._faults.webhook_delay_s:
                self._plan(now + self._faults.webhook_delay_s, delivery)
                return
        self._hand_over(delivery)
        if delivery.attempt == 0 and self._faults.strikes("webhook_duplicate"):
            self._hand_over(replace(delivery, attempt=len(self._retry_delays_s)))

    def _hand_over(self, delivery: Delivery) -> None:
        with self._changed:
            if self._is_closed:
                return
            self._on_the_way += 1
            self._pool.submit(self._send, delivery)

    def _send(self, delivery: Delivery) -> None:
        try:
            if self._post(delivery) or delivery.event != "completed":
                return
            if delivery.attempt < len(self._retry_delays_s):
                delay_s = self._retry_delays_s[delivery.attempt]
                delivery.attempt += 1
                self._plan(self._now() + delay_s, delivery)
        finally:
            self._arrived()

    def _post(self, delivery: Delivery) -> bool:
        """Send once; whether the answer was 2xx. Redirects are not followed."""
        body, timestamp = delivery.body or b"", int(time.time())
        signed = signature(self.secret, delivery.id, timestamp, body)
        if self._faults.strikes("webhook_forged"):
            signed = signature("whsec_Zm9yZ2Vk", delivery.id, timestamp, body)
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed,
        }
        try:
            answer = self._client.post(
                str(delivery.prediction.webhook), content=body, headers=headers
            )
        except Exception:  # in process, the receiver's own errors come out here
            log.warning("webhook not delivered", exc_info=True)
            return False
        return answer.is_success
