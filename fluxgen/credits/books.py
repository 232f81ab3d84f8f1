"""Reading the books, and following their chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from fluxgen.credits.ledger import FIRST, digest
from fluxgen.credits.movements import RERUN
from fluxgen.models import Account, Entry, Generation, Kind

PAGE = 100
BATCH = 1000
SPENDING = (Kind.HOLD, Kind.CAPTURE, Kind.RELEASE)


@dataclass(frozen=True)
class Wanted:
    """Which movements are asked for: of a kind, from `since` on and before `until`, caused by
    the generation or purchase of this name."""

    kind: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None
    cause: str | None = None


EVERYTHING = Wanted()


def entries(
    account: Account, wanted: Wanted = EVERYTHING, *, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """The latest such movements of an account, newest first, from below the id `before` on."""
    rule = Entry.account == account
    if wanted.kind is not None:
        rule &= Entry.kind == wanted.kind
    if wanted.since is not None:
        rule &= Entry.created_at >= wanted.since
    if wanted.until is not None:
        rule &= Entry.created_at < wanted.until
    if wanted.cause is not None:
        rule &= (Entry.generation == wanted.cause) | (Entry.purchase == wanted.cause)
    if before is not None:
        rule &= Entry.id < before
    return list(Entry.select().where(rule).order_by(Entry.id.desc()).limit(limit))


def corrections(account: Account, purchases: Sequence[str]) -> list[Entry]:
    """The movements that took credits of these purchases, or gave them back, oldest first."""
    if not purchases:
        return []
    of_these = (Entry.account == account) & Entry.purchase.in_(purchases)
    corrected = of_these & Entry.kind.in_((Kind.REVERSE, Kind.RESTORE))
    return list(Entry.select().where(corrected).order_by(Entry.id))


def first_at(account: Account) -> datetime | None:
    """When the account's first movement was; None when there is none."""
    first = Entry.select(Entry.created_at).where(Entry.account == account).order_by(Entry.id)
    moment: datetime | None = first.limit(1).scalar()
    return moment


def every(account: Account | int) -> Iterator[Entry]:
    """All movements of an account (or of its id), oldest first; never all of them in memory."""
    last_id = 0
    while True:
        later = (Entry.account == account) & (Entry.id > last_id)
        batch = list(Entry.select().where(later).order_by(Entry.id).limit(BATCH))
        yield from batch
        if len(batch) < BATCH:
            return
        last_id = batch[-1].id


def receipt(generation: Generation) -> list[Entry]:
    """The movements that one generation caused, in order."""
    return list(Entry.select().where(Entry.generation == generation.public_id).order_by(Entry.id))


def spent_since(account: Account, since: datetime) -> int:
    """Credits held since then, less what has come back of them; deleting pictures changes nothing,
    nor does a free re-run, whose hold and what was given for it are one another's reverse."""
    back = Entry.available_delta - Entry.owed_delta
    mine = (Entry.account == account) & (Entry.created_at >= since)
    given = Entry.key.startswith(f"grant:{RERUN}") | Entry.key.startswith(f"reverse:{RERUN}")
    counted = Entry.kind.in_(SPENDING) | given
    moved = Entry.select(fn.SUM(back)).where(mine & counted).scalar()
    return max(0, -int(moved or 0))


def released_since(account: Account, since: datetime, reason: str) -> int:
    """How many holds were given back since then for this reason; deleting changes nothing."""
    mine = (Entry.account == account) & (Entry.created_at >= since)
    back = (Entry.kind == Kind.RELEASE) & (Entry.reason == reason)
    return int(Entry.select().where(mine & back).count())


def granted_since(account: Account, since: datetime, key: str) -> int:
    """How many grants there were since then under keys that begin so."""
    mine = (Entry.account == account) & (Entry.created_at >= since)
    given = (Entry.kind == Kind.GRANT) & Entry.key.startswith(f"grant:{key}")
    return int(Entry.select().where(mine & given).count())


def was_given(account: Account, nonce: str) -> bool:
    """Whether the price of the generation with this nonce was given for a free re-run."""
    mine = (Entry.account == account) & (Entry.key == f"grant:{nonce}")
    return nonce.startswith(RERUN) and Entry.select().where(mine).exists()


def withdrawn(account: Account, key: str) -> int:
    """How many grants under keys that begin so were taken back because their generation was
    released: nothing came of it, and nothing is left of them."""
    released = Entry.select(Entry.generation).where(
        (Entry.account == account) & (Entry.kind == Kind.RELEASE)
    )
    back = (Entry.kind == Kind.REVERSE) & Entry.key.startswith(f"reverse:{key}")
    mine = (Entry.account == account) & Entry.generation.in_(released)
    return int(Entry.select().where(mine & back).count())


@dataclass(frozen=True)
class Difference:
    """A place where two numbers that should agree do not."""

    account_id: int | None
    what: str
    expected: int | str
    found: int | str


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
