"""What may happen to credits, each under the key that lets it happen once."""

from __future__ import annotations

from fluxgen.credits.ledger import Movement, book
from fluxgen.errors import Refused
from fluxgen.models import KEY_MAX, Account, Entry, Generation, Kind, Purchase

RERUN = "rerun:"
"""How the key of what is given for a free re-run begins."""
GRANT_KEY_MAX = KEY_MAX - len("grant:")


def grant(account: Account, credits: int, key: str, reason: str) -> Entry:
    """Give credits under the key `grant:<key>`. Raises `AlreadyBooked`, `Refused`."""
    if credits <= 0:
        raise Refused("A grant is at least 1 credit.")
    if not 0 < len(key) <= GRANT_KEY_MAX:
        raise Refused(f"The key of a grant has 1 to {GRANT_KEY_MAX} characters.", "key")
    return book(Movement(account.id, Kind.GRANT, f"grant:{key}", net=credits, reason=reason))


def hold(generation: Generation) -> Entry:
    """Set the price of a new generation aside. Raises `InsufficientCredits`."""
    cost = generation.cost_credits
    return book(
        Movement(
            generation.account_id,
            Kind.HOLD,
            f"hold:{generation.public_id}",
            net=-cost,
            held=cost,
            generation=generation.public_id,
        )
    )


def capture(generation: Generation, credits: int) -> Entry:
    """Keep this share of the hold, give the rest back. Raises `AlreadyBooked`."""
    return _settle(generation, Kind.CAPTURE, credits)


def release(generation: Generation, reason: str) -> Entry:
    """Give the whole hold back. Raises `AlreadyBooked`."""
    return _settle(generation, Kind.RELEASE, 0, reason)


def _settle(generation: Generation, kind: Kind, charged: int, reason: str = "") -> Entry:
    cost = generation.cost_credits
    if not 0 <= charged <= cost:
        raise ValueError(f"cannot charge {charged} of {cost} held credits")
    return book(
        Movement(
            generation.account_id,
            kind,
            f"settle:{generation.public_id}",
            net=cost - charged,
            held=-cost,
            generation=generation.public_id,
            reason=reason,
        )
    )


def buy(purchase: Purchase) -> Entry:
    """Add what was paid for, once a Checkout Session. Raises `AlreadyBooked`."""
    return book(
        Movement(
            purchase.account_id,
            Kind.BUY,
            f"buy:{purchase.session_id}",
            net=purchase.credits,
            purchase=purchase.public_id,
        )
    )


def reverse(purchase: Purchase, credits: int, step: int, reason: str) -> Entry:
    """Take back what was refunded or disputed; what is spent already is owed.

    `step` counts the corrections of this purchase, so each is booked once. Raises `AlreadyBooked`.
    """
    return _correct(purchase, Kind.REVERSE, -credits, step, reason)


def restore(purchase: Purchase, credits: int, step: int, reason: str) -> Entry:
    """Give back what a failed refund or a won dispute had taken. Raises `AlreadyBooked`."""
    return _correct(purchase, Kind.RESTORE, credits, step, reason)


def withdraw(generation: Generation, credits: int, key: str) -> Entry:
    """Take back what was given under `grant:<key>` for this generation, and not used by it.

    Raises `AlreadyBooked`.
    """
    return book(
        Movement(
            generation.account_id,
            Kind.REVERSE,
            f"reverse:{key}",
            net=-credits,
            generation=generation.public_id,
            reason="unused",
        )
    )


def _correct(purchase: Purchase, kind: Kind, net: int, step: int, reason: str) -> Entry:
    return book(
        Movement(
            purchase.account_id,
            kind,
            f"reverse:{purchase.public_id}:{step}",
            net=net,
            purchase=purchase.public_id,
            reason=reason,
        )
    )
