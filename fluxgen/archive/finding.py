"""What somebody looks for in the archive, and which numbers and terms that means."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta

from fluxgen import db
from fluxgen.archive import collections, terms
from fluxgen.archive.index import NUMBER_MAX, Range
from fluxgen.archive.terms import Term
from fluxgen.models import Account
from fluxgen.models.fields import EPOCH, MICROSECOND

MOMENT_MAX = 2**63 - 1
ENDED = "ended"
"""The status of all that ended without a picture."""

FIRST_SINCE = """SELECT number FROM generation
WHERE account_id = ? AND created_at >= ? ORDER BY created_at LIMIT 1"""
LAST_BEFORE = """SELECT number FROM generation
WHERE account_id = ? AND created_at < ? ORDER BY created_at DESC LIMIT 1"""


@dataclass(frozen=True)
class Wanted:
    """What to look for; days are UTC, both included. `answers` are pairs of slot and answer."""

    words: str = ""
    look: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    model: str = ""
    tier: str = ""
    since: date | None = None
    until: date | None = None
    favourite: bool = False
    collection: str = ""
    """One of the account's own, by its name in addresses."""
    reference: bool = False
    status: str = ""
    """What ended without a picture, instead of pictures: `ended`, or which of its ways."""

    @property
    def named(self) -> list[str]:
        """Which of them are asked for."""
        return [field.name for field in fields(self) if getattr(self, field.name)]

    @property
    def ended(self) -> bool:
        """Whether it is about what ended without a picture."""
        return bool(self.status)

    @property
    def finds_nothing(self) -> bool:
        """Whether no letter is in the words asked for."""
        return bool(self.words.strip()) and not terms.asked(self.words)

    def without(self, name: str) -> Wanted:
        """The same, one of them no longer asked for."""
        return replace(self, **{name: getattr(Wanted(), name)})

    def terms(self) -> list[Term]:
        """The terms that all have to be there; none where every one is wanted."""
        named = [terms.slot(name, answer) for name, answer in self.answers]
        named += [terms.look(self.look)] if self.look else []
        named += [terms.model(self.model)] if self.model else []
        named += [terms.tier(self.tier)] if self.tier else []
        named += [terms.FAVOURITE] if self.favourite else []
        named += [terms.collection(self.collection)] if self.collection else []
        named += [terms.REFERENCE] if self.reference else []
        named += [terms.ending(self.status)] if self.status not in ("", ENDED) else []
        return [*terms.asked(self.words), *map(Term, named)]


def numbers(account: Account, wanted: Wanted, after: int | None = None) -> Range | None:
    """The account's numbers of these days and below `after`; None where there are none.

    Where older pictures were brought in above newer ones, days are no range of numbers: each
    picture's own day is looked at. A collection that is gone has none: what the index still says
    of it is found by nobody.
    """
    if wanted.collection and collections.find(account, wanted.collection) is None:
        return None
    low, high = 1, NUMBER_MAX if after is None else after - 1
    if account.dates_mixed and (wanted.since or wanted.until):
        return Range(low, high, _moments(wanted)) if low <= high else None
    if wanted.since:
        if (first := _number(FIRST_SINCE, account, wanted.since)) is None:
            return None
        low = first
    if wanted.until and wanted.until < date.max:
        if (last := _number(LAST_BEFORE, account, wanted.until + timedelta(days=1))) is None:
            return None
        high = min(high, last)
    return Range(low, high) if low <= high else None


def _number(statement: str, account: Account, day: date) -> int | None:
    found = db.tuples(statement, account.id, _midnight(day))
    return int(found[0][0]) if found else None


def _moments(wanted: Wanted) -> tuple[int, int]:
    """The first and the last moment of the days looked for, as the database keeps them."""
    since, until = wanted.since or date.min, wanted.until or date.max
    last = _midnight(until + timedelta(days=1)) - 1 if until < date.max else MOMENT_MAX
    return _midnight(since), last


def _midnight(day: date) -> int:
    return (datetime.combine(day, time(), tzinfo=UTC) - EPOCH) // MICROSECOND
