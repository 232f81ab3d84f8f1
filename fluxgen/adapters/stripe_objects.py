"""Stripe's objects, read into our words. Nothing else is taken over from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fluxgen.adapters.payments import Checkout, CheckoutState, Event, Reversal


def checkout(said: dict[str, Any]) -> Checkout:
    """A Checkout Session."""
    known = said.get("metadata") or {}
    reference = str(said.get("client_reference_id") or "")
    return Checkout(
        session_id=said["id"],
        reference=reference if reference == known.get("purchase") else "",
        pack=str(known.get("pack") or ""),
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


def takes_back(refund: dict[str, Any]) -> bool:
    """A refund counts from its creation on, unless it has come to nothing."""
    return refund["status"] not in {"failed", "canceled"}


def withdraws(dispute: dict[str, Any]) -> bool:
    """A dispute takes the money until it is won; an inquiry (`warning_…`) takes none."""
    status = str(dispute["status"])
    return status not in {"won", "prevented"} and not status.startswith("warning_")


def reversal(said: dict[str, Any], kind: str) -> Reversal:
    """A refund or dispute that takes money back."""
    payment_id = _id(said.get("payment_intent")) or ""
    return Reversal(said["id"], kind, said["amount"], payment_id)


def event(said: dict[str, Any]) -> Event:
    """An event, as a hint. Raises what reading a stranger's bytes raises."""
    kind, about = str(said["type"]), said["data"]["object"]
    known = (about.get("metadata") or {}).get("purchase")
    happened = Event(str(said["id"]), datetime.fromtimestamp(int(said["created"]), UTC))
    if kind.startswith("checkout.session."):
        return replace(
            happened,
            session_id=about["id"],
            payment_id=_id(about.get("payment_intent")),
            reference=about.get("client_reference_id"),
        )
    if kind.startswith("payment_intent."):
        is_decline = kind == "payment_intent.payment_failed"
        return replace(happened, payment_id=about["id"], reference=known, is_decline=is_decline)
    return replace(happened, payment_id=_id(about.get("payment_intent")), reference=known)


def _id(value: Any) -> str | None:
    """An id, whether Stripe gives it bare or within the whole object."""
    found = value.get("id") if isinstance(value, dict) else value
    return str(found) if found else None
