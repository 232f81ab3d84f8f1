"""A shop at the Stripe sandbox: the official client on a real socket, and a clock to move."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import stripe

from fluxgen.sandbox import create_sandbox
from fluxgen.sandbox.stripe import StripeSandbox
from tests.sandbox.conftest import QUICK, Clock
from tests.support.sandboxes import SandboxServer

stripe.enable_telemetry = False

RETURN_URL = "https://shop.test/buy/return?session_id={CHECKOUT_SESSION_ID}"


def pack(amount: int = 1000, currency: str = "usd", **line: object) -> list[dict[str, Any]]:
    """Line items of one pack, priced in minor units."""
    price = {
        "currency": currency,
        "unit_amount": amount,
        "product_data": {"name": "500 credits"},
    }
    return [{"quantity": 1, "price_data": price, **line}]


@dataclass
class Shop:
    """What a test needs to buy and to look."""

    sandbox: StripeSandbox
    clock: Clock
    url: str

    def client(
        self, key: str = "sk_test_sandbox", *, retries: int = 0, timeout_s: float = 10
    ) -> stripe.StripeClient:
        """The official client."""
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.url},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(3, timeout_s)),
        )

    @property
    def api(self) -> Any:
        """The client's calls; untyped, because tests also send what the types forbid."""
        return self.client().v1

    def order(self, **changes: object) -> dict[str, Any]:
        """Parameters of a session as FluxGen sends them; None leaves one out."""
        asked: dict[str, object] = {
            "mode": "payment",
            "line_items": pack(),
            "client_reference_id": "purchase-1",
            "metadata": {"purchase_id": "purchase-1"},
            "payment_intent_data": {"metadata": {"purchase_id": "purchase-1"}},
            "success_url": RETURN_URL,
            "cancel_url": "https://shop.test/buy",
            **changes,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def open(self, **changes: object) -> Any:
        """A new session."""
        return self.api.checkout.sessions.create(params=self.order(**changes))

    def session(self, session_id: str, *expand: str) -> dict[str, Any]:
        """A session as the API shows it now."""
        found = self.api.checkout.sessions.retrieve(session_id, params={"expand": [*expand]})
        shown: dict[str, Any] = found.to_dict()
        return shown

    def kinds(self) -> list[str]:
        """The kinds of everything that happened."""
        return [event["type"] for event in self.sandbox.events]


class RunningClock(Clock):
    """The real time."""

    def __call__(self) -> float:
        return time.time()


@contextmanager
def opened(
    server: SandboxServer,
    clock: Clock,
    transport: httpx.BaseTransport | None = None,
    **environ: str,
) -> Iterator[Shop]:
    """A fresh shop on the server; `transport` is how its events travel."""
    made = create_sandbox({**QUICK, **environ}, now=clock, webhook_transport=transport)
    server.sandbox = made
    try:
        yield Shop(made.stripe, clock, f"{server.url}/stripe")
    finally:
        made.close()
