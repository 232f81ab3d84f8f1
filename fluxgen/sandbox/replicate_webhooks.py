"""Signed webhooks of the Replicate stand-in.

Only the last webhook of a prediction is tried again, for about a minute. The body is made
when it is first due; a repeat carries the same `webhook-id`, as with the real service.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import httpx

from fluxgen.sandbox.courier import Courier
from fluxgen.sandbox.replicate_faults import Faults
from fluxgen.sandbox.replicate_predictions import Prediction, document

SANDBOX_WEBHOOK_SECRET = "whsec_Zmx1eGdlbiBzYW5kYm94OiBrbm93biB0byBhbGw="
"""Known to everybody: it protects nothing, it only lets signatures be checked."""

RETRY_DELAYS_S = (1.0, 2.0, 4.0, 8.0, 16.0, 29.0)
NOT_YET_S = 0.05
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
        self.retry_delays_s = retry_delays_s
        self._courier = Courier(self._set_out, self._send, now, transport=transport)

    def follow(self, prediction: Prediction) -> None:
        """Plan the webhooks a new prediction asked for."""
        if not prediction.webhook:
            return
        if "start" in prediction.webhook_events:
            late = self._faults.strikes("webhook_reorder")
            at = prediction.ends_at + REORDERED_BY_S if late else prediction.starts_at
            self._courier.plan(at, Delivery(prediction, "start"))
        if "completed" in prediction.webhook_events:
            self._courier.plan(prediction.ends_at, Delivery(prediction, "completed"))

    def hurry(self, prediction: Prediction) -> None:
        """The prediction was cancelled: what it still waits to say is due now."""
        self._courier.hurry(lambda delivery: delivery.prediction is prediction)

    def settled(self, timeout_s: float) -> bool:
        """Wait until nothing is waiting or on its way; False if that takes too long."""
        return self._courier.settled(timeout_s)

    def close(self) -> None:
        """Send nothing more."""
        self._courier.close()

    def _set_out(self, delivery: Delivery) -> None:
        if delivery.body is None:
            now, prediction = self._now(), delivery.prediction
            ended = prediction.completed(now) is not None
            if delivery.event == "completed" and not ended:
                self._courier.plan(now + NOT_YET_S, delivery)
                return
            delivery.body = json.dumps(document(prediction, now, prediction.base_url)).encode()
            if self._faults.strikes("webhook_drop"):
                return
            if self._faults.webhook_delay_s:
                self._courier.plan(now + self._faults.webhook_delay_s, delivery)
                return
        self._courier.hand_over(delivery)
        if delivery.attempt == 0 and self._faults.strikes("webhook_duplicate"):
            self._courier.hand_over(replace(delivery, attempt=len(self.retry_delays_s)))

    def _send(self, delivery: Delivery) -> None:
        if self._post(delivery) or delivery.event != "completed":
            return
        if delivery.attempt < len(self.retry_delays_s):
            delay_s = self.retry_delays_s[delivery.attempt]
            delivery.attempt += 1
            self._courier.plan(self._now() + delay_s, delivery)

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
        return self._courier.post(str(delivery.prediction.webhook), body, headers)
