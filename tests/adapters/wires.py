"""The image adapter over a transport of the test's choice, and orders for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx

from fluxgen import clock
from fluxgen.adapters.images import Order, ReplicateImages
from fluxgen.production import SANDBOX_WEBHOOK_SECRET
from tests.support.transports import Answers

BASE_URL = "http://sandbox.test/replicate"
TOKEN = "r8_secret_token"
SCHNELL = "black-forest-labs/flux-schnell"
PRO = "black-forest-labs/flux-1.1-pro"


def images_over(transport: httpx.BaseTransport | None, **changes: Any) -> ReplicateImages:
    """The adapter as `adapters.connect` builds it."""
    plain: dict[str, Any] = {
        "token": TOKEN,
        "base_url": BASE_URL,
        "webhook_secret": SANDBOX_WEBHOOK_SECRET,
        "webhooks_from": "https://fluxgen.test",
        "transport": transport,
    }
    return ReplicateImages(**{**plain, **changes})


def order(
    prompt: str = "a red fox",
    *,
    seed: int = 7,
    token: str = "attempt-1",
    model: str = SCHNELL,
    at: datetime | None = None,
    **more: Any,
) -> Order:
    """One attempt, ordered now."""
    return Order(model, {"prompt": prompt, "seed": seed, **more}, token, at or clock.now())


def listed(status: str, **more: Any) -> dict[str, Any]:
    """A prediction as Replicate writes it, with as little in it as it ever has."""
    return {"id": "p1", "status": status, "input": {}, "created_at": "2026-11-23T10:00:00Z", **more}


def saying(status: int, body: Any = None, **headers: str) -> Answers:
    """A provider that answers everything with this; bytes as they are, the rest as JSON."""
    kind: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    return Answers(lambda: httpx.Response(status, headers=headers, **kind))


def breaking(trouble: type[httpx.TransportError]) -> Answers:
    """A network that fails like this."""
    return Answers(lambda: trouble("no luck"))
