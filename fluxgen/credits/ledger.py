"""Booking: one conditional UPDATE of the balance and one new entry, in one transaction.

The entry's unique key is what makes a second booking impossible: `hold:<generation>` and
`settle:<generation>` exist at most once, whoever asks, however often. (The public id, because
SQLite gives a deleted row's number out again.) Each entry carries the hash of the one before.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import IntegrityError

from fluxgen import clock
from fluxgen.db import transaction, tuples
from fluxgen.errors import FluxGenError, InsufficientCredits
from fluxgen.models import Account, Entry, Kind
from fluxgen.models.fields import EPOCH, MICROSECOND

FIRST = "0" * 64
"""What stands for the entry before the first one."""

# These three never change, and to have Peewee write them anew took longer than all the rest.
MOVE = """
UPDATE account SET
    available = CASE WHEN available - owed + ? > 0 THEN available - owed + ? ELSE 0 END,
    owed = CASE WHEN available - owed + ? < 0 THEN -(available - owed + ?) ELSE 0 END,
    held = held + ?
WHERE id = ? AND held + ? >= 0"""
COVERED = " AND available + ? >= 0 AND owed = 0"
LAST_HASH = "SELECT hash FROM entry WHERE account_id = ? ORDER BY id DESC LIMIT 1"
ENTERED = [field for field in Entry._meta.sorted_fields if field.name != "id"]
ENTER = "INSERT INTO entry ({}) VALUES ({}) RETURNING id".format(
    ", ".join(field.column_name for field in ENTERED), ", ".join("?" * len(ENTERED))
)


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


class Balance(NamedTuple):
    """The account's three numbers after a movement (credits)."""

    available: int
    held: int
    owed: int


def book(movement: Movement) -> Entry:
    """Book it. Raises `AlreadyBooked`, and `InsufficientCredits` for a hold that is not covered."""
    try:
        with transaction():
            return _enter(movement, _move(movement))
    except IntegrityError:
        raise AlreadyBooked(movement.key) from None


def _move(movement: Movement) -> Balance:
    """Change the account's three numbers, which also makes its other bookings wait.

    Nobody has credits and owes some at once: what comes in repays first, and what is taken
    back beyond the free credits is owed.
    """
    net, held, account_id = movement.net, movement.held, movement.account_id
    values = [net, net, net, net, held, account_id, held]
    statement = MOVE
    if movement.kind is Kind.HOLD:
        statement += COVERED
        values.append(net)
    rows = tuples(f"{statement} RETURNING available, held, owed", *values)
    if not rows:
        if Entry.select().where(Entry.key == movement.key).exists():
            raise AlreadyBooked(movement.key)  # what it would take was taken the first time
        account = Account.get_by_id(movement.account_id)
        raise InsufficientCredits(-movement.net, account.available, account.owed)
    return Balance(*rows[0])


def _enter(movement: Movement, after: Balance) -> Entry:
    before = after.available - after.owed - movement.net
    last = tuples(LAST_HASH, movement.account_id)
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
        previous_hash=last[0][0] if last else FIRST,
    )
    entry.hash = digest(entry)
    entry.id = tuples(ENTER, *_values(entry))[0][0]
    return entry


def _values(entry: Entry) -> list[Any]:
    """The entry as the database takes it, in the order of `ENTERED`."""
    return [field.db_value(entry.__data__[field.name]) for field in ENTERED]


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
