"""When to ask Stripe about a purchase: when news come, while it is pending, when a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fluxgen import clock, housekeeping
from fluxgen.db import transaction
from fluxgen.models import PENDING, HeardUntil, HeardWebhook, Purchase
from fluxgen.purchases.rows import change

POLL_S = 300
RETRY_S = 60
ASK_EVERY_S = 3
DUE_MAX = 200
EVENT_ID_MAX = 120
STRIPE = "stripe"


def notice(
    event_id: str,
    *,
    session_id: str | None,
    payment_id: str | None,
    reference: str | None,
    is_decline: bool,
    happened_at: datetime,
) -> Purchase | None:
    """Remember an event by its id, and make its purchase due; None when there is nothing to do.

    Both in one transaction: an event that is remembered is acted on, whatever dies after it.
    """
    with transaction():
        if not housekeeping.heard_first(event_id[:EVENT_ID_MAX]):
            return None
        purchase = _meant(session_id, payment_id, reference)
        if purchase is None:
            return None
        change(purchase, Purchase.id == purchase.id, due_at=clock.now())
        if is_decline:
            _declined(purchase, happened_at)
    if is_decline:
        _look_at_all(purchase.account_id)
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


def _declined(purchase: Purchase, at: datetime) -> None:
    """Count a refused card, by when it was refused: news of it may be days late."""
    same = Purchase.id == purchase.id
    Purchase.update(declines=Purchase.declines + 1).where(same).execute()
    earlier = Purchase.declined_at.is_null() | (Purchase.declined_at < at)
    Purchase.update(declined_at=at).where(same & earlier).execute()


def _look_at_all(account_id: int) -> None:
    """Whether this card was one too many concerns the account's other open sessions, too. One
    row after another, and not within the news: so nobody waits for anybody in a circle."""
    mine = (Purchase.account == account_id) & Purchase.status.in_(PENDING)
    for purchase in list(Purchase.select().where(mine).limit(DUE_MAX)):
        change(purchase, Purchase.status.in_(PENDING), due_at=clock.now())


def unheard(event_ids: Iterable[str]) -> set[str]:
    """Which of these events nobody has told us yet."""
    asked = set(event_ids)
    heard = HeardWebhook.select(HeardWebhook.event_id).where(HeardWebhook.event_id.in_(asked))
    return asked - {row.event_id for row in heard}


def heard_until() -> datetime | None:
    """Up to when all news have been heard; None if they were never asked for."""
    row: Any = HeardUntil.get_or_none(HeardUntil.provider == STRIPE)
    return row.moment if row else None


def hear_from(moment: datetime) -> None:
    """All news before this moment have been heard: ask from here on."""
    row = HeardUntil.insert(provider=STRIPE, moment=moment)
    row.on_conflict(
        conflict_target=[HeardUntil.provider], update={HeardUntil.moment: moment}
    ).execute()


def due(limit: int = DUE_MAX) -> list[int]:
    """Ids of the purchases about which Stripe should be asked now."""
    rows = Purchase.select(Purchase.id).where(Purchase.due_at <= clock.now())
    return [row.id for row in rows.order_by(Purchase.due_at).limit(limit)]


def may_ask(purchase: Purchase) -> bool:
    """Whether a page may ask Stripe now: where that can change anything, every few seconds."""
    now = clock.now()
    may_change = Purchase.status.in_(PENDING) | (Purchase.due_at <= now)
    rested = Purchase.asked_at.is_null() | (Purchase.asked_at < clock.after(-ASK_EVERY_S))
    return change(purchase, may_change & rested, asked_at=now)


def looked_at(purchase: Purchase) -> None:
    """Plan the next look: in five minutes while it is pending, else when news come.

    News that came while we looked have moved the time, and then stand.
    """
    fresh = Purchase.get_by_id(purchase.id)
    due_at = clock.after(POLL_S) if fresh.status in PENDING else None
    change(purchase, Purchase.due_at == purchase.due_at, due_at=due_at)


def put_back(purchase: Purchase) -> None:
    """Stripe did not answer: look again in a minute, unless news have moved the time."""
    change(purchase, Purchase.due_at == purchase.due_at, due_at=clock.after(RETRY_S))
