"""What we hold about one account and why: the data map, with the account's own counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fluxgen.models import Account, AuditRow, Generation, Image, Model
from fluxgen.models.datamap import SEARCH_INDEXES, STORAGE_PREFIXES, Category, Fact, Keep
from fluxgen.privacy.ownership import owned
from fluxgen.words import N_

WORDS = {
    "account": N_("You, your balance and your choices"),
    "portrait": N_("Your picture from Google"),
    "session": N_("Browsers in which you are signed in"),
    "entry": N_("Movements of your credits"),
    "generation": N_("What you asked for, and what came of it"),
    "image": N_("Your pictures' sizes and fingerprints"),
    "purchase": N_("Your purchases"),
    "refusal": N_("Requests that were against our rules"),
    "collection": N_("Your collections"),
    "collection_item": N_("Pictures in your collections"),
    "deleted_image": N_("Pictures deleted alone, until they are gone"),
    "erasure": N_("Erasures that you asked for"),
    "mail": N_("Mails to you"),
    "export": N_("Exports that you asked for"),
    "import": N_("Imports that you made"),
    "exports/": N_("Your exports, until they go"),
    "imports/": N_("Records that came with your imports, as documents"),
    "pictures/": N_("Your picture files: originals and thumbnails"),
    "archive_words": N_("The search index over your archive"),
    "rights_request": N_("Requests of yours that came by mail"),
    "audit_row": N_("What operators, you and timers did to your account"),
}
"""What a table, storage prefix or index is called on the page; the house tests miss none."""


@dataclass(frozen=True)
class Holding:
    """One kind of row about somebody: how many there are, and the facts of its columns."""

    name: str
    title: str
    count: int
    facts: tuple[Fact, ...]

    @property
    def categories(self) -> list[Category]:
        """Whose business the columns are, each once, in the order of the map."""
        present = {fact.category for fact in self.facts}
        return [category for category in Category if category in present]

    @property
    def by_keep(self) -> list[tuple[Keep, list[Fact]]]:
        """The facts together that have the same time to stay; a row's own number goes without."""
        kept = [fact for fact in self.facts if fact.keep is not Keep.ROW]
        return [
            (keep, [fact for fact in kept if fact.keep is keep])
            for keep in dict.fromkeys(fact.keep for fact in kept)
        ]


def of(account: Account) -> list[Holding]:
    """Everything that is held about this account, in the order of the tables."""
    theirs: tuple[type[Model], ...] = (Account, *owned(), AuditRow)
    tables = [
        Holding(
            table._meta.table_name,
            title(table),
            int(table.select().where(_mine(table, account)).count()),
            tuple(facts_of(table)),
        )
        for table in theirs
    ]
    mine = Image.generation.in_(
        Generation.select(Generation.id).where(Generation.account == account)
    )
    pictures = int(Image.select().where(mine).count())
    beside = {**STORAGE_PREFIXES, **SEARCH_INDEXES}
    counts = {one.name: one.count for one in tables} | {"generation": pictures, "": pictures}
    files = [
        Holding(name, WORDS.get(name, fact.purpose), counts[fact.named_by], (fact,))
        for name, fact in beside.items()
    ]
    return tables + files


def facts_of(table: type[Model]) -> Iterator[Fact]:
    """What the map says of each column."""
    return (field.fact for field in table._meta.sorted_fields)


def title(table: type[Model]) -> str:
    """A table's name for people."""
    name = str(table._meta.table_name)
    return WORDS.get(name, name.replace("_", " ").capitalize())


def _mine(table: type[Model], account: Account) -> Any:
    """Which rows of a table are this account's own."""
    if table is Account:
        return Account.id == account.id
    if table is AuditRow:
        return AuditRow.subject == account.public_id
    one = owned()[table]
    if one.owner is Account:
        return one.link == account.id
    return one.link.in_(one.owner.select(one.owner.id).where(_mine(one.owner, account)))
