"""Stripe, through its own client. Nothing outside this file and `stripe_objects` knows its words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

import stripe

from fluxgen.adapters import stripe_objects as objects
from fluxgen.adapters.payments import Bill, Checkout, CheckoutState, Event, Reversal, TooLong
from fluxgen.errors import MayWorkLater, NeverWill

TIMEOUT_S = (3, 8)
RETRIES = 1
TOLERANCE_S = 300
PAGE = 100
PAGES_MAX = 100

TYPES = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
"""The events that matter to us: what webhooks are asked for, and what lists are read for."""

SENSELESS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    OverflowError,
    OSError,
)
"""What reading a stranger's bytes raises when they are no event: a signature that is not ASCII,
JSON that is no object, or one without the members that every event has."""

stripe.enable_telemetry = False

log = logging.getLogger(__name__)


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
            "success_url": bill.return_url,
            "cancel_url": bill.cancel_url,
            "expires_at": int(bill.expires_at.timestamp()),
        }
        key: Any = {"idempotency_key": f"{bill.reference}-{bill.attempt}"}
        return objects.checkout(_ask(self._client.v1.checkout.sessions.create, parameters, key))

    def checkout(self, session_id: str) -> Checkout:
        expand: Any = {"expand": ["payment_intent"]}
        return objects.checkout(
            _ask(self._client.v1.checkout.sessions.retrieve, session_id, expand)
        )

    def abandon(self, session_id: str) -> Checkout:
        try:
            return objects.checkout(_ask(self._client.v1.checkout.sessions.expire, session_id))
        except NeverWill:  # it is not open any more: paid meanwhile, or expired
            return self.checkout(session_id)

    def reversals(self, payment_id: str) -> list[Reversal]:
        # A list about a payment that Stripe does not know is empty, which would read as
        # "nothing taken back": ask for the payment first.
        _ask(self._client.v1.payment_intents.retrieve, payment_id)
        return list(self._reversals({"payment_intent": payment_id}))

    def refund(self, payment_id: str, amount_minor: int, order: str) -> None:
        # Stripe forgets idempotency keys after a day, and never what it has refunded.
        about = {"payment_intent": payment_id}
        refunds = self._each(self._client.v1.refunds.list, about)
        made = next((one for one in refunds if _order(one) == order), None)
        if made is None:
            parameters: Any = {**about, "amount": amount_minor, "metadata": {"order": order}}
            options: Any = {"idempotency_key": order}
            made = _ask(self._client.v1.refunds.create, parameters, options)
        if not objects.takes_back(made):
            raise NeverWill("refused")

    def event(self, payload: bytes, signature: str) -> Event:
        try:
            event = self._client.construct_event(
                payload, signature, self._secret, tolerance=TOLERANCE_S
            )
            return objects.event(event.to_dict())
        except (stripe.SignatureVerificationError, *SENSELESS) as error:
            raise NeverWill("forged") from error

    def events_between(self, since: datetime, until: datetime) -> Iterator[list[Event]]:
        about = {**_within(since, until), "types": list(TYPES)}
        for page in self._pages(self._client.v1.events.list, about):
            yield [objects.event(found) for found in page]

    def begun_between(self, since: datetime, until: datetime) -> Iterator[Checkout]:
        for found in self._each(self._client.v1.checkout.sessions.list, _within(since, until)):
            yield objects.checkout(found)

    def paid_since(self, moment: datetime) -> Iterator[Checkout]:
        about = {**_within(moment), "status": "complete"}
        for found in self._each(self._client.v1.checkout.sessions.list, about):
            checkout = objects.checkout(found)
            if checkout.state is CheckoutState.PAID:
                yield checkout

    def reversals_since(self, moment: datetime) -> Iterator[Reversal]:
        yield from self._reversals(_within(moment))

    def _reversals(self, about: dict[str, Any]) -> Iterator[Reversal]:
        for one in self._each(self._client.v1.refunds.list, about):
            if objects.takes_back(one):
                yield objects.reversal(one, "refund")
        for one in self._each(self._client.v1.disputes.list, about):
            if objects.withdraws(one):
                yield objects.reversal(one, "dispute")

    def _each(self, listing: Callable[..., Any], about: dict[str, Any]) -> Iterator[Any]:
        for page in self._pages(listing, about):
            yield from page

    def _pages(self, listing: Callable[..., Any], about: dict[str, Any]) -> Iterator[list[Any]]:
        """A listing, page after page. A list that is cut off would look whole."""
        after: dict[str, Any] = {}
        for _ in range(PAGES_MAX):
            page = _ask(listing, {**about, "limit": PAGE, **after})
            yield page["data"]
            if not page["has_more"]:
                return
            after = {"starting_after": page["data"][-1]["id"]}
        raise TooLong(f"more than {PAGE * PAGES_MAX:,} items")


def _within(since: datetime, until: datetime | None = None) -> dict[str, Any]:
    """A listing's time, both ends included (whole seconds)."""
    created = {"gte": int(since.timestamp())}
    return {"created": created if until is None else {**created, "lte": int(until.timestamp())}}


def _order(refund: dict[str, Any]) -> str | None:
    order: str | None = (refund.get("metadata") or {}).get("order")
    return order


def _ask(operation: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Call Stripe and take plain data from it; its errors become two of ours.

    With an idempotency key, asking again is harmless, so all trouble may work later.
    """
    try:
        answer: dict[str, Any] = operation(*arguments).to_dict()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise NeverWill("refused") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("stripe refuses our key", extra={"provider": "stripe"})
        raise MayWorkLater(type(error).__name__) from error
    except stripe.StripeError as error:
        raise MayWorkLater(type(error).__name__) from error
    return answer
