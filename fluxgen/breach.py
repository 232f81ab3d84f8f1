"""What a breach could have touched: whose data, of which kind, in a span of time.

Read from the data map, so a new table is counted without a word about it here. Sessions that
have ended since leave no trace: whoever had an account at the time is `held`, and the wider bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fluxgen.errors import Refused
from fluxgen.holdings import title
from fluxgen.models import Account, Model, Session
from fluxgen.models.datamap import Category, Fact
from fluxgen.models.fields import UtcField
from fluxgen.privacy.ownership import owned

REPORT_WITHIN = timedelta(hours=72)
"""From the moment when one knows of it (GDPR, Art. 33)."""
AHEAD = {"due_at", "lease_until", "expires_at", "begins_at"}
"""Moments that say what will be, not what was done."""


@dataclass(frozen=True)
class Touched:
    """One table: rows that something happened to in the span, rows that were there, and whose."""

    name: str
    title: str
    categories: list[Category]
    active_rows: int
    active_accounts: int
    held_rows: int


@dataclass(frozen=True)
class Scope:
    """All of it: the tables, the accounts with something in the span, and all there were."""

    tables: list[Touched]
    active: set[int]
    held: set[int]


def scope(since: datetime, until: datetime) -> Scope:
    """What was there and what happened from one moment to another. Raises `Refused`."""
    if since >= until:
        raise Refused("The span has to begin before it ends.")
    held = {row.id for row in Account.select(Account.id).where(_there(Account, until))}
    found, active = [], set[int]()
    theirs: tuple[type[Model], ...] = (Account, *owned())
    for table in theirs:
        happened = _happened(table, since, until)
        accounts = _accounts(table, happened)
        active |= accounts
        found.append(
            Touched(
                table._meta.table_name,
                title(table),
                _categories(table),
                int(table.select().where(happened).count()),
                len(accounts),
                int(table.select().where(_there(table, until)).count()),
            )
        )
    return Scope(found, active & held, held)


def addresses(account_ids: set[int]) -> list[str]:
    """Where these people are written to, in order."""
    rows = Account.select(Account.id, Account.email).order_by(Account.email)
    return [row.email for row in rows if row.id in account_ids and row.email]


def _moments(table: type[Model]) -> list[Any]:
    fields = [field for field in table._meta.sorted_fields if isinstance(field, UtcField)]
    return [field for field in fields if field.name not in AHEAD]


def _happened(table: type[Model], since: datetime, until: datetime) -> Any:
    """Something is written down about the row in this span; of a session, that it was open."""
    if table is Session:
        seen = Session.seen_on.is_null() | (Session.seen_on >= since - timedelta(days=1))
        return (Session.created_at <= until) & (Session.expires_at >= since) & seen
    moments = _moments(table)
    if not moments and table is not Account:  # it has no time of its own, only its owner's
        owner = owned()[table].owner
        happened = _happened(owner, since, until)
        return owned()[table].link.in_(owner.select(owner.id).where(happened))
    rule: Any = table.id < 0
    for moment in moments:
        rule |= moment.between(since, until)
    return rule


def _there(table: type[Model], until: datetime) -> Any:
    """The row was there by then, as far as it says when it was made."""
    made = getattr(table, "created_at", None)
    rule = table.id > 0 if made is None else made <= until
    return rule & Account.erased_at.is_null() if table is Account else rule


def _accounts(table: type[Model], rule: Any) -> set[int]:
    """Whose rows these are."""
    if table is Account:
        return {row.id for row in Account.select(Account.id).where(rule)}
    query: Any = table.select()
    one = owned()[table]
    while one.owner is not Account:
        query = query.join(one.owner, on=(one.link == one.owner.id))
        one = owned()[one.owner]
    ids = query.select(one.link).where(rule & one.link.is_null(False)).distinct().tuples()
    return {int(id_) for (id_,) in ids}


def _categories(table: type[Model]) -> list[Category]:
    facts: list[Fact] = [field.fact for field in table._meta.sorted_fields]
    present = {fact.category for fact in facts}
    return [category for category in Category if category in present]
