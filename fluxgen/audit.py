"""The audit: each deed is a row chained by hash to the one before, in the deed's own transaction.

A row can never be changed or deleted (triggers), with two exceptions that the chain survives.
Its words and whom it is about can be erased, because the chain goes over their salted hash; a
row that says which ones is written beside it. And the oldest rows go when they have had their
time, because a row that `closes` them carries the last one's hash.
What was cut off at the end is missed against the head, which is also printed and logged:
`flask audit verify --head` compares.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fluxgen import clock, typed
from fluxgen.db import database, transaction, tuples
from fluxgen.errors import FluxGenError, Refused
from fluxgen.models import AuditHead, AuditRow
from fluxgen.models.fields import EPOCH, MICROSECOND

FIRST = "0" * 64
"""What stands for the row before the first one."""
REASON_MAX = 1000
ACTOR_MAX = 60
BATCH = 1000
KEPT_S = 3 * 365 * 24 * 3600
SEGMENT_S = 30 * 24 * 3600
"""Rows go in whole segments, a month before their time at most: one closing row a month."""
PURGE = "audit.purge"
FORGET = "audit.forget"
PERSON = "person"
TIMER = "timer"
OPERATOR = "operator"
ADVANCE = "UPDATE audit_head SET number = number + 1 RETURNING number, hash"

_actor: ContextVar[str] = ContextVar("actor", default=TIMER)


class OutsideTransaction(FluxGenError):
    """A deed and its audit row are written together or not at all; this one stood alone."""


def begin_acting(actor: str) -> None:
    """Who does what is recorded from here on."""
    _actor.set(actor[:ACTOR_MAX])


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """Who does what is recorded meanwhile."""
    token = _actor.set(actor[:ACTOR_MAX])
    try:
        yield
    finally:
        _actor.reset(token)


def record(action: str, *, subject: str | None, reason: str, facts: Mapping[str, object]) -> None:
    """Write down a deed, in the transaction that does it.

    `subject` is the public reference of the account it concerns, or the id of a request that came
    from somebody without one: only words about a subject can be forgotten. `facts` are ids and numbers,
    never anything that somebody wrote. Raises `OutsideTransaction`, and `Refused` without a
    reason.
    """
    _record(action, subject, reason, facts)


def _record(
    action: str,
    subject: str | None,
    reason: str,
    facts: Mapping[str, object],
    closes: int | None = None,
) -> None:
    if not database.in_transaction():
        raise OutsideTransaction(action)
    if typed.is_blank(reason) or len(reason.strip()) > REASON_MAX:
        raise Refused(f"A reason has 1 to {REASON_MAX:,} characters.", "reason")
    number, previous_hash = tuples(ADVANCE)[0]
    row = AuditRow(
        number=number,
        action=action,
        actor=_actor.get(),
        subject=subject,
        reason=reason.strip(),
        facts=json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str),
        salt=secrets.token_hex(16),
        closes=closes,
        created_at=clock.now(),
        previous_hash=previous_hash,
    )
    row.words_hash = words_digest(row)
    row.hash = digest(row)
    row.save(force_insert=True)
    AuditHead.update(hash=row.hash).execute()


def words_digest(row: AuditRow) -> str:
    """SHA-256 of a row's salt, whom it is about, reason and facts."""
    return _sha256([row.salt, row.subject or "", row.reason, row.facts])


def digest(row: AuditRow) -> str:
    """SHA-256 of a row, of its words by their hash, and of the hash before it."""
    return _sha256(
        [
            row.previous_hash,
            row.number,
            row.action,
            row.actor,
            row.words_hash,
            row.closes or 0,
            (row.created_at - EPOCH) // MICROSECOND,
        ]
    )


