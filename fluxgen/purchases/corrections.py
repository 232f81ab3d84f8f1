"""How the credits follow the money that Stripe takes back and gives back."""

from __future__ import annotations

from fluxgen import credits
from fluxgen.db import transaction
from fluxgen.models import Purchase, PurchaseStatus
from fluxgen.purchases.rows import change


def correct(purchase: Purchase, reversed_minor: int, reason: str) -> bool:
    """Bring the credits in line with the money that Stripe has taken back, as of now.

    The state is what counts, not the order of news: refunds and disputes that come, fail or
    are won lead to the same credits whichever is heard of first. While a refund of ours is
    under way its credits stay set aside. `purchase` is the row as read before Stripe was asked:
    what was booked since may rest on a later answer, so nothing moves then. True when it moved
    something, or another worker did since: then read the row and look once more.
    """
    taken = min(reversed_minor, purchase.amount_minor)
    target = purchase.credits * taken // purchase.amount_minor
    with transaction():
        fresh = Purchase.get_by_id(purchase.id)
        if (fresh.corrections, fresh.attempt) != (purchase.corrections, purchase.attempt):
            return True
        if fresh.refunding_minor:
            target = max(target, fresh.reversed_credits)
        moved = target - fresh.reversed_credits
        if fresh.status is not PurchaseStatus.PAID or (taken, 0) == (fresh.reversed_minor, moved):
            return False
        counted = change(
            fresh,
            (Purchase.corrections == fresh.corrections) & (Purchase.attempt == fresh.attempt),
            reversed_minor=taken,
            reversed_credits=target,
            corrections=fresh.corrections + 1,
        )
        if counted and moved > 0:
            credits.reverse(fresh, moved, fresh.corrections, reason)
        elif counted and moved < 0:
            credits.restore(fresh, -moved, fresh.corrections, reason)
    return True
