"""Signed webhooks of the Stripe stand-in, to one endpoint, in no promised order.

The signing key is the whole secret as written, and a repeat is signed anew with its own time.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx

from fluxgen.sandbox.courier import Courier
from fluxgen.sandbox.stripe_faults import StripeFaults

SANDBOX_STRIPE_WEBHOOK_SECRET = "whsec_sandbox_known_to_everybody_and_protecting_nothing"
"""The whole string is the key."""

FORGED_SECRET = "whsec_somebody_else"
RETRY_DELAYS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
REORDERED_BY_S = 0.5


def signature_header(
    body: bytes,
    secret: str = SANDBOX_STRIPE_WEBHOOK_SECRET,
    timestamp: int | None = None,
) -> str:
    """The value of `Stripe-Signature`; `timestamp` in unix seconds, now if not given."""
    at = int(time.time()) if timestamp is None else timestamp
    signed = hmac.digest(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hex()}"


def body_of(event: Mapping[str, Any]) -> bytes:
    """An event as it is sent."""
    return json.dumps(event, indent=2).encode()


@dataclass
class Delivery:
    """One event on its way."""

    event: dict[str, Any]
    attempt: int = 0


class StripeWebhooks:
    """Tells the endpoint at `url` every event; with no address, nobody is told."""

    def __init__(
        self,
        faults: StripeFaults,
        now: Callable[[], float],
        *,
        url: str = "",
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url
        self.retry_delays_s: Sequence[float] = RETRY_DELAYS_S
        self._faults = faults
        self._now = now
        self._courier = Courier(self._set_out, self._send, now, transport=transport)

    def tell(self, event: dict[str, Any]) -> None:
        """Send this event soon."""
        if not self.url or self._faults.strikes("webhook_drop"):
            return
        late_s = self._faults.webhook_delay_s
        if self._faults.strikes("webhook_reorder"):
            late_s += REORDERED_BY_S
        self._courier.plan(self._now() + late_s, Delivery(event))

    def settled(self, timeout_s: float) -> bool:
        """Wait until nothing is waiting or on its way; False if that takes too long."""
        return self._courier.settled(timeout_s)

    def close(self) -> None:
        """Send nothing more."""
        self._courier.close()

    def _set_out(self, delivery: Delivery) -> None:
        self._courier.hand_over(delivery)
        if delivery.attempt == 0 and self._faults.strikes("webhook_duplicate"):
            self._courier.hand_over(replace(delivery, attempt=len(self.retry_delays_s)))

    def _send(self, delivery: Delivery) -> None:
        if self._post(delivery.event):
            delivery.event["pending_webhooks"] = 0
        elif delivery.attempt < len(self.retry_delays_s):
            delay_s = self.retry_delays_s[delivery.attempt]
            self._courier.plan(
                self._now() + delay_s, replace(delivery, attempt=delivery.attempt + 1)
            )

    def _post(self, event: dict[str, Any]) -> bool:
        body = body_of(event)
        forged = self._faults.strikes("webhook_forged")
        secret = FORGED_SECRET if forged else SANDBOX_STRIPE_WEBHOOK_SECRET
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature_header(body, secret),
            "user-agent": "Stripe/1.0 (sandbox)",
        }
        return self._courier.post(self.url, body, headers)
