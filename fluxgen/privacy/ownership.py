"""What belongs to a person, read from the tables' links and the data map.

A table belongs to somebody when a link of it leads to the account, or to a row that does. So a
new table is erased without a word about it here; `tests/house` sees to it that whatever names
somebody has such a link.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from peewee import ForeignKeyField

from fluxgen.models import (
    TABLES,
    Account,
    AuditRow,
    Collection,
    CollectionItem,
    Entry,
    Erasure,
    Export,
    Generation,
    Import,
    Model,
    Purchase,
    Scope,
)
from fluxgen.models.datamap import SEARCH_INDEXES, STORAGE_PREFIXES, Category, Erase

BATCH = 500
IMPORTED = "import-"
"""How the nonce of a generation begins that an import brought."""
NOBODY = 0
"""The account of an erasure whose account is gone: rows without an owner are not its rows."""


@dataclass(frozen=True)
class Owned:
    """A table, the link that leads to its owner, and whether its rows go with the person."""

    table: type[Model]
    link: ForeignKeyField
    goes: bool

    @property
    def owner(self) -> type[Model]:
        """Account, or the owned table between."""
        owner: type[Model] = self.link.rel_model
        return owner


@cache
def owned() -> dict[type[Model], Owned]:
    """Every table that belongs to somebody, owners before what hangs on them."""
    found: dict[type[Model], Owned] = {}
    while new := {table: link for table in TABLES if (link := _link(table, found)) is not None}:
        for table, link in new.items():
            above = found.get(link.rel_model)
            stays = link.fact.erase is Erase.UNLINK or (above is not None and not above.goes)
            found[table] = Owned(table, link, goes=not stays)
    return found


def _link(table: type[Model], found: dict[type[Model], Owned]) -> ForeignKeyField | None:
    """The shortest way to an owner that is known already, for a table that is not."""
    if table in found or table is Account:
        return None
    links = [field for field in table._meta.sorted_fields if isinstance(field, ForeignKeyField)]
    for owner in (Account, *found):
        for link in links:
            if link.rel_model is owner:
                return link
    return None


def meant(erasure: Erasure) -> list[Owned]:
    """The tables whose rows this erasure takes, what hangs on others first."""
    going = [one for one in owned().values() if one.goes]
    if erasure.scope is Scope.ARCHIVE:
        going = [one for one in going if _is_of_the_archive(one)]
    return going[::-1]


def tables(erasure: Erasure) -> list[str]:
    """The tables in which this erasure deletes or changes rows: the books of whoever never paid
    and the search index among them."""
    touched: list[type[Model]] = [
        Account,
        Erasure,
        AuditRow,
        Entry,
        Purchase,
        *(one.table for one in meant(erasure)),
    ]
    return [*(table._meta.table_name for table in touched), *SEARCH_INDEXES]


def _is_of_the_archive(one: Owned) -> bool:
    """What somebody made, and what hangs on that."""
    while one.owner is not Account:
        one = owned()[one.owner]
    return bool(one.link.fact.category is Category.CONTENT)


def rows_of(one: Owned, erasure: Erasure) -> Any:
    """The condition for this table's rows that the erasure takes. Of an archive that is emptied
    only what was there at that moment; the account goes on. An export that is asked for while it
    is being emptied goes as well: it may hold what goes."""
    if one.owner is not Account:
        above = owned()[one.owner]
        parents = one.owner.select(one.owner.id).where(rows_of(above, erasure))
        return one.link.in_(parents)
    mine = one.link == (erasure.account_id or NOBODY)
    made_at = one.table._meta.fields.get("created_at")
    if erasure.scope is not Scope.ARCHIVE or made_at is None:
        return mine
    if one.table is Export and erasure.up_to is None:
        return mine
    older = mine & (made_at < (erasure.up_to or erasure.begins_at))
    return older & ~_brought_since(one, erasure) if _has_imported_since(erasure) else older


def _has_imported_since(erasure: Erasure) -> bool:
    """Whether something was brought in after what is to go once more had gone."""
    if erasure.up_to is None:
        return False
    since = (Import.account == erasure.account_id) & (Import.imported_at >= erasure.up_to)
    return bool(Import.select().where(since).exists())


def _brought_since(one: Owned, erasure: Erasure) -> Any:
    """What an import brought keeps the moment it was made at, long before it came."""
    brought = (Generation.account == erasure.account_id) & Generation.nonce.startswith(IMPORTED)
    if one.table is Generation:
        return brought
    if one.table is Collection:
        items = CollectionItem.select(CollectionItem.collection).join(Generation).where(brought)
        since = Collection.brought_at.is_null(False) & (Collection.brought_at >= erasure.up_to)
        return Collection.id.in_(items) | since
    return one.table.id == NOBODY


def folders(erasure: Erasure) -> Iterator[tuple[str, str]]:
    """What the keys of everything stored begin with that this erasure takes, each after a mark
    of how far that is; from its own `reached` on. What hangs on rows that stay, stays."""
    tables = {one.table._meta.table_name: one for one in meant(erasure)}
    begun, _, number = erasure.reached.partition(":")
    for prefix, fact in STORAGE_PREFIXES.items():
        if begun not in ("", prefix) or fact.named_by not in tables:
            continue
        one, last = tables[fact.named_by], int(number or 0)
        begun = number = ""
        while True:
            which = rows_of(one, erasure) & (one.table.id > last)
            name = one.table._meta.fields["public_id"]
            names: Any = one.table.select(one.table.id, name).where(which)
            batch = list(names.order_by(one.table.id).limit(BATCH).tuples())
            yield from ((f"{prefix}:{id_}", f"{prefix}{name}/") for id_, name in batch)
            if len(batch) < BATCH:
                break
            last = batch[-1][0]
