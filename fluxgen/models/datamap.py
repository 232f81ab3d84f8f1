"""The data map: what each column holds, why, how long, and what export and erasure do.

The facts stand beside the fields. The census test walks every model and turns red on a
column without a fact; the privacy page and the erasure are compared with the same map.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import peewee


class Category(StrEnum):
    """Whose business a value is."""

    IDENTITY = "who somebody is"
    CONTENT = "what somebody made"
    MONEY = "credits and their movements"
    CONSENT = "what somebody agreed to"
    OPERATION = "what running the service needs"


class Keep(StrEnum):
    """How long a value stays."""

    ACCOUNT = "until the account is deleted"
    GENERATION = "until the generation is deleted"
    UNFINISHED = "until the generation ends"
    SESSION = "until sign-out, at most 30 days"
    WEEK = "7 days"
    MONTH = "30 days"
    ROW = "as long as the rest of its row"
    AUDIT = "3 years, without the person after erasure"
    ALWAYS = "as long as the service runs; there is nothing of anybody in it"
    LEDGER = "as long as tax law requires, without the person after erasure"


class Erase(StrEnum):
    """What erasure does with a value."""

    DELETE = "deleted with its row"
    UNLINK = "the link to the person becomes a random token"


@dataclass(frozen=True)
class Fact:
    """What the map says about one column, Redis key pattern or storage prefix."""

    category: Category
    purpose: str
    keep: Keep
    export: bool = False
    erase: Erase = Erase.DELETE


FieldT = TypeVar("FieldT", bound=peewee.Field)


def mapped(
    field: FieldT,
    category: Category,
    purpose: str,
    keep: Keep,
    *,
    export: bool = False,
    erase: Erase = Erase.DELETE,
) -> FieldT:
    """The same field with its fact beside it."""
    field.fact = Fact(category, purpose, keep, export, erase)  # type: ignore[attr-defined]
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

STORAGE_PREFIXES: dict[str, Fact] = {
    "pictures/": Fact(
        Category.CONTENT, "finished pictures and their thumbnails", Keep.GENERATION, export=True
    ),
}
