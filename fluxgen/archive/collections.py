"""Collections: made, named, filled and emptied. The pictures themselves stay where they are.

What a collection holds is found through the search index, so it can be looked through, searched
and paged like the rest of the archive. So there is a limit to how many collections one account has
(they are listed on one page), and none to what is in one of them: its page costs what any page
costs, and the counts on the list are of rows under an index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from peewee import IntegrityError, chunked

from fluxgen import clock, db, typed
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Collection, CollectionItem, Generation, Status
from fluxgen.words import _

COLLECTIONS_MAX = 200
NAME_MAX = 60
TOGETHER = 200
"""Generations changed in one transaction."""
COUNTS = """SELECT collection_item.collection_id, COUNT(*) FROM collection
JOIN collection_item ON collection_item.collection_id = collection.id
JOIN generation ON generation.id = collection_item.generation_id
WHERE collection.account_id = ? AND generation.deleted_at IS NULL
GROUP BY collection_item.collection_id"""
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Counted:
    """A collection, and how many generations are in it."""

    collection: Collection
    count: int


def find(account: Account, public_id: str) -> Collection | None:
    """The account's own collection of this name in addresses."""
    if "\0" in public_id:
        return None
    own = (Collection.account == account) & (Collection.public_id == public_id)
    return Collection.get_or_none(own)


def all_of(account: Account) -> list[Collection]:
    """The account's collections, by name."""
    query = Collection.select().where(Collection.account == account)
    return list(query.order_by(Collection.folded))


def counted(account: Account) -> list[Counted]:
    """The same, with what is in them."""
    counts: dict[int, int] = dict(db.tuples(COUNTS, account.id))
    return [Counted(each, counts.get(each.id, 0)) for each in all_of(account)]


def of(generation: Generation) -> list[Collection]:
    """The collections that this one is in, by name."""
    query = Collection.select().join(CollectionItem).where(CollectionItem.generation == generation)
    return list(query.order_by(Collection.folded))


def create(account: Account, name: str) -> Collection:
    """A new one; where the name is taken, the one that has it. Raises `Refused`."""
    name, folded = _named(name)
    with transaction():
        same = (Collection.account == account) & (Collection.folded == folded)
        if (known := Collection.get_or_none(same)) is not None:
            return known
        if Collection.select().where(Collection.account == account).count() >= COLLECTIONS_MAX:
            raise Refused(
                _(
                    "You have %(most)s collections; that is the limit. Delete one first.",
                    most=COLLECTIONS_MAX,
                ),
                "name",
            )
        (
            Collection.insert(account=account, name=name, folded=folded)
            .on_conflict_ignore()
            .execute()
        )
        made: Collection = Collection.get(same)
    return made


def rename(collection: Collection, name: str) -> Collection:
    """Call it something else. Raises `Refused`."""
    name, folded = _named(name)
    try:
        with transaction():
            Collection.update(name=name, folded=folded).where(
                Collection.id == collection.id
            ).execute()
    except IntegrityError:
        raise Refused(
            _("You have another collection called “%(name)s”. Choose another name.", name=name),
            "name",
        ) from None
    changed: Collection = Collection.get_by_id(collection.id)
    return changed


def discard(collection: Collection) -> None:
    """Remove the collection; its pictures stay. Whatever names it in the index names nothing."""
    with transaction():
        CollectionItem.delete().where(CollectionItem.collection == collection).execute()
        Collection.delete().where(Collection.id == collection.id).execute()


def put_in(collection: Collection, ids: Iterable[str]) -> int:
    """Put the account's finished ones of these names into it; returns how many are in it now
    of these. Twice is once."""
    return sum(_each(collection, ids, is_in=True))


def take_out(collection: Collection, ids: Iterable[str]) -> int:
    """Take them out of it; returns how many there were of these names."""
    return sum(_each(collection, ids, is_in=False))


def _each(collection: Collection, ids: Iterable[str], *, is_in: bool) -> Iterable[int]:
    for names in chunked(dict.fromkeys(ids), TOGETHER):
        with transaction():
            rows = held(collection.account_id, names)
            if is_in:
                _insert(collection, rows)
            else:
                here = CollectionItem.collection == collection
                inside = CollectionItem.generation.in_([row.id for row in rows])
                CollectionItem.delete().where(here & inside).execute()
            index.enter(*rows)
        yield len(rows)


def _insert(collection: Collection, rows: list[Generation]) -> None:
    if rows:
        CollectionItem.insert_many(
            [
                {"collection": collection.id, "generation": row.id, "added_at": clock.now()}
                for row in rows
            ]
        ).on_conflict_ignore().execute()


def held(account_id: int, names: Iterable[str]) -> list[Generation]:
    """The account's own finished ones of these names, held still to the end of the transaction:
    the index is told what they are now, not what they were before somebody else's change."""
    kept = (Generation.status == Status.DONE) & Generation.deleted_at.is_null()
    own = (Generation.account == account_id) & Generation.public_id.in_(list(names))
    return list(db.locked(Generation.select().where(own & kept).order_by(Generation.id)))


def _named(name: str) -> tuple[str, str]:
    """A name as it is shown, and as it is compared. Raises `Refused`."""
    shown = unicodedata.normalize("NFC", " ".join(CONTROLS.sub(" ", name).split()))
    shown = "".join(letter for letter in shown if unicodedata.category(letter) != "Cs")
    if typed.is_turned(shown):
        raise Refused(_("There are hidden control characters in this. Type it anew."), "name")
    if typed.is_blank(shown):
        raise Refused(_("Give the collection a name."), "name")
    if len(shown) > NAME_MAX:
        raise Refused(
            _("A collection’s name has at most %(most)s characters. Shorten it.", most=NAME_MAX),
            "name",
        )
    return shown, unicodedata.normalize("NFKC", shown).casefold()[:240]
