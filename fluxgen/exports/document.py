"""What the JSON of an export holds: every column that the data map marks, and nothing by hand.

A table belongs to an account when foreign keys lead from it there, or when it has the account's
reference as its `subject`. A column that is newly marked appears by itself; a foreign key appears
as the other row's name in addresses, bytes appear as a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any

import peewee
from peewee import BlobField, ForeignKeyField, fn

from fluxgen import clock
from fluxgen.models import TABLES, Account, AuditRow, Entry, Generation, Image, Model
from fluxgen.models.fields import UtcField

FORMAT = "fluxgen-export"
VERSION = 1
PICTURES = "generations"
"""The section whose rows have pictures, newest first; it is written with them."""
STATEMENT = "entries"
SUBJECT = "subject"
BATCH = 300


@dataclass(frozen=True)
class Section:
    """One list of the document: a table, and the foreign keys that lead to its account (none:
    its `subject` is the account's reference)."""

    name: str
    table: type[Model]
    path: tuple[ForeignKeyField, ...]


def exported(table: type[Model]) -> list[peewee.Field]:
    """The columns of a table that the map marks for exports."""
    return [field for field in table._meta.sorted_fields if field.fact.export]


@cache
def sections() -> tuple[Section, ...]:
    """Every list of the document, in the order of the tables; pictures last but the statement."""
    found = [
        Section(_plural(table), table, path)
        for table in TABLES
        if table is not Account and exported(table) and not _is_nested(table)
        if (path := _path(table)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.name == STATEMENT, one.name == PICTURES)))


@cache
def nested() -> tuple[Section, ...]:
    """Lists inside each generation."""
    return tuple(
        Section(_plural(table), table, ())
        for table in TABLES
        if _is_nested(table) and exported(table)
    )


def _is_nested(table: type[Model]) -> bool:
    """Whether a row of it is part of one generation and of nothing else."""
    keys = _keys(table)
    return len(keys) == 1 and keys[0].rel_model is Generation and not keys[0].null


def _keys(table: type[Model]) -> list[ForeignKeyField]:
    return [field for field in table._meta.sorted_fields if isinstance(field, ForeignKeyField)]


def _path(table: type[Model], seen: tuple[type[Model], ...] = ()) -> tuple[Any, ...] | None:
    """The shortest way to the account by foreign keys that are always set, if there is one."""
    if SUBJECT in table._meta.fields:
        return ()
    keys = [key for key in _keys(table) if key.rel_model not in (table, *seen)]
    for key in keys:
        if key.rel_model is Account:
            return (key,)
    ways = [
        (key, *way)
        for key in keys
        if not key.null and (way := _path(key.rel_model, (*seen, table))) is not None
    ]
    return min(ways, key=len, default=None)


def _plural(table: type[Model]) -> str:
    name = str(table._meta.table_name)
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def person(account: Account) -> dict[str, Any]:
    """The account's own columns."""
    return plain([account])[0]


def counted(account: Account) -> int:
    """How many generations an export of now would hold."""
    return int(Generation.select().where(_kept(account.id)).count())


def pictures_of(account_id: int, top: int) -> int:
    """How many pictures the account has, up to this number."""
    own = _kept(account_id) & (Generation.number <= top)
    return int(Image.select().join(Generation).where(own).count())


def _kept(account_id: int) -> Any:
    return (Generation.account == account_id) & Generation.deleted_at.is_null()


