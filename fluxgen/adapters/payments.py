"""Who takes the money. Nothing outside this file knows Stripe's vocabulary.

Of what Stripe says we pass on ids, amounts, currency and state; names, addresses and cards
stay on its side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

import stripe

from fluxgen.errors import MayWorkLater, NeverWill

TIMEOUT_S = (3, 10)
RETRIES = 2
TOLERANCE_S = 300
PAGE = 100
PAGES_MAX = 100

SENSELESS = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading a stranger's bytes raises when they are no event: a signature that is not ASCII,
JSON that is no object, or one without the members that every event has."""

stripe.enable_telemetry = False


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
    """What Stripe says of a session. `reference` is the purchase we gave it."""

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


@dataclass(frozen=True)
class Event:
    """A hint: something happened about this session, payment or purchase."""

    id: str
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

    def refund(self, payment_id: str, amount_minor: int, key: str) -> None:
        """Send money back; the same key is the same refund. Raises `NeverWill`."""

    def event(self, payload: bytes, signature: str) -> Event:
        """Read a webhook. Raises `NeverWill` when it is forged, stale or senseless."""

    def events_since(self, moment: datetime) -> Iterator[Event]:
        """What has happened since then, for when webhooks were lost."""

    def paid_since(self, moment: datetime) -> Iterator[Checkout]:
        """The sessions begun since then that are paid."""


class StripePayments:
    """The real one, through Stripe's own client."""

    def __init__(self, *, key: str, webhook_secret: str, api_base: str = "") -> None:
        self._key = key
        self._secret = webhook_secret
        self._api_base = api_base

    @cached_property
    def _client(self) -> stripe.StripeClient:
        options: dict[str, Any] = {}
        if self._api_base:
            options["base_addresses"] = {"api": self._api_base}
        return stripe.StripeClient(
            self._key,
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
            **options,
        )

    def start(self, bill: Bill) -> Checkout:
        known = {"purchase": bill.reference, "pack": bill.pack}
        price = {
            "currency": bill.currency,
            "unit_amount": bill.amount_minor,
            "product_data": {"name": bill.title},
        }
        parameters: Any = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "client_reference_id": bill.reference,
            "metadata": known,
            "payment_intent_data": {"metadata": known},
            "allowed_payment_method_types": ["card"],
            "success_url": bill.return_url,
            "cancel_url": bill.cancel_url,
            "expires_at": int(bill.expires_at.timestamp()),
        }
        key: Any = {"idempotency_key": f"{bill.reference}-{bill.attempt}"}
        return _checkout(_ask(self._client.v1.checkout.sessions.create, parameters, key))

    def checkout(self, session_id: str) -> Checkout:
        expand: Any = {"expand": ["payment_intent"]}
        return _checkout(_ask(self._client.v1.checkout.sessions.retrieve, session_id, expand))

    def abandon(self, session_id: str) -> Checkout:
        try:
            return _checkout(_ask(self._client.v1.checkout.sessions.expire, session_id))
        except NeverWill:  # it is not open any more: paid meanwhile, or expired
            return self.checkout(session_id)

    def reversals(self, payment_id: str) -> list[Reversal]:
        # A list about a payment that Stripe does not know is empty, which would read as
        # "nothing taken back": ask for the payment first.
        _ask(self._client.v1.payment_intents.retrieve, payment_id)
        about: Any = {"payment_intent": payment_id, "limit": PAGE}
        refunds = _ask(self._client.v1.refunds.list, about)["data"]
        disputes = _ask(self._client.v1.disputes.list, about)["data"]
        return [
            *(_reversal(one, "refund") for one in refunds if _takes_back(one)),
            *(_reversal(one, "dispute") for one in disputes if _withdraws(one)),
        ]

    def refund(self, payment_id: str, amount_minor: int, key: str) -> None:
        parameters: Any = {"payment_intent": payment_id, "amount": amount_minor}
        options: Any = {"idempotency_key": key}
        answer = _ask(self._client.v1.refunds.create, parameters, options)
        if not _takes_back(answer):
            raise NeverWill("refused")

    def event(self, payload: bytes, signature: str) -> Event:
        try:
            event = self._client.construct_event(
                payload, signature, self._secret, tolerance=TOLERANCE_S
            )
            return _event(event.to_dict())
        except (stripe.SignatureVerificationError, *SENSELESS) as error:
            raise NeverWill("forged") from error

    def events_since(self, moment: datetime) -> Iterator[Event]:
        created = {"gte": int(moment.timestamp())}
        for found in self._pages(self._client.v1.events.list, {"created": created}):
            yield _event(found)

    def paid_since(self, moment: datetime) -> Iterator[Checkout]:
        created = {"gte": int(moment.timestamp())}
        sessions = self._client.v1.checkout.sessions
        for found in self._pages(sessions.list, {"created": created, "status": "complete"}):
            checkout = _checkout(found)
            if checkout.state is CheckoutState.PAID:
                yield checkout

    def _pages(self, listing: Callable[..., Any], about: dict[str, Any]) -> Iterator[Any]:
        """Every item of a listing, page after page. A list that is cut off would look whole."""
        after: dict[str, Any] = {}
        for _ in range(PAGES_MAX):
            page = _ask(listing, {**about, "limit": PAGE, **after})
            yield from page["data"]
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}
        raise MayWorkLater(f"more than {PAGE * PAGES_MAX:,} items")


