"""Purchases: begun before anybody is asked for money, granted once, corrected as often as needed.

Amounts are minor currency units, credits are whole.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import fn

from fluxgen import catalogue, clock, credits, housekeeping
from fluxgen.db import transaction
from fluxgen.errors import FluxGenError, Refused, TooMany
from fluxgen.models import PENDING, Account, Purchase, PurchaseStatus

SESSIONS_PER_HOUR = 5
DECLINES_PER_DAY = 3
OPEN_S = 3600
POLL_S = 300
RETRY_S = 60
DUE_MAX = 200


class Mismatch(FluxGenError):
    """What was paid is not what our row says: nothing is granted, a person must look."""


def begin(account: Account, pack_slug: str, *, consented: bool) -> Purchase:
    """Write down what is to be bought, before Stripe hears of it. Raises `Refused`, `TooMany`."""
    pack = catalogue.pack(pack_slug)
    if not consented:
        words = "Please agree that the credits are there at once, so that we may sell them."
        raise Refused(words, "consent")
    with transaction():
        _one_at_a_time(account)
        _refuse_card_testing(account)
        return Purchase.create(
            account=account,
            pack=pack.slug,
            credits=pack.credits,
            amount_minor=pack.amount_minor,
            currency=pack.currency,
            consented_at=clock.now(),
            due_at=clock.after(POLL_S),
        )


def _one_at_a_time(account: Account) -> None:
    """Touch the account's row, so that its other beginnings wait and are counted."""
    Account.update(owed=Account.owed).where(Account.id == account.id).execute()


def _refuse_card_testing(account: Account) -> None:
    begun = _begun_since(account, hours=1)
    if begun.count() >= SESSIONS_PER_HOUR:
        raise TooMany("Those are many purchases in one hour. Try again later.", 3600)
    refused = _begun_since(account, hours=24).select(fn.SUM(Purchase.declines)).scalar() or 0
    if refused >= DECLINES_PER_DAY:
        raise TooMany("Your card was refused several times today. Try again tomorrow.", 24 * 3600)


def _begun_since(account: Account, hours: int) -> Any:
    since = clock.now() - timedelta(hours=hours)
    return Purchase.select().where((Purchase.account == account) & (Purchase.created_at > since))


def find(account: Account, public_id: str) -> Purchase | None:
    """The account's own purchase of this name; foreign and missing look the same."""
    return Purchase.get_or_none((Purchase.public_id == public_id) & (Purchase.account == account))


def by_reference(public_id: str) -> Purchase | None:
    """The purchase of this name, whoever bought it: for providers and operators."""
    return Purchase.get_or_none(Purchase.public_id == public_id)


def opened(purchase: Purchase, session_id: str) -> None:
    """Stripe has a session for it."""
    _change(
        purchase,
        Purchase.status == PurchaseStatus.CREATED,
        status=PurchaseStatus.OPEN,
        session_id=session_id,
    )


def paid(
    purchase: Purchase, *, session_id: str, payment_id: str | None, amount_minor: int, currency: str
) -> bool:
    """Grant the credits, once; False when they are granted already. Raises `Mismatch`."""
    ours = (purchase.session_id, purchase.amount_minor, purchase.currency)
    if (session_id, amount_minor, currency) != ours:
        raise Mismatch(f"purchase {purchase.id}")
    with transaction():
        counted = _change(
            purchase,
            Purchase.status != PurchaseStatus.PAID,
            status=PurchaseStatus.PAID,
            payment_id=payment_id,
            paid_at=clock.now(),
        )
        if counted:
            credits.buy(purchase)
    return counted


def processing(purchase: Purchase) -> None:
    """The payment is under way and takes its time."""
    _change(purchase, Purchase.status.in_(PENDING), status=PurchaseStatus.PROCESSING)


def ended(purchase: Purchase, status: PurchaseStatus) -> None:
    """It has come to nothing. A payment that arrives all the same is granted all the same."""
    _change(purchase, Purchase.status.in_(PENDING), status=status)


def correct(purchase: Purchase, reversed_minor: int, reason: str) -> bool:
    """Bring the credits in line with the money that Stripe has taken back, as of now.

    The state is what counts, not the order of news: refunds and disputes that come, fail or
    are won lead to the same credits whichever is heard of first. True when it moved
    something, or another worker did at this moment: then look once more.
    """
    taken = min(reversed_minor, purchase.amount_minor)
    target = purchase.credits * taken // purchase.amount_minor
    with transaction():
        fresh = Purchase.get_by_id(purchase.id)
        change = target - fresh.reversed_credits
        if fresh.status is not PurchaseStatus.PAID or (taken, 0) == (fresh.reversed_minor, change):
            return False
        counted = _change(
            fresh,
            Purchase.corrections == fresh.corrections,
            reversed_minor=taken,
            reversed_credits=target,
            corrections=fresh.corrections + 1,
        )
        if counted and change > 0:
            credits.reverse(fresh, change, fresh.corrections, reason)
        elif counted and change < 0:
            credits.restore(fresh, -change, fresh.corrections, reason)
    return True


