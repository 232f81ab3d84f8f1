"""What leaves by itself when its time is over: which rows and when is in the data map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee

from fluxgen import clock, logs, settings
from fluxgen.models import RESTRICTED, TABLES, Account, HeardWebhook, Model, Refusal, Session
from fluxgen.models.datamap import LOG_FILES, Clock, Fact, Period

DRAFTS_KEPT_S = 24 * 3600
DRAFT = "draft"
"""Where a session keeps a form that waits, and `kept_at`, in seconds since 1970."""
BATCH = 1000
"""Rows that go in one statement, so that nobody waits for long."""


def forget_expired() -> int:
    """Delete every row whose period is over, old drafts and old logs; returns how many went."""
    gone = sum(forget(table) for table, _, _ in expiring())
    return gone + forget_refusals_of_objectors() + _forget_drafts() + _forget_logs()


def _forget_logs() -> int:
    """The log's files, where there is a folder of them; what `make run` prints is kept nowhere."""
    folder, count = settings.current().log_dir, 0
    for fact in LOG_FILES.values():
        if folder is not None and fact.keep.period is not None:
            count += logs.forget(folder, fact.keep.period.limit(clock.now()))
    return count


def expiring() -> Iterator[tuple[type[Model], Any, Period]]:
    """The tables whose rows have a period, the moment it depends on, and how long it is."""
    for table in TABLES:
        for field in table._meta.sorted_fields:
            fact: Fact = field.fact
            if fact.clock is not None and fact.keep.period is not None:
                period = fact.keep.period if fact.clock is Clock.BEGINS else Period()
                yield table, field, period


def forget(table: type[Model]) -> int:
    """Delete this table's rows whose period is over; returns how many went."""
    count = 0
    for same, moment, period in expiring():
        if same is not table:
            continue
        past = (moment < period.limit(clock.now())) & _free(table)
        over = table.select(table.id).where(past).limit(BATCH)
        while gone := table.delete().where(table.id.in_(over)).execute():
            count += int(gone)
    return count


def _free(table: type[Model]) -> Any:
    """What no timer may touch is left out: rows of restricted accounts, all but their sessions."""
    keys = [key for key in table._meta.sorted_fields if isinstance(key, peewee.ForeignKeyField)]
    key = next((key for key in keys if key.rel_model is Account), None)
    if key is None or table is Session:
        return peewee.Value(1) == peewee.Value(1)
    return key.is_null() | key.not_in(RESTRICTED)


def forget_refusals_of_objectors() -> int:
    """Delete what is kept beyond the day of whoever objected to that: the day's limit needs them
    for the day only. Returns how many went."""
    objected = Account.select(Account.id).where(
        Account.objected_at.is_null(False) & Account.restricted_at.is_null()
    )
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    past = Refusal.account.in_(objected) & (Refusal.created_at < today)
    return int(Refusal.delete().where(past).execute())


def _forget_drafts() -> int:
    """Take forms that waited for a day out of sessions whose people did not come back."""
    limit = int(clock.after(-DRAFTS_KEPT_S).timestamp())
    written: Any = Session.data.cast("TEXT")
    rows: Any = Session.select(Session.id, Session.data, written.alias("written"))
    count = 0
    untouched = Session.account.is_null() | Session.account.not_in(RESTRICTED)
    for row in rows.where(written.contains(f'"{DRAFT}"') & untouched):
        if row.data.get(DRAFT, {}).get("kept_at", 0) > limit:
            continue
        rest = {name: value for name, value in row.data.items() if name != DRAFT}
        unchanged = (Session.id == row.id) & (written == row.written)  # else it was just used
        count += Session.update(data=rest).where(unchanged).execute()
    return count


def heard_first(event_id: str) -> bool:
    """Remember a webhook by its id; False when it is a repeat."""
    rows = HeardWebhook.insert(event_id=event_id).on_conflict_ignore().returning(HeardWebhook.id)
    return bool(list(rows.execute()))
