"""The base of all tables, and the one way a moment and an address id are stored."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import peewee
from peewee import AutoField, Check

from fluxgen.db import database
from fluxgen.models.datamap import Category, Keep, mapped

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Model(peewee.Model):
    """The base of every table."""

    id = mapped(AutoField(), Category.OPERATION, "tells the rows apart", Keep.ROW)

    class Meta:
        database = database
        legacy_table_names = False


class UtcField(peewee.BigIntegerField):
    """An aware moment, kept as whole microseconds since 1970 (UTC) on every database."""

    def db_value(self, value: datetime | int | None) -> int | None:
        return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


def one_of(column: str, words: type[StrEnum]) -> peewee.Node:
    """The rule that a column holds one of these words."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return Check(f"{column} IN ({listed})")


def public_id() -> str:
    """A name for a row in an address: 22 characters, almost 128 random bits. None begins like an option."""
    while (name := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return name
