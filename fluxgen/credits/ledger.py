"""Booking: one conditional UPDATE of the balance and one new entry, in one transaction.

The entry's unique key is what makes a second booking impossible: `hold:<generation>` and
`settle:<generation>` exist at most once, whoever asks, however often. (The public id, because
SQLite gives a deleted row's number out again.) Each entry carries the hash of the one before.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from peewee import Case, IntegrityError

from fluxgen import clock
from fluxgen.db import transaction
from fluxgen.errors import FluxGenError, InsufficientCredits
from fluxgen.models import Account, Entry, Kind
from fluxgen.models.fields import EPOCH, MICROSECOND

FIRST = "0" * 64
"""What stands for the entry before the first one."""


class AlreadyBooked(FluxGenError):
    """This movement stands in the books already."""


@dataclass(frozen=True)
class Movement:
    """What is to be booked: `net` changes what the person has free (or owes), `held` the rest."""

    account_id: int
    kind: Kind
    key: str
    net: int = 0
    held: int = 0
    generation: str | None = None
    purchase: str | None = None
    reason: str = ""


def book(movement: Movement) -> Entry:
    """Book it. Raises `AlreadyBooked`, and `InsufficientCredits` for a hold that is not covered."""
    try:
        with transaction():
            return _enter(movement, _move(movement))
    except IntegrityError:
        raise AlreadyBooked(movement.key) from None


def _move(movement: Movement) -> Account:
    """Change the account's three numbers, which also makes its other bookings wait.

    Nobody has credits and owes some at once: what comes in repays first, and what is taken
    back beyond the free credits is owed.
    """
    net = Account.available - Account.owed + movement.net
    covered = (Account.id == movement.account_id) & (Account.held + movement.held >= 0)
    if movement.kind is Kind.HOLD:
        covered &= (Account.available + movement.net >= 0) & (Account.owed == 0)
    rows: list[Account] = list(
        Account.update(
            available=Case(None, [(net > 0, net)], 0),
            owed=Case(None, [(net < 0, 0 - net)], 0),  # in Peewee, -net would mean "descending"
            held=Account.held + movement.held,
        )
        .where(covered)
        .returning(Account.available, Account.held, Account.owed)
        .execute()
    )
    if not rows:
        if Entry.select().where(Entry.key == movement.key).exists():
            raise AlreadyBooked(movement.key)  # what it would take was taken the first time
        account = Account.get_by_id(movement.account_id)
        raise InsufficientCredits(-movement.net, account.available, account.owed)
    return rows[0]


def _enter(movement: Movement, after: Account) -> Entry:
    before = after.available - after.owed - movement.net
    last = (
        Entry.select(Entry.hash)
        .where(Entry.account == movement.account_id)
        .order_by(Entry.id.desc())
        .first()
    )
    entry = Entry(
        account=movement.account_id,
        kind=movement.kind,
        key=movement.key,
        generation=movement.generation,
        purchase=movement.purchase,
        reason=movement.reason,
        available_delta=after.available - max(before, 0),
        held_delta=movement.held,
        owed_delta=after.owed - max(-before, 0),
        available_after=after.available,
        held_after=after.held,
        owed_after=after.owed,
        created_at=clock.now(),
        previous_hash=last.hash if last else FIRST,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> str:
    """SHA-256 of an entry and of the hash before it (the recipe is in docs/statement.md)."""
    text = json.dumps(facts(entry), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def facts(entry: Entry) -> list[str | int]:
    """What an entry's hash is taken of, in this order; the moment in microseconds since 1970."""
    return [
        entry.previous_hash,
        entry.kind.value,
        entry.key,
        entry.generation or "",
        entry.purchase or "",
        entry.reason,
        entry.available_delta,
        entry.held_delta,
        entry.owed_delta,
        entry.available_after,
        entry.held_after,
        entry.owed_after,
        (entry.created_at - EPOCH) // MICROSECOND,
    ]
