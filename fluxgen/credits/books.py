"""Reading the books, and checking them against everything else we know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, fn

from fluxgen.credits.ledger import FIRST, digest
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind

PAGE = 100
SPENDING = (Kind.HOLD, Kind.CAPTURE, Kind.RELEASE)


def entries(
    account: Account, *, kind: Kind | None = None, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """The latest movements of an account, newest first, from below the id `before` on."""
    wanted = Entry.account == account
    if kind is not None:
        wanted &= Entry.kind == kind
    if before is not None:
        wanted &= Entry.id < before
    return list(Entry.select().where(wanted).order_by(Entry.id.desc()).limit(limit))


def every(account: Account) -> Iterator[Entry]:
    """All movements of an account, oldest first, without holding them all in memory."""
    yield from Entry.select().where(Entry.account == account).order_by(Entry.id).iterator()


def receipt(generation: Generation) -> list[Entry]:
    """The movements that one generation caused, in order."""
    return list(Entry.select().where(Entry.generation == generation.public_id).order_by(Entry.id))


def spent_since(account: Account, since: datetime) -> int:
    """Credits held since then, less what has come back of them; deleting pictures changes nothing."""
    back = Entry.available_delta - Entry.owed_delta
    mine = (Entry.account == account) & (Entry.created_at >= since)
    moved = Entry.select(fn.SUM(back)).where(mine & Entry.kind.in_(SPENDING)).scalar()
    return max(0, -int(moved or 0))


@dataclass(frozen=True)
class Difference:
    """A place where two numbers that should agree do not."""

    account_id: int | None
    what: str
    expected: int | str
    found: int | str


def reconcile() -> list[Difference]:
    """Compare the books with the balances, and the holds with living generations.

    Repairs nothing: a difference is for a person to look at.
    """
    return [
        *_differing("available", Account.available, _sums(Entry.available_delta)),
        *_differing("held", Account.held, _sums(Entry.held_delta)),
        *_differing("owed", Account.owed, _sums(Entry.owed_delta)),
        *_differing("held by unfinished generations", Account.held, _living()),
    ]


def verify(account: Account) -> Difference | None:
    """Follow the chain of an account's entries; the first link that does not hold, or None."""
    previous, available, held, owed = FIRST, 0, 0, 0
    for entry in every(account):
        available += entry.available_delta
        held += entry.held_delta
        owed += entry.owed_delta
        if entry.previous_hash != previous or entry.hash != digest(entry):
            return Difference(account.id, f"chain at {entry.key}", digest(entry), entry.hash)
        after = (entry.available_after, entry.held_after, entry.owed_after)
        if after != (available, held, owed):
            sums = f"{available}/{held}/{owed}"
            return Difference(account.id, f"sums at {entry.key}", sums, str(after))
        previous = entry.hash
    return None


def _differing(what: str, cached: Any, summed: Any) -> list[Difference]:
    """Accounts whose number is not this sum: one statement, so one moment of the books."""
    booked = fn.COALESCE(summed.c.total, 0)
    rows: Any = (
        Account.select(Account.id, booked, cached)
        .join(summed, JOIN.LEFT_OUTER, on=(summed.c.account_id == Account.id))
        .where(booked != cached)
    )
    return [Difference(id_, what, int(sum_), number) for id_, sum_, number in rows.tuples()]


def _sums(column: Any) -> Any:
    sums = Entry.select(Entry.account, fn.SUM(column).alias("total"))
    return sums.group_by(Entry.account).alias("sums")


def _living() -> Any:
    living = Generation.select(
        Generation.account, fn.SUM(Generation.cost_credits).alias("total")
    ).where(Generation.status.in_(UNFINISHED))
    return living.group_by(Generation.account).alias("sums")
