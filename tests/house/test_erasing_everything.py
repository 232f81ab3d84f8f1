"""Whatever is kept is on the map, and whatever is on the map is erased, recorded or leaves in time.

These tests run the real flows and then list what is really there: Redis keys, stored objects,
files of the instance. They turn red for what is planted.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import peewee
import pytest
from flask import Flask
from playhouse.fields import EnumField

from fluxgen import adapters, clock, housekeeping, logs, privacy, settings
from fluxgen.jobs import bell
from fluxgen.models import TABLES, Account, Entry, Model
from fluxgen.models.datamap import (
    LOG_FILES,
    REDIS_KEYS,
    STORAGE_PREFIXES,
    Category,
    Clock,
    Erase,
    Fact,
    Keep,
)
from fluxgen.models.fields import UtcField
from fluxgen.privacy.ownership import owned
from fluxgen.privacy.processing import ACTIVITIES, everything
from fluxgen.sandbox import Sandbox
from tests.support.everything import somebody, under_way
from tests.support.making import Visit
from tests.support.workers import Workers, pass_time

FILES = ("fluxgen.db", "fluxgen.db-wal", "fluxgen.db-shm", "keys.env", "run.env")
"""What lies right in the instance's folder."""
WITHOUT_LINK = {"AuditRow"}
"""Named by the account's reference instead, whose words `audit.forget` erases."""


def unknown(app: Flask) -> dict[str, list[str]]:
    """What is there and not on the map."""
    root = settings.current().instance_dir
    keys = [key.decode() for key in bell.redis().scan_iter()]
    objects = [one.key for one in adapters.current().storage.listed("")]
    files = [path.name for path in root.iterdir() if path.is_file()]
    return {
        "keys": [key for key in keys if not any(fnmatchcase(key, one) for one in REDIS_KEYS)],
        "objects": [one for one in objects if not one.startswith(tuple(STORAGE_PREFIXES))],
        "files": [name for name in files if name not in FILES],
    }


def test_what_real_people_leave_is_all_on_the_map(
    app: Flask, visit: Visit, workers: Workers, sandbox: Sandbox
) -> None:
    bell.redis().flushdb()
    under_way(visit, somebody(visit, workers, sandbox, "alice", pictures=2, rows=1))
    assert bell.redis().dbsize() and adapters.current().storage.listed("")
    assert unknown(app) == {"keys": [], "objects": [], "files": []}


def test_what_is_planted_is_not(app: Flask) -> None:
    bell.redis().set("visits:alice", 1)
    adapters.current().storage.put("uploads/1", b"x", "text/plain")
    (settings.current().instance_dir / "debug.txt").write_text("x")
    found = unknown(app)
    bell.redis().delete("visits:alice")
    assert found == {"keys": ["visits:alice"], "objects": ["uploads/1"], "files": ["debug.txt"]}


def test_every_prefix_says_whose_names_stand_behind_it() -> None:
    tables = {table._meta.table_name: table for table in owned()}
    for prefix, fact in STORAGE_PREFIXES.items():
        assert fact.named_by in tables, f"{prefix}: erasure cannot find its objects"
        assert "public_id" in tables[fact.named_by]._meta.fields, prefix


def test_whatever_names_somebody_can_be_reached_from_the_account() -> None:
    """Else an erasure would not find it."""
    reached = {*(table.__name__ for table in owned()), "Account", *WITHOUT_LINK}
    for table in TABLES:
        for field in table._meta.sorted_fields:
            if field.fact.category in {Category.IDENTITY, Category.CONTENT, Category.CONSENT}:
                assert table.__name__ in reached, f"{table.__name__}.{field.name}"


def test_what_stays_after_an_erasure_is_money_and_nothing_else() -> None:
    stays = {one.table.__name__ for one in owned().values() if not one.goes}
    assert stays == {"Entry", "Purchase", "Erasure"}
    kept = {field.name for field in Account._meta.sorted_fields if field.fact.erase is Erase.KEEP}
    assert kept == {"available", "held", "owed", "erased_at"}
    assert Entry.account.fact.erase is Erase.UNLINK