def notice(
    event_id: str,
    *,
    session_id: str | None,
    payment_id: str | None,
    reference: str | None,
    is_decline: bool,
) -> Purchase | None:
    """Remember an event by its id, and make its purchase due; None when there is nothing to do.

    Both in one transaction: an event that is remembered is acted on, whatever dies after it.
    """
    with transaction():
        if not housekeeping.heard_first(event_id):
            return None
        purchase = _meant(session_id, payment_id, reference)
        if purchase is None:
            return None
        declines = Purchase.declines + (1 if is_decline else 0)
        _change(purchase, Purchase.id == purchase.id, due_at=clock.now(), declines=declines)
        return purchase


def _meant(
    session_id: str | None, payment_id: str | None, reference: str | None
) -> Purchase | None:
    for column, value in (
        (Purchase.session_id, session_id),
        (Purchase.payment_id, payment_id),
        (Purchase.public_id, reference),
    ):
        found: Purchase | None = Purchase.get_or_none(column == value) if value else None
        if found is not None:
            return found
    return None


def due(limit: int = DUE_MAX) -> list[int]:
    """Ids of the purchases about which Stripe should be asked now."""
    rows = Purchase.select(Purchase.id).where(Purchase.due_at <= clock.now())
    return [row.id for row in rows.order_by(Purchase.due_at).limit(limit)]


def looked_at(purchase: Purchase) -> None:
    """Plan the next look: in five minutes while it is pending, else when news come.

    News that came while we looked have moved the time, and then stand.
    """
    fresh = Purchase.get_by_id(purchase.id)
    due_at = clock.after(POLL_S) if fresh.status in PENDING else None
    _change(purchase, Purchase.due_at == purchase.due_at, due_at=due_at)


def asking_back(purchase: Purchase) -> None:
    """Money is about to be sent back: whatever dies now, Stripe is asked what became of it."""
    _change(purchase, Purchase.id == purchase.id, due_at=clock.now())


def next_attempt(purchase: Purchase) -> None:
    """The last order to Stripe has a definite answer; the next one is another."""
    _change(purchase, Purchase.attempt == purchase.attempt, attempt=purchase.attempt + 1)


def put_back(purchase: Purchase) -> None:
    """Stripe did not answer: look again in a minute, unless news have moved the time."""
    _change(purchase, Purchase.due_at == purchase.due_at, due_at=clock.after(RETRY_S))


def refundable_of(purchase: Purchase) -> list[tuple[Purchase, int, int]]:
    """The same for one purchase alone."""
    return _refundable(purchase.account, [purchase])


def refundable(account: Account) -> list[tuple[Purchase, int, int]]:
    """Each paid purchase with the credits and the amount that can go back, oldest first.

    Only what is unspent goes back: at most the free credits of the account in all.
    """
    mine = Purchase.select().where(Purchase.account == account)
    return _refundable(account, list(mine.order_by(Purchase.id)))


def _refundable(account: Account, bought: list[Purchase]) -> list[tuple[Purchase, int, int]]:
    left = Account.get_by_id(account.id).available
    found = []
    for purchase in bought:
        if purchase.status is not PurchaseStatus.PAID:
            continue
        credits_back = min(left, purchase.credits - purchase.reversed_credits)
        worth = _worth(purchase, purchase.reversed_credits + credits_back)
        amount = worth - purchase.reversed_minor
        if amount > 0:
            found.append((purchase, credits_back, amount))
            left -= credits_back
    return found


def _worth(purchase: Purchase, some: int) -> int:
    """What so many of its credits cost, rounded up: `correct` makes just as many of it again."""
    return -(-purchase.amount_minor * some // purchase.credits)


def latest(account: Account, limit: int = 50) -> list[Purchase]:
    """The account's purchases, newest first."""
    mine = Purchase.select().where(Purchase.account == account)
    return list(mine.order_by(Purchase.id.desc()).limit(limit))


def paid_by_session() -> dict[str, Purchase]:
    """Every paid purchase by its session: what Stripe's list is compared with."""
    rows = Purchase.select().where(Purchase.status == PurchaseStatus.PAID)
    return {str(purchase.session_id): purchase for purchase in rows.iterator()}


def _change(purchase: Purchase, condition: Any, **changes: Any) -> bool:
    same = Purchase.id == purchase.id
    if not Purchase.update(**changes).where(same & condition).execute():
        return False
    for name, value in changes.items():
        setattr(purchase, name, value)
    return True