def batch(
    section: Section, account: Account, cursor: int | None, limit: int = BATCH
) -> tuple[list[Any], int | None]:
    """The next rows of a section after a cursor, and the cursor after them; None when none follow.

    Generations come newest first, from the number `cursor` on down; all else as it was made.
    """
    table: Any = section.table
    if table is Generation:
        below = _kept(account.id) & (Generation.number <= cursor if cursor is not None else True)
        query = Generation.select().where(below).order_by(Generation.number.desc())
        rows = list(query.limit(limit + 1))
        return rows[:limit], rows[limit - 1].number - 1 if len(rows) > limit else None
    query = table.select(table)
    for key in section.path[:-1]:
        query = query.join(key.rel_model, on=(key == key.rel_model._meta.primary_key))
    own = section.path[-1] == account.id if section.path else table.subject == account.public_id
    rows = list(query.where(own & (table.id > (cursor or 0))).order_by(table.id).limit(limit + 1))
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def plain(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of one table as JSON has them."""
    if not rows:
        return []
    columns = exported(type(rows[0]))
    names = {
        field.name: _names(field, rows) for field in columns if isinstance(field, ForeignKeyField)
    }
    return [{field.name: _value(field, row, names) for field in columns} for row in rows]


def parts_of(generations: Sequence[Generation]) -> dict[int, dict[str, list[Any]]]:
    """The rows inside these generations, by generation and list."""
    found: dict[int, dict[str, list[Any]]] = {
        row.id: {section.name: [] for section in nested()} for row in generations
    }
    for section in nested():
        table: Any = section.table
        key = _keys(table)[0]
        order = (Image.position,) if table is Image else (table.id,)
        for row in table.select().where(key.in_(list(found))).order_by(key, *order):
            found[row.__data__[key.name]][section.name].append(row)
    return found


def _names(field: ForeignKeyField, rows: Iterable[Any]) -> dict[int, str]:
    """The other rows' names in addresses, by their numbers."""
    target: Any = field.rel_model
    ids = {row.__data__[field.name] for row in rows} - {None}
    found = target.select(target.id, target.public_id).where(target.id.in_(ids)).tuples()
    return dict(found)


def _value(field: peewee.Field, row: Any, names: dict[str, dict[int, str]]) -> Any:
    value = row.__data__[field.name]
    if value is None:
        return None
    if isinstance(field, ForeignKeyField):
        return names[field.name].get(value)
    if isinstance(field, BlobField):
        data = bytes(value)
        return {
            "file": file_name(field, row),
            "size_bytes": len(data),
            "sha256": sha256(data).hexdigest(),
        }
    if isinstance(value, StrEnum):
        return value.value
    if field is AuditRow.actor:  # an operator's login is theirs
        return value.partition(" ")[0]
    if isinstance(field, UtcField) and isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value


def file_name(field: peewee.Field, row: Any) -> str:
    """What the ZIP calls the bytes of a column."""
    return f"files/{row._meta.table_name}-{row.id}.{field.name}"


def blobs(table: type[Model]) -> list[BlobField]:
    """The exported columns of a table that hold bytes."""
    return [field for field in exported(table) if isinstance(field, BlobField)]


def picture_name(generation: Generation, image: Image, folder: str = "pictures") -> str:
    """What the ZIP calls a picture, or its small version in another folder."""
    ending = image.format if folder == "pictures" else "webp"
    return f"{folder}/{generation.number:06}-{image.position + 1}.{ending}"


def looks_used(account_id: int) -> list[tuple[str, int]]:
    """The versions of Looks that the account's generations were made with."""
    rows: Any = (
        Generation.select(Generation.look, Generation.look_version)
        .where(_kept(account_id) & Generation.look.is_null(False))
        .distinct()
        .order_by(Generation.look, Generation.look_version)
    )
    return [(look, version) for look, version in rows.tuples()]


def samples(most: int, limit: int = 100) -> list[Account]:
    """Accounts whose export can be tried: a day old, with pictures but not many, neither
    restricted nor of somebody who objected."""
    fit = (
        Account.generations_made.between(1, most)
        & (Account.created_at < clock.after(-24 * 3600))
        & Account.erased_at.is_null()
        & Account.restricted_at.is_null()
        & Account.objected_at.is_null()
    )
    return list(Account.select().where(fit).order_by(fn.RANDOM()).limit(limit))


def movements(account_id: int) -> int:
    """How many entries the account's statement has."""
    return int(Entry.select().where(Entry.account == account_id).count())
