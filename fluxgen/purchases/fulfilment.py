"""How a purchase is granted, once, or comes to nothing."""

from __future__ import annotations

from fluxgen import clock, credits, outbox
from fluxgen.db import transaction
from fluxgen.errors import FluxGenError
from fluxgen.models import PENDING, Account, Purchase, PurchaseStatus
from fluxgen.purchases.rows import change


class Mismatch(FluxGenError):
    """What was paid is not what our row says: nothing is granted, a person must look."""


def paid(
    purchase: Purchase, *, session_id: str, payment_id: str | None, amount_minor: int, currency: str
) -> bool:
    """Grant the credits, once; False when they are granted already. Raises `Mismatch`."""
    ours = (purchase.session_id, purchase.amount_minor, purchase.currency)
    if (session_id, amount_minor, currency) != ours:
        raise Mismatch(f"purchase {purchase.id}")
    with transaction():
        counted = change(
            purchase,
            Purchase.status != PurchaseStatus.PAID,
            status=PurchaseStatus.PAID,
            payment_id=payment_id,
            paid_at=clock.now(),
        )
        if counted:
            credits.buy(purchase)
            _queue_receipt(purchase)
    return counted


def _queue_receipt(purchase: Purchase) -> None:
    """Have the receipt mailed, once."""
    facts = {
        "purchase": purchase.public_id,
        "credits": purchase.credits,
        "amount_minor": purchase.amount_minor,
        "currency": purchase.currency,
        "paid_on": f"{clock.now():%Y-%m-%d}",
    }
    account = Account.get_by_id(purchase.account_id)
    if account.erased_at is None:
        outbox.queue("receipt", account, key=f"receipt:{purchase.public_id}", facts=facts)


def processing(purchase: Purchase) -> None:
    """The payment is under way and takes its time."""
    change(purchase, Purchase.status.in_(PENDING), status=PurchaseStatus.PROCESSING)


def ended(purchase: Purchase, status: PurchaseStatus) -> None:
    """It has come to nothing. A payment that arrives all the same is granted all the same."""
    change(purchase, Purchase.status.in_(PENDING), status=status)
