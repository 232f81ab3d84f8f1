"""What a document says of a row, as the columns of ours: the way back from `document.plain`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import ForeignKeyField
from playhouse.fields import EnumField

from fluxgen.exports.document import exported, plain
from fluxgen.models import Account, Generation, Image, Model
from fluxgen.models.fields import UtcField


def values(table: type[Model], row: dict[str, Any], account: Account) -> dict[str, Any]:
    """The exported columns of a row, as the database takes them."""
    values: dict[str, Any] = {}
    for field in exported(table):
        value = row[field.name]
        if value is not None and isinstance(field, UtcField):
            value = datetime.fromisoformat(value)
        elif value is not None and isinstance(field, EnumField):
            value = field.enum_class(value)
        elif value is not None and isinstance(field, ForeignKeyField):
            value = own_row(field.rel_model, value, account)
        values[field.name] = value
    return values


def own_row(table: Any, name: str, account: Account) -> Any:
    """The account's own row of this name, if it is here."""
    return table.get_or_none((table.public_id == name) & (table.account == account))


def changed_by_coming(account: Account, row: dict[str, Any]) -> bool:
    """Whether a generation of this account, made rows as an import does and a document again,
    would say anything else."""
    lists = [(Generation, [row]), (Image, row["images"])]
    for table, listed in lists:
        for one in listed:
            (again,) = plain([table(**values(table, one, account))])
            if any(again[name] != one[name] for name in again):
                return True
    return False