def test_the_record_of_processing_has_everything_that_is_on_the_map(app: Flask) -> None:
    recorded = {
        held["what"] for activity in privacy.record()["activities"] for held in activity["data"]
    }
    assert recorded == {place for place, _ in everything()}
    assert set(ACTIVITIES) == set(Category)
    columns = sum(len(table._meta.sorted_fields) for table in TABLES)
    assert len(recorded) >= columns


def expiring() -> Iterator[Any]:
    for table, moment, period in housekeeping.expiring():
        yield pytest.param(table, moment, period, id=table.__name__)


@pytest.mark.both_databases
@pytest.mark.parametrize(("table", "moment", "period"), list(expiring()))
def test_what_has_a_period_leaves_when_it_is_over(
    app: Flask, alice: Account, table: type[Model], moment: Any, period: Any
) -> None:
    """A row of each table that has one, on a moved clock."""
    table.delete().execute()
    _plant(table, alice, {moment.name: clock.now()})
    days = period.days or 1
    if moment.fact.clock is Clock.BEGINS:
        pass_time(timedelta(days=days).total_seconds() - 60)
        housekeeping.forget_expired()
        assert table.select().count() == 1
    pass_time(120 + (0 if moment.fact.clock is Clock.BEGINS else 1))
    housekeeping.forget_expired()
    assert table.select().count() == 0


def _plant(table: type[Model], alice: Account, given: dict[str, Any]) -> None:
    """A row with the least that the database takes."""
    row = {**given}
    for field in table._meta.sorted_fields:
        if field.name in row or field.primary_key or field.null or field.default is not None:
            continue
        row[field.name] = _anything(field, alice)
    table.insert(**row).execute()


def _anything(field: peewee.Field, alice: Account) -> Any:
    if isinstance(field, peewee.ForeignKeyField):
        assert field.rel_model is Account, f"say in `_anything` what {field.name} may be"
        return alice
    if isinstance(field, EnumField):
        return next(iter(field.enum_class))
    if isinstance(field, UtcField):
        return clock.now()
    if isinstance(field, peewee.IntegerField):
        return 1
    return "x" * getattr(field, "max_length", 8)


def test_logs_leave_when_their_month_is_over(app: Flask, tmp_path: Path) -> None:
    (other := tmp_path / "fluxgen.service").touch()
    settings.use(settings.current().model_copy(update={"log_dir": tmp_path}))
    handler = logs.DayFiles(tmp_path)
    handler.setFormatter(logs.JsonLines())
    for _ in range(2):
        handler.emit(logging.makeLogRecord({"name": "fluxgen", "msg": "forgotten"}))
    handler.close()
    (file,) = tmp_path.glob("*.jsonl")
    assert [json.loads(line)["event"] for line in file.read_text().splitlines()] == [
        "forgotten"
    ] * 2
    (pattern,) = LOG_FILES
    assert fnmatchcase(file.name, pattern)
    begun = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    pass_time((begun + timedelta(days=30) - clock.now()).total_seconds() - 60)
    housekeeping.forget_expired()
    assert file.exists()
    pass_time(120)
    assert housekeeping.forget_expired() == 1
    assert (file.exists(), other.exists()) == (False, True)


def test_every_period_is_somebodys_to_clear() -> None:
    """By the map, or for the two chains by a way of their own."""
    chains = {Keep.LEDGER, Keep.AUDIT}
    cleared = {table for table, _, _ in housekeeping.expiring()}
    for table in TABLES:
        facts: list[Fact] = [field.fact for field in table._meta.sorted_fields]
        for fact in facts:
            if fact.keep.period is not None and fact.keep not in chains:
                assert table in cleared, f"{table.__name__} has a period, and nothing purges it"
