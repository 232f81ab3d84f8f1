"""Reading the books, and checking them against everything else we know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Case, fn

from fluxgen.credits.ledger import FIRST, digest
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind

PAGE = 100


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
    """Credits charged or still held for generations asked for since then."""
    spent = Case(
        None,
        [(Generation.status.in_(UNFINISHED), Generation.cost_credits)],
        Generation.charged_credits,
    )
    wanted = (Generation.account == account) & (Generation.created_at >= since)
    return int(Generation.select(fn.SUM(spent)).where(wanted).scalar() or 0)


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
        *_compare("available", _sums(Entry.available_delta), _cached(Account.available)),
        *_compare("held", _sums(Entry.held_delta), _cached(Account.held)),
        *_compare("owed", _sums(Entry.owed_delta), _cached(Account.owed)),
        *_compare("held by unfinished generations", _living(), _cached(Account.held)),
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


def _compare(what: str, booked: dict[int, int], cached: dict[int, int]) -> list[Difference]:
    return [
        Difference(account_id, what, booked.get(account_id, 0), number)
        for account_id, number in cached.items()
        if booked.get(account_id, 0) != number
    ]


def _sums(column: Any) -> dict[int, int]:
    return _by_account(Entry.select(Entry.account, fn.SUM(column)).group_by(Entry.account))


def _cached(column: Any) -> dict[int, int]:
    return _by_account(Account.select(Account.id, column))


def _living() -> dict[int, int]:
    rows = (
        Generation.select(Generation.account, fn.SUM(Generation.cost_credits))
        .where(Generation.status.in_(UNFINISHED))
        .group_by(Generation.account)
    )
    return _by_account(rows)


def _by_account(rows: Any) -> dict[int, int]:
    """Rows of an account's id and a number."""
    return {account: int(number) for account, number in rows.tuples()}
