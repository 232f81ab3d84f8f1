"""Snapshot events of the Stripe stand-in: each holds its object as it was at that moment."""

from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from fluxgen.sandbox.stripe_records import new_id
from fluxgen.sandbox.stripe_refusals import no_such

API_VERSION = "2026-10-28.endive"
MAX_EVENTS = 200_000
LISTED_FOR_S = 30 * 24 * 3600
TOLD_KINDS = frozenset(
    (
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "charge.refunded",
        "refund.created",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "payment_intent.payment_failed",
    )
)
"""What the webhook endpoint has asked for; the other kinds are only listed."""


@dataclass(frozen=True)
class Cause:
    """The API request that makes something happen."""

    request_id: str
    idempotency_key: str | None


CAUSE: ContextVar[Cause | None] = ContextVar("cause", default=None)


class Events:
    """All events, oldest first, at most `MAX_EVENTS`. Callers hold the desk's lock."""

    def __init__(self, now: Callable[[], float], tell: Callable[[dict[str, Any]], None]) -> None:
        self._now = now
        self._tell = tell
        self._all: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def add(self, kind: str, document: dict[str, Any], was: dict[str, Any] | None = None) -> None:
        """Something happened; `was` are the changed members as they were before."""
        cause = CAUSE.get()
        is_told = kind in TOLD_KINDS
        event: dict[str, Any] = {
            "id": new_id("evt_1"),
            "object": "event",
            "api_version": API_VERSION,
            "created": int(self._now()),
            "data": {"object": document, **({"previous_attributes": was} if was else {})},
            "livemode": False,
            "pending_webhooks": int(is_told),
            "request": {
                "id": cause.request_id if cause else None,
                "idempotency_key": cause.idempotency_key if cause else None,
            },
            "type": kind,
        }
        self._all[event["id"]] = event
        if len(self._all) > MAX_EVENTS:
            self._all.popitem(last=False)
        if is_told:
            self._tell(event)

    def all(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first."""
        return list(self._all.values())

    def find(self, wanted: str) -> dict[str, Any]:
        """An event by id. Raises `StripeRefused`."""
        if wanted not in self._all:
            raise no_such("event", wanted, "id")
        return self._all[wanted]

    def newest_first(self) -> list[dict[str, Any]]:
        """What can still be listed: the last 30 days."""
        earliest = self._now() - LISTED_FOR_S
        return [event for event in reversed(self._all.values()) if event["created"] >= earliest]
