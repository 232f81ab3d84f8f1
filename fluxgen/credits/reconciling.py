"""The books against everything else we know. Repairs nothing: differences are for a person.

Each comparison is one statement, so it sees one moment of the books; what belongs together is
written in one transaction, so nothing that is under way looks like a difference.
"""

from __future__ import annotations

from typing import Any

from peewee import JOIN, Case, fn

from fluxgen.credits.books import Difference
from fluxgen.credits.movements import RERUN
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind, Purchase, PurchaseStatus

SETTLING = (Kind.CAPTURE, Kind.RELEASE)
CORRECTING = (Kind.REVERSE, Kind.RESTORE)


def reconcile() -> list[Difference]:
    """Balances, holds and purchases against the books; empty where they are exact."""
    return [
        *_balances("available", Account.available, Entry.available_delta),
        *_balances("held", Account.held, Entry.held_delta),
        *_balances("owed", Account.owed, Entry.owed_delta),
        *_living_without_hold(),
        *_given_and_not_used(),
        *_holds_without_life(),
        *_purchases("credits bought", _bought(), (Kind.BUY,)),
        *_purchases("credits taken back", Purchase.reversed_credits, CORRECTING, sign=-1),
        *_money_and_credits_taken_back(),
        *_booked_for_no_purchase(),
    ]


def _balances(what: str, cached: Any, column: Any) -> list[Difference]:
    """Accounts whose number is not the sum of their entries."""
    sums: Any = Entry.select(Entry.account, fn.SUM(column).alias("total"))
    sums = sums.group_by(Entry.account).alias("sums")
    booked = fn.COALESCE(sums.c.total, 0)
    rows: Any = (
        Account.select(Account.id, booked, cached)
        .join(sums, JOIN.LEFT_OUTER, on=(sums.c.account_id == Account.id))
        .where(booked != cached)
    )
    return [Difference(id_, what, int(sum_), number) for id_, sum_, number in rows.tuples()]


def _unsettled() -> Any:
    """The holds that nothing has settled."""
    settled = Entry.alias()
    same = (settled.generation == Entry.generation) & settled.kind.in_(SETTLING)
    return (
        Entry.select(Entry.account, Entry.generation, Entry.held_delta)
        .join(settled, JOIN.LEFT_OUTER, on=same)
        .where((Entry.kind == Kind.HOLD) & settled.id.is_null())
    )


def _living_without_hold() -> list[Difference]:
    """Unfinished generations whose price is not what is held for them."""
    holds = _unsettled().alias("holds")
    held = fn.COALESCE(holds.c.held_delta, 0)
    rows: Any = (
        Generation.select(Generation.account, Generation.public_id, Generation.cost_credits, held)
        .join(holds, JOIN.LEFT_OUTER, on=(holds.c.generation == Generation.public_id))
        .where(Generation.status.in_(UNFINISHED) & (held != Generation.cost_credits))
    )
    return [
        Difference(account_id, f"hold of unfinished generation {name}", cost, int(found))
        for account_id, name, cost, found in rows.tuples()
    ]


def _holds_without_life() -> list[Difference]:
    """Unsettled holds whose generation has ended or is not there."""
    alive = (Generation.public_id == Entry.generation) & Generation.status.in_(UNFINISHED)
    rows: Any = (
        _unsettled()
        .switch(Entry)
        .join(Generation, JOIN.LEFT_OUTER, on=alive)
        .where(Generation.id.is_null())
    )
    return [
        Difference(account_id, f"hold without a living generation {name}", 0, held)
        for account_id, name, held in rows.tuples()
    ]


def _given_and_not_used() -> list[Difference]:
    """Generations that were given, and of which other credits were taken back than came back."""
    granted, taken = Entry.alias(), Entry.alias()
    unused = Generation.cost_credits - Generation.charged_credits
    back = fn.COALESCE(_net(-1, taken), 0)
    same = (taken.generation == Generation.public_id) & (taken.kind == Kind.REVERSE)
    given = fn.SUBSTR(granted.key, len("grant:") + 1)
    rows: Any = (
        granted.select(granted.account, Generation.public_id, unused, back)
        .join(
            Generation,
            on=(Generation.account == granted.account) & (Generation.nonce == given),
        )
        .join(taken, JOIN.LEFT_OUTER, on=same)
        .where(
            (granted.kind == Kind.GRANT)
            & granted.key.startswith(f"grant:{RERUN}")
            & Generation.status.not_in(UNFINISHED)
            & (unused != back)
        )
    )
    return [
        Difference(account_id, f"taken back of what was given for generation {name}", left, found)
        for account_id, name, left, found in rows.tuples()
    ]


def _bought() -> Any:
    return Case(None, [(Purchase.status == PurchaseStatus.PAID, Purchase.credits)], 0)


def _net(sign: int = 1, entry: Any = Entry) -> Any:
    return (entry.available_delta - entry.owed_delta) * sign


def _purchases(what: str, ours: Any, kinds: tuple[Kind, ...], *, sign: int = 1) -> list[Difference]:
    """Purchases whose number is not the sum of their entries of these kinds."""
    sums: Any = Entry.select(Entry.purchase, fn.SUM(_net(sign)).alias("total"))
    sums = sums.where(Entry.kind.in_(kinds)).group_by(Entry.purchase).alias("sums")
    booked = fn.COALESCE(sums.c.total, 0)
    rows: Any = (
        Purchase.select(Purchase.account, Purchase.public_id, ours, booked)
        .join(sums, JOIN.LEFT_OUTER, on=(sums.c.purchase == Purchase.public_id))
        .where(booked != ours)
    )
    return [
        Difference(account_id, f"{what} of purchase {name}", int(expected), int(found))
        for account_id, name, expected, found in rows.tuples()
    ]


def _money_and_credits_taken_back() -> list[Difference]:
    """Purchases of which another share of the credits is taken back than of the money, though
    no refund is under way and no look is due that would follow it."""
    share = Purchase.credits * Purchase.reversed_minor / Purchase.amount_minor
    rows: Any = Purchase.select(
        Purchase.account, Purchase.public_id, share, Purchase.reversed_credits
    ).where(
        (share != Purchase.reversed_credits)
        & (Purchase.refunding_minor == 0)
        & Purchase.due_at.is_null()
    )
    return [
        Difference(account_id, f"share taken back of purchase {name}", int(expected), found)
        for account_id, name, expected, found in rows.tuples()
    ]


def _booked_for_no_purchase() -> list[Difference]:
    """Entries about a purchase that is not there, or is somebody else's."""
    owned = (Purchase.public_id == Entry.purchase) & (Purchase.account == Entry.account)
    rows: Any = (
        Entry.select(Entry.account, Entry.key, _net())
        .join(Purchase, JOIN.LEFT_OUTER, on=owned)
        .where(Entry.purchase.is_null(False) & Purchase.id.is_null())
    )
    return [
        Difference(account_id, f"no purchase for {key}", 0, int(net))
        for account_id, key, net in rows.tuples()
    ]