def _sha256(values: list[Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Head:
    """How many rows there were at some moment, and the last one's hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


def parse_head(text: str) -> Head:
    """A head as it was printed or logged. Raises `Refused`."""
    number, _, hash_ = text.strip().partition(":")
    if not number.isdecimal() or len(hash_) != len(FIRST):
        raise Refused("A head is a number, a colon and 64 characters, as verify prints it.")
    return Head(int(number), hash_)


def head() -> Head:
    """How many rows there are, and the last one's hash."""
    found = AuditHead.get()
    return Head(found.number, found.hash)


@dataclass(frozen=True)
class Broken:
    """A place where the chain does not hold."""

    number: int
    what: str


def verify(
    earlier: Head | None = None,
    watch: Callable[[Iterator[AuditRow]], Iterable[AuditRow]] = iter,
) -> list[Broken]:
    """Follow the whole chain, past the head of an earlier time if there is one; `watch` may
    pass its rows on one by one."""
    found: list[Broken] = []
    last = Head(0, FIRST)
    passed = earlier is None or earlier.number == 0
    forgotten = _forgotten()
    for row in watch(_all()):
        if row.number != last.number + 1:
            found += _gap(row, last)
        elif row.previous_hash != last.hash:
            found.append(Broken(row.number, "does not follow the row before it"))
        if digest(row) != row.hash:
            found.append(Broken(row.number, "was changed"))
        found += _words_of(row, forgotten)
        last = Head(row.number, row.hash)
        if earlier and earlier.number == row.number:
            passed = earlier.hash == row.hash
    if head() != last:
        found.append(Broken(last.number + 1, f"{head().number - last.number} rows are cut off"))
    if earlier and not passed and not _purged(earlier.number):
        found.append(Broken(earlier.number, "is not what it was when this head was printed"))
    return found


def _all() -> Iterator[AuditRow]:
    """Every row in order, a batch at a time."""
    number = 0
    while batch := list(
        AuditRow.select().where(AuditRow.number > number).order_by(AuditRow.number).limit(BATCH)
    ):
        yield from batch
        number = batch[-1].number


def _gap(row: AuditRow, last: Head) -> list[Broken]:
    """Missing rows are no break at the very beginning, where a later row closes them."""
    if last.number == 0:
        for closing in AuditRow.select().where(AuditRow.closes == row.number - 1):
            if closing.facts and json.loads(closing.facts).get("last_hash") == row.previous_hash:
                return []
    missing = row.number - last.number - 1
    return [Broken(last.number + 1, f"{missing} missing before row {row.number}")]


def _words_of(row: AuditRow, forgotten: set[int]) -> list[Broken]:
    """Words may be gone only where a later row says so, and then all of them are."""
    if row.salt is not None:
        return [] if words_digest(row) == row.words_hash else [Broken(row.number, "words changed")]
    if (row.subject, row.reason, row.facts) != (None, None, None):
        return [Broken(row.number, "words put where they were erased")]
    return [] if row.number in forgotten else [Broken(row.number, "words erased, no row says why")]


def _forgotten() -> set[int]:
    """The rows of which another one says that their words went with an account."""
    rows = AuditRow.select().where(AuditRow.action == FORGET)
    return {number for row in rows if row.facts for number in json.loads(row.facts)["rows"]}


def _purged(number: int) -> bool:
    return bool(AuditRow.select().where(AuditRow.closes >= number).exists())


def rows(
    *,
    subject: str | None = None,
    action: str | None = None,
    since: datetime | None = None,
    limit: int = 1000,
) -> list[AuditRow]:
    """The latest rows: about this account, of actions that begin so, from then on."""
    found = AuditRow.select().order_by(AuditRow.number.desc()).limit(limit)
    if subject is not None:
        found = found.where(AuditRow.subject == subject)
    if action is not None:
        found = found.where(AuditRow.action.startswith(action))
    if since is not None:
        found = found.where(AuditRow.created_at >= since)
    return list(found)


def forget(subject: str) -> int:
    """Erase the words of every row about this account, and that they were about it, in the
    caller's transaction; how many there were. The chain holds, and a row of it says which."""
    about = AuditRow.subject == subject
    numbers = [row.number for row in AuditRow.select(AuditRow.number).where(about)]
    if numbers:
        record(FORGET, subject=None, reason="An account was erased.", facts={"rows": numbers})
        AuditRow.update(subject=None, reason=None, facts=None, salt=None).where(about).execute()
    return len(numbers)


def purge(kept_s: float = KEPT_S) -> int:
    """Let go of the rows that have had their time, in whole segments; how many went."""
    oldest = AuditRow.select().order_by(AuditRow.number).first()
    if oldest is None or oldest.created_at > clock.after(-kept_s):
        return 0
    with transaction():
        last = (
            AuditRow.select()
            .where(AuditRow.created_at < clock.after(SEGMENT_S - kept_s))
            .order_by(AuditRow.number.desc())
            .first()
        )
        _record(
            PURGE,
            None,
            "These rows have had their time.",
            {"first": oldest.number, "last": last.number, "last_hash": last.hash},
            closes=last.number,
        )
        gone = AuditRow.delete().where(AuditRow.number <= last.number).execute()
    return int(gone)
