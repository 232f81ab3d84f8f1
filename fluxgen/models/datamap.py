"""The data map: what each column holds, why, how long, and what export and erasure do.

The facts stand beside the fields. The census test walks every model and turns red on a
column without a fact; the erasure, the purges and the record of processing read this map,
and the privacy page is compared with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self, TypeVar

import peewee

from fluxgen.words import N_


class Category(StrEnum):
    """Whose business a value is."""

    IDENTITY = "who somebody is"
    CONTENT = "what somebody made"
    MONEY = "credits and their movements"
    CONSENT = "what somebody agreed to"
    OPERATION = "what running the service needs"


@dataclass(frozen=True)
class Period:
    """How long: so many days, or so many whole years after the year it began in."""

    days: int = 0
    years: int = 0

    def limit(self, now: datetime) -> datetime:
        """What began before this moment has had its time."""
        if self.years:
            return datetime(now.year - self.years, 1, 1, tzinfo=UTC)
        return now - timedelta(days=self.days)


class Keep(StrEnum):
    """How long a value stays; those with a period leave by themselves (`housekeeping`)."""

    period: Period | None

    def __new__(cls, words: str, period: Period | None = None) -> Self:
        member = str.__new__(cls, words)
        member._value_ = words
        member.period = period
        return member

    ACCOUNT = N_("until the account is deleted")
    GENERATION = N_("until the generation is deleted")
    UNFINISHED = N_("until the generation ends")
    SESSION = N_("until sign-out, at most 30 days"), Period(days=30)
    LAST_MAIL = N_("until the last mail about the erasure is sent, at most a day")
    UNSENT = N_("until the mail is sent or given up, at most 5 days")
    ERASING = N_("until the erasure has ended")
    WEEK = N_("7 days"), Period(days=7)
    MONTH = N_("30 days"), Period(days=30)
    TWO_MONTHS = N_("60 days"), Period(days=60)
    TWO_YEARS = N_("2 years"), Period(days=2 * 365)
    EXPORT = N_("7 days after it is ready")
    ROW = N_("as long as the rest of its row")
    AUDIT = N_("3 years, without the person after erasure"), Period(days=3 * 365)
    REQUEST = (
        N_("3 years after it was answered, or until the account is deleted"),
        Period(days=3 * 365),
    )
    ALWAYS = N_("as long as the service runs; there is nothing of anybody in it")
    LEDGER = (
        N_(
            "until the account is deleted; of payments 10 years after their year, without the person"
        ),
        Period(years=10),
    )


class Erase(StrEnum):
    """What erasure does with a value."""

    DELETE = "deleted, with its row or out of it"
    UNLINK = "the link to the person becomes a random token"
    KEEP = "stays, and says nothing about a person"


class Clock(StrEnum):
    """What a moment has to do with the period of its row."""

    BEGINS = "the period counts from here"
    ENDS = "the period is over here"


@dataclass(frozen=True)
class Fact:
    """What the map says about one column, Redis key pattern or storage prefix."""

    category: Category
    purpose: str
    keep: Keep
    export: bool = False
    erase: Erase = Erase.DELETE
    clock: Clock | None = None
    named_by: str = ""
    """The table whose public id stands behind a storage prefix."""


FieldT = TypeVar("FieldT", bound=peewee.Field)


def mapped(
    field: FieldT,
    category: Category,
    purpose: str,
    keep: Keep,
    *,
    export: bool = False,
    erase: Erase = Erase.DELETE,
    clock: Clock | None = None,
) -> FieldT:
    """The same field with its fact beside it."""
    field.fact = Fact(category, purpose, keep, export, erase, clock)  # type: ignore[attr-defined]
    return field


REDIS_KEYS: dict[str, Fact] = {
    "rq:*": Fact(Category.OPERATION, "bells that name a row id and nothing else", Keep.UNFINISHED),
}

SEARCH_INDEXES: dict[str, Fact] = {
    "archive_words": Fact(
        Category.CONTENT, "finds generations by their words and facts", Keep.GENERATION
    ),
}
"""Beside the tables, made by a migration: an FTS5 table on SQLite, vectors on Postgres."""

LOG_FILES: dict[str, Fact] = {
    "fluxgen-*.jsonl": Fact(
        Category.OPERATION,
        "what the program did: states, kinds of pages, how long, row numbers; a file a day",
        Keep.MONTH,
        erase=Erase.KEEP,
    ),
}
"""Where `LOG_DIR` is set; else the lines go to standard error, and the period is the host's."""

STORAGE_PREFIXES: dict[str, Fact] = {
    "pictures/": Fact(
        Category.CONTENT,
        "finished pictures and their thumbnails",
        Keep.GENERATION,
        export=True,
        named_by="generation",
    ),
    "exports/": Fact(
        Category.CONTENT, "exports that people asked for", Keep.EXPORT, named_by="export"
    ),
    "imports/": Fact(
        Category.MONEY,
        "statements and purchases that came with an import, as documents",
        Keep.ACCOUNT,
        export=True,
        named_by="import",
    ),
}
