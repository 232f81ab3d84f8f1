"""Who takes the money, in our words: bills, checkouts, reversals and events.

Of what Stripe says we pass on ids, amounts, currency and state; names, addresses and cards
stay on its side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from fluxgen.errors import MayWorkLater


class TooLong(MayWorkLater):
    """A list has more items than we read: taken for whole, it would hide some."""


class CheckoutState(StrEnum):
    """Where a Checkout Session is."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Bill:
    """What somebody wants to pay for. The amount is in minor currency units."""

    reference: str
    attempt: int
    pack: str
    title: str
    amount_minor: int
    currency: str
    return_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Checkout:
    """What Stripe says of a session. `reference` is the purchase we gave it, twice; empty where
    the two differ, because an address can carry any reference."""

    session_id: str
    reference: str
    pack: str
    state: CheckoutState
    amount_minor: int
    currency: str
    payment_id: str | None
    url: str | None


@dataclass(frozen=True)
class Reversal:
    """A refund or dispute, as far as it takes money back now (minor currency units)."""

    id: str
    kind: str
    amount_minor: int
    payment_id: str


@dataclass(frozen=True)
class Event:
    """A hint: something happened about this session, payment or purchase."""

    id: str
    happened_at: datetime
    session_id: str | None = None
    payment_id: str | None = None
    reference: str | None = None
    is_decline: bool = False


class Payments(Protocol):
    """Anything that takes payments. All methods may raise `MayWorkLater`."""

    def start(self, bill: Bill) -> Checkout:
        """Open a session to pay this bill; the same bill and attempt is the same session."""

    def checkout(self, session_id: str) -> Checkout:
        """How a session stands. Raises `NeverWill`."""

    def abandon(self, session_id: str) -> Checkout:
        """Close a session that nobody has paid yet; how it stands then."""

    def reversals(self, payment_id: str) -> list[Reversal]:
        """What has been taken back of a payment, as of now. Raises `NeverWill`: unknown."""

    def refund(self, payment_id: str, amount_minor: int, order: str) -> None:
        """Send money back, once for each order. Raises `NeverWill` where it comes to nothing."""

    def event(self, payload: bytes, signature: str) -> Event:
        """Read a webhook. Raises `NeverWill` when it is forged, stale or senseless."""

    def events_between(self, since: datetime, until: datetime) -> Iterator[list[Event]]:
        """What happened then, page by page, for when webhooks were lost."""

    def begun_between(self, since: datetime, until: datetime) -> Iterator[Checkout]:
        """The sessions begun then, whatever became of them."""

    def paid_since(self, moment: datetime) -> Iterator[Checkout]:
        """The sessions begun since then that are paid."""

    def reversals_since(self, moment: datetime) -> Iterator[Reversal]:
        """The refunds and disputes begun since then, as far as they take money back now."""
