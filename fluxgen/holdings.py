"""What we hold about one account and why: the data map, with the account's own counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import peewee

from fluxgen.models import TABLES, Account, AuditRow, Generation, Image, Model
from fluxgen.models.datamap import SEARCH_INDEXES, STORAGE_PREFIXES, Category, Fact, Keep

WORDS = {
    "account": "You, your balance and your choices",
    "portrait": "Your picture from Google",
    "session": "Browsers in which you are signed in",
    "entry": "Movements of your credits",
    "generation": "What you asked for, and what came of it",
    "image": "Your pictures' sizes and fingerprints",
    "purchase": "Your purchases",
    "refusal": "Requests that were against our rules",
    "audit_row": "What operators, you and timers did to your account",
}
"""A table's name for the person; one without an entry here is called as in the database."""


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
    tables = [
        Holding(
            table._meta.table_name,
            WORDS.get(
                table._meta.table_name, table._meta.table_name.replace("_", " ").capitalize()
            ),
            int(table.select().where(condition(account)).count()),
            tuple(facts_of(table)),
        )
        for table, condition in owned()
    ]
    mine = Image.generation.in_(
        Generation.select(Generation.id).where(Generation.account == account)
    )
    pictures = int(Image.select().where(mine).count())
    beside = {**STORAGE_PREFIXES, **SEARCH_INDEXES}
    files = [
        Holding(name, fact.purpose[:1].upper() + fact.purpose[1:], pictures, (fact,))
        for name, fact in beside.items()
    ]
    return tables + files


def facts_of(table: type[Model]) -> Iterator[Fact]:
    """What the map says of each column."""
    return (field.fact for field in table._meta.sorted_fields)


def owned() -> Iterator[tuple[type[Model], Any]]:
    """Each table with rows about people, and what finds an account's own."""
    for table in TABLES:
        found = _owner(table)
        if found is not None:
            yield table, found


def _owner(table: type[Model], passed: tuple[type[Model], ...] = ()) -> Any:
    """How a row leads to its account: by itself, by a key, or by the row that a key leads to."""
    if table is Account:
        return lambda account: Account.id == account.id
    if table is AuditRow:
        return lambda account: AuditRow.subject == account.public_id
    keys = [key for key in table._meta.sorted_fields if isinstance(key, peewee.ForeignKeyField)]
    for key in keys:
        if key.rel_model is Account:
            return lambda account, key=key: key == account.id
    for key in keys:
        if key.rel_model not in (*passed, table):
            above = _owner(key.rel_model, (*passed, table))
            if above is not None:
                return lambda account, key=key, above=above: key.in_(
                    key.rel_model.select(key.rel_model.id).where(above(account))
                )
    return None