def _ask(operation: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Call Stripe and take plain data from it; its errors become two of ours.

    With an idempotency key, asking again is harmless, so all trouble may work later.
    """
    try:
        answer: dict[str, Any] = operation(*arguments).to_dict()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise NeverWill("refused") from error
    except stripe.StripeError as error:
        raise MayWorkLater(type(error).__name__) from error
    return answer


def _checkout(said: dict[str, Any]) -> Checkout:
    return Checkout(
        session_id=said["id"],
        reference=said.get("client_reference_id") or "",
        pack=str((said.get("metadata") or {}).get("pack") or ""),
        state=_state(said["status"], said["payment_status"], said.get("payment_intent")),
        amount_minor=said.get("amount_total") or 0,
        currency=said.get("currency") or "",
        payment_id=_id(said.get("payment_intent")),
        url=said.get("url"),
    )


def _state(status: str, payment_status: str, payment: Any) -> CheckoutState:
    """A complete session that is unpaid is under way, unless its payment says otherwise."""
    match status, payment_status:
        case "complete", "paid":
            return CheckoutState.PAID
        case "complete", _:
            under_way = not isinstance(payment, dict) or payment["status"] == "processing"
            return CheckoutState.PROCESSING if under_way else CheckoutState.FAILED
        case "expired", _:
            return CheckoutState.EXPIRED
        case _:
            return CheckoutState.OPEN


def _takes_back(refund: dict[str, Any]) -> bool:
    """A refund counts from its creation on, unless it has come to nothing."""
    return refund["status"] not in {"failed", "canceled"}


def _withdraws(dispute: dict[str, Any]) -> bool:
    """A dispute takes the money until it is won; an inquiry (`warning_…`) takes none."""
    status = str(dispute["status"])
    return status not in {"won", "prevented"} and not status.startswith("warning_")


def _reversal(said: dict[str, Any], kind: str) -> Reversal:
    return Reversal(id=said["id"], kind=kind, amount_minor=said["amount"])


def _event(said: dict[str, Any]) -> Event:
    event_id, kind, about = str(said["id"]), str(said["type"]), said["data"]["object"]
    known = (about.get("metadata") or {}).get("purchase")
    if kind.startswith("checkout.session."):
        payment_id = _id(about.get("payment_intent"))
        reference = about.get("client_reference_id")
        return Event(event_id, about["id"], payment_id, reference)
    if kind.startswith("payment_intent."):
        is_decline = kind == "payment_intent.payment_failed"
        return Event(event_id, None, about["id"], known, is_decline)
    return Event(event_id, None, _id(about.get("payment_intent")), known)


def _id(value: Any) -> str | None:
    """An id, whether Stripe gives it bare or within the whole object."""
    found = value.get("id") if isinstance(value, dict) else value
    return str(found) if found else None
