"""The ledger: credits are held at the click, then captured or released, once.

Every movement is one conditional UPDATE of the balance and one new entry, in one
transaction. The entry's unique key is what makes a second booking impossible:
`hold:<generation>` and `settle:<generation>` exist at most once, whoever asks, however often.
(The generation's public id, because SQLite gives a deleted row's number out again.)
All amounts are whole credits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import IntegrityError, fn

from fluxgen.db import transaction
from fluxgen.errors import FluxGenError, InsufficientCredits, Refused
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind


class AlreadyBooked(FluxGenError):
    """This movement stands in the books already."""


def grant(account: Account, credits: int, key: str, reason: str) -> Entry:
    """Give credits under the key `grant:<key>`. Raises `AlreadyBooked`, `Refused`."""
    if credits <= 0:
        raise Refused("A grant is at least 1 credit.")
    return _book(account.id, Kind.GRANT, f"grant:{key}", available=credits, reason=reason)


def hold(generation: Generation) -> Entry:
    """Set the price of a new generation aside. Raises `InsufficientCredits`."""
    cost = generation.cost_credits
    return _book(
        generation.account_id,
        Kind.HOLD,
        f"hold:{generation.public_id}",
        available=-cost,
        held=cost,
        generation=generation.public_id,
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
    return _book(
        generation.account_id,
        kind,
        f"settle:{generation.public_id}",
        available=cost - charged,
        held=-cost,
        generation=generation.public_id,
        reason=reason,
    )


def _book(
    account_id: int,
    kind: Kind,
    key: str,
    *,
    available: int = 0,
    held: int = 0,
    generation: str | None = None,
    reason: str = "",
) -> Entry:
    with transaction():
        after = _move(account_id, available, held)
        try:
            with transaction():  # a savepoint: Postgres goes on after a refused insert
                return Entry.create(
                    account=account_id,
                    kind=kind,
                    key=key,
                    generation=generation,
                    reason=reason,
                    available_delta=available,
                    held_delta=held,
                    available_after=after.available,
                    held_after=after.held,
                )
        except IntegrityError:
            raise AlreadyBooked(key) from None


def _move(account_id: int, available: int, held: int) -> Account:
    """Change both numbers if neither would fall below zero and nothing is owed."""
    covered = (Account.available + available >= 0) & (Account.held + held >= 0)
    if available < 0:
        covered &= Account.owed == 0
    rows: list[Account] = list(
        Account.update(available=Account.available + available, held=Account.held + held)
        .where((Account.id == account_id) & covered)
        .returning(Account.available, Account.held)
        .execute()
    )
    if not rows:
        raise InsufficientCredits(-available, Account.get_by_id(account_id).available)
    return rows[0]


def entries(account: Account, limit: int = 200) -> list[Entry]:
    """The latest movements of an account, newest first."""
    return list(
        Entry.select().where(Entry.account == account).order_by(Entry.id.desc()).limit(limit)
    )


def receipt(generation: Generation) -> list[Entry]:
    """The movements that one generation caused, in order."""
    return list(Entry.select().where(Entry.generation == generation.public_id).order_by(Entry.id))


@dataclass(frozen=True)
class Difference:
    """A place where two of our own numbers disagree."""

    account_id: int
    what: str
    booked: int
    cached: int


def reconcile() -> list[Difference]:
    """Compare the books with the balances, and the holds with living generations.

    Finds and repairs nothing: a difference is for a person to look at.
    """
    return [
        *_compare("available", _sums(Entry.available_delta), _cached(Account.available)),
        *_compare("held", _sums(Entry.held_delta), _cached(Account.held)),
        *_compare("held by unfinished generations", _living(), _cached(Account.held)),
    ]


def _compare(what: str, booked: dict[int, int], cached: dict[int, int]) -> list[Difference]:
    return [
        Difference(account_id, what, booked.get(account_id, 0), number)
        for account_id, number in cached.items()
        if booked.get(account_id, 0) != number
    ]


def _sums(column: Any) -> dict[int, int]:
    rows = Entry.select(Entry.account, fn.SUM(column)).group_by(Entry.account)
    return _by_account(rows)


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
