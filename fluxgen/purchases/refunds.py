"""Sending money back for bought credits that are not spent: set aside first, then asked for.

What a refund takes is booked before Stripe is asked, so that it cannot be spent meanwhile;
whoever dies in between, the next look asks on, and gives the credits back if Stripe refuses.
"""

from __future__ import annotations

from fluxgen import audit, clock, credits
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Purchase, PurchaseStatus
from fluxgen.purchases.rows import change, one_at_a_time
from fluxgen.words import _

UNSPENT = "Unspent credits go back."
IN_VAIN = "Paid while the account was being erased: nobody can spend it."
Refundable = tuple[Purchase, int, int]
"""A purchase, the credits of it that can go back, and what they cost (minor units)."""


def refundable(account: Account) -> list[Refundable]:
    """What of each paid purchase can go back, oldest first: its credits that are not spent.

    Given credits are spent first, then bought ones, oldest purchase first (`credits.unspent`).
    """
    mine = Purchase.select().where(Purchase.account == account)
    return _refundable(account.id, list(mine.order_by(Purchase.paid_at, Purchase.id)))


def refundable_of(purchase: Purchase) -> list[Refundable]:
    """The same for one purchase alone."""
    return _refundable(purchase.account_id, [purchase])


def _refundable(account_id: int, bought: list[Purchase]) -> list[Refundable]:
    left = credits.unspent(account_id)
    found = []
    for purchase in bought:
        if purchase.status is not PurchaseStatus.PAID or purchase.refunding_minor:
            continue
        unspent = left.get(purchase.public_id, 0)
        credits_back = min(unspent, purchase.credits - purchase.reversed_credits)
        worth = _worth(purchase, purchase.reversed_credits + credits_back)
        amount = worth - purchase.reversed_minor
        if credits_back > 0 and amount > 0:
            found.append((purchase, credits_back, amount))
    return found


def _worth(purchase: Purchase, some: int) -> int:
    """What so many of its credits cost, rounded up: `correct` makes just as many of it again."""
    return -(-purchase.amount_minor * some // purchase.credits)


def set_aside(
    purchase: Purchase, amount_minor: int, credits_back: int, reason: str = UNSPENT
) -> None:
    """Take the credits out before the money is asked for. Raises `Refused`: not unspent any more."""
    with transaction():
        unmoved = (Purchase.corrections == purchase.corrections) & (Purchase.refunding_minor == 0)
        asked = change(
            purchase,
            unmoved,
            due_at=clock.now(),
            reversed_credits=purchase.reversed_credits + credits_back,
            corrections=purchase.corrections + 1,
        )
        one_at_a_time(purchase.account_id)
        left = credits.unspent(purchase.account_id).get(purchase.public_id, 0)
        if not asked or left < credits_back:
            raise Refused(_("The credits have moved meanwhile. Look again."))
        change(purchase, Purchase.id == purchase.id, refunding_minor=amount_minor)
        credits.reverse(purchase, credits_back, purchase.corrections, "refund")
        facts = {
            "purchase": purchase.public_id,
            "credits": credits_back,
            "amount_minor": amount_minor,
        }
        subject = purchase.account.public_id
        audit.record("credits.refund", subject=subject, reason=reason, facts=facts)


def refund_ended(purchase: Purchase) -> None:
    """Stripe has made the refund or refused it; `correct` says which, by what it has taken."""
    change(
        purchase,
        (Purchase.attempt == purchase.attempt) & (Purchase.refunding_minor > 0),
        refunding_minor=0,
        attempt=purchase.attempt + 1,
    )
