"""How a purchase begins: within limits, written down before Stripe hears of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from peewee import fn

from fluxgen import catalogue, clock
from fluxgen.db import transaction
from fluxgen.errors import Refused, TooMany
from fluxgen.models import Account, Purchase, PurchaseStatus
from fluxgen.purchases.fulfilment import Mismatch
from fluxgen.purchases.news import POLL_S
from fluxgen.purchases.rows import change, one_at_a_time
from fluxgen.words import N_, _

SESSIONS_PER_HOUR = 5
DECLINES_PER_DAY = 3
OPEN_S = 3600
RESTRICTED = N_("Your data is restricted, so nothing is bought. You can lift that in your account.")


def begin(account: Account, pack_slug: str, *, consented: bool) -> Purchase:
    """Write down what is to be bought, before Stripe hears of it. Raises `Refused`, `TooMany`."""
    pack = catalogue.pack(pack_slug)
    if not consented:
        words = _("Please agree first: we may add the credits at once only when you ask for that.")
        raise Refused(words, "consent")
    with transaction():
        one_at_a_time(account.id)
        if Account.get_by_id(account.id).is_restricted:
            raise Refused(_(RESTRICTED))
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


def _refuse_card_testing(account: Account) -> None:
    if _begun_in_an_hour(account) >= SESSIONS_PER_HOUR:
        raise TooMany(
            _(
                "Those are many purchases in one hour: %(most)s is the limit. Try again in an hour.",
                most=SESSIONS_PER_HOUR,
            ),
            3600,
        )
    if is_stopped(account.id):
        raise TooMany(
            _("Your card was refused several times today. Try again in 24 hours."), 24 * 3600
        )


def _begun_in_an_hour(account: Account) -> int:
    """How many sessions: a purchase for which Stripe opened none does not count."""
    since = clock.now() - timedelta(hours=1)
    mine = (Purchase.account == account) & (Purchase.created_at > since)
    came_to_none = (Purchase.status == PurchaseStatus.FAILED) & Purchase.session_id.is_null()
    return int(Purchase.select().where(mine & ~came_to_none).count())


def is_stopped(account_id: int) -> bool:
    """Whether so many cards were refused within a day that nobody may try another.

    A purchase counts with all its refused cards until a day after the last: its session is
    open for an hour at most.
    """
    since = clock.now() - timedelta(days=1)
    lately: Any = (Purchase.account == account_id) & (Purchase.declined_at > since)
    refused = Purchase.select(fn.SUM(Purchase.declines)).where(lately).scalar()
    return int(refused or 0) >= DECLINES_PER_DAY


def opened(purchase: Purchase, session_id: str) -> None:
    """Stripe has a session for it. Where too many cards were refused meanwhile, it is closed."""
    created = Purchase.status == PurchaseStatus.CREATED
    change(purchase, created, status=PurchaseStatus.OPEN, session_id=session_id)
    if is_stopped(purchase.account_id):
        change(purchase, Purchase.id == purchase.id, due_at=clock.now())


def unopened(purchase: Purchase) -> None:
    """Stripe opened no session, or did not say so. One that turns up after all is adopted."""
    created = Purchase.status == PurchaseStatus.CREATED
    change(purchase, created, status=PurchaseStatus.FAILED)


def is_overdue(purchase: Purchase) -> bool:
    """Whether a session, had there been one, would be over by now."""
    return bool(purchase.created_at < clock.after(-OPEN_S))


def adopted(purchase: Purchase, session_id: str) -> None:
    """Stripe has a session for it of which we lost the name. Raises `Mismatch`."""
    if Purchase.select().where(Purchase.session_id == session_id).exists():
        raise Mismatch(f"purchase {purchase.id}")
    change(purchase, Purchase.session_id.is_null(), session_id=session_id)
    change(purchase, Purchase.status == PurchaseStatus.CREATED, status=PurchaseStatus.OPEN)
