"""The life of an export: asked for, built in steps under a lease, ready for a week, gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from fluxgen import audit, clock, settings
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, TooMany
from fluxgen.exports.document import counted
from fluxgen.models import UNBUILT, Account, Export, ExportStatus
from fluxgen.models.fields import public_id
from fluxgen.words import _

PREFIX = "exports/"
A_DAY_MAX = 3
DAY_S = 24 * 3600
KEPT_S = 7 * DAY_S
"""How long a finished export can be fetched."""
STUBBORN_AFTER = 10
"""Tries in a row after which pictures that cannot be read are listed instead of waited for."""
BUILD_WITHIN_S = DAY_S
"""What is not ready by then is given up."""
FAILURES_MAX = 20
"""Tries in a row after which an export is given up."""
DUE_MAX = 20
PURGE_MAX = 100
SHOWN_MAX = 10


def begin(account: Account) -> Export:
    """Ask for an export; while one is being built it is that one. Raises `TooMany`."""
    day_ago = clock.after(-DAY_S)
    try:
        with transaction():
            asked = _own(account) & (Export.status != ExportStatus.FAILED)
            recent = list(Export.select().where(asked & (Export.created_at > day_ago)))
            unbuilt = [export for export in recent if export.status in UNBUILT]
            if not unbuilt and len(recent) >= A_DAY_MAX:
                first = min(export.created_at for export in recent)
                wait_s = int((first - day_ago).total_seconds()) + 1
                words = _(
                    "There can be %(most)s exports a day. Yours of today are below; ask again tomorrow.",
                    most=A_DAY_MAX,
                )
                raise TooMany(words, wait_s)
            return Export.create(account=account, total=counted(account))
    except IntegrityError:  # one at a time
        return Export.select().where(_own(account)).order_by(Export.id.desc()).get()


def begin_for_operator(account: Account, reason: str) -> Export:
    """An export that an operator asked for: on record, not among the person's own, not counted."""
    with transaction():
        export: Export = Export.create(account=account, total=counted(account), by_operator=True)
        facts: dict[str, object] = {"export": export.public_id}
        audit.record("account.export", subject=account.public_id, reason=reason, facts=facts)
    return export


def _own(account: Account) -> Any:
    return (Export.account == account) & ~Export.by_operator


def find(account: Account, name: str) -> Export | None:
    """The account's own export of this name, unless it has had its time."""
    living = Export.expires_at.is_null() | (Export.expires_at > clock.now())
    return Export.get_or_none(_own(account) & (Export.public_id == name) & living)


def latest(account: Account) -> list[Export]:
    """The account's own exports that are there or on their way, newest first."""
    living = Export.expires_at.is_null() | (Export.expires_at > clock.now())
    rows = Export.select().where(_own(account) & living).order_by(Export.id.desc())
    return list(rows.limit(SHOWN_MAX))


def due(limit: int = DUE_MAX) -> list[int]:
    """Ids of exports to go on with."""
    now = clock.now()
    free = Export.lease.is_null() | (Export.lease_until < now)
    waiting = Export.status.in_(UNBUILT) & (Export.due_at <= now) & free & ~Export.by_operator
    rows = Export.select(Export.id).where(waiting).order_by(Export.due_at).limit(limit)
    return [row.id for row in rows]


def claim(export_id: int) -> Export | None:
    """Take the lease of an export that is not built yet, or nothing if somebody has it."""
    now = clock.now()
    free = Export.lease.is_null() | (Export.lease_until < now)
    claimed = (
        Export.update(
            lease=public_id(),
            lease_until=now + timedelta(seconds=settings.current().lease_s),
            crashes=Export.crashes + 1,
        )
        .where((Export.id == export_id) & Export.status.in_(UNBUILT) & free)
        .returning(Export)
        .execute()
    )
    return next(iter(claimed), None)


def renew(export: Export) -> None:
    """Keep the lease for another while. Raises `LeaseLost`."""
    _write(export, lease_until=clock.after(settings.current().lease_s))


def note(export: Export, *, state: str, done: int, missing: int) -> None:
    """A step is written and safe under `state`; the next one may begin. Raises `LeaseLost`."""
    _hand_over(
        export,
        status=ExportStatus.BUILDING,
        state=state,
        done=done,
        missing=missing,
        crashes=0,
        due_at=clock.now(),
    )


def put_back(export: Export, retry_after_s: float) -> None:
    """Nothing new is safe; try the same step again later. Raises `LeaseLost`."""
    _hand_over(export, due_at=clock.after(retry_after_s))


def start_over(export: Export) -> None:
    """What was written so far cannot be used; begin again. Raises `LeaseLost`."""
    _hand_over(export, state=None, done=0, missing=0, due_at=clock.now())


def ready(export: Export, *, size_bytes: int, json_size_bytes: int, sha256: str) -> None:
    """All of it is in the store. Raises `LeaseLost`."""
    _hand_over(
        export,
        status=ExportStatus.READY,
        size_bytes=size_bytes,
        json_size_bytes=json_size_bytes,
        sha256=sha256,
        done=export.done,
        missing=export.missing,
        state=None,
        crashes=0,
        ready_at=clock.now(),
        expires_at=clock.after(KEPT_S),
    )


def fail(export: Export) -> None:
    """Give it up; it goes with the others of its age. Raises `LeaseLost`."""
    _hand_over(
        export, status=ExportStatus.FAILED, state=None, crashes=0, expires_at=clock.after(KEPT_S)
    )


def begin_again_without(account_id: int, deleted_at: datetime) -> None:
    """What is being built since before this deletion begins again; whoever writes loses it."""
    older = (Export.account == account_id) & (Export.created_at <= deleted_at)
    Export.update(
        state=None, done=0, missing=0, lease=None, lease_until=None, due_at=clock.now()
    ).where(older & Export.status.in_(UNBUILT)).execute()


def holding(account_id: int, made_at: datetime, deleted_at: datetime) -> list[Export]:
    """Finished exports that hold what was made then and deleted since."""
    between = (Export.ready_at > made_at) & (Export.created_at <= deleted_at)
    ready = (Export.account == account_id) & (Export.status == ExportStatus.READY)
    return list(Export.select().where(ready & between))


def withdraw(export: Export) -> None:
    """Say that it is gone before its time; the objects must be gone already."""
    Export.update(
        status=ExportStatus.WITHDRAWN, size_bytes=None, json_size_bytes=None, sha256=None
    ).where(Export.id == export.id).execute()


def _hand_over(export: Export, **changes: Any) -> None:
    _write(export, lease=None, lease_until=None, **changes)


def _write(export: Export, **changes: Any) -> None:
    mine = (Export.id == export.id) & (Export.lease == export.lease)
    if Export.update(**changes).where(mine).execute() != 1:
        raise LeaseLost(f"export {export.id}")
    for name, value in changes.items():
        setattr(export, name, value)


def to_purge(limit: int = PURGE_MAX) -> list[Export]:
    """Exports that have had their time, and operators' that were left for a day."""
    left = Export.by_operator & (Export.created_at < clock.after(-DAY_S))
    past = (Export.expires_at < clock.now()) | left
    return list(Export.select().where(past).order_by(Export.id).limit(limit))


def forget(export: Export) -> None:
    """Remove the row; the objects must be gone already."""
    Export.delete().where(Export.id == export.id).execute()


def exists(export: Export) -> bool:
    """Whether the row is still there."""
    return bool(Export.select().where(Export.id == export.id).exists())


def known(names: Iterable[str]) -> set[str]:
    """Those of these names that exports have."""
    rows = Export.select(Export.public_id).where(Export.public_id.in_(list(names)))
    return {row.public_id for row in rows}


def unnamed(table: Any, keys: Sequence[str]) -> list[str]:
    """Those of these keys whose export, or import, is not there (any longer)."""
    owners = {key: key.split("/")[1] for key in keys}
    rows = table.select(table.public_id).where(table.public_id.in_(set(owners.values())))
    there = {row.public_id for row in rows}
    return [key for key, owner in owners.items() if owner not in there]


def needed() -> set[str]:
    """What finished exports are under."""
    ready = (Export.status == ExportStatus.READY) & (Export.expires_at > clock.now())
    rows = list(Export.select(Export.public_id).where(ready))
    return {key(row) for row in rows for key in (zip_key, json_key)}


def prefix(export: Export) -> str:
    """Below which the store has all of an export, finished or not."""
    return f"{PREFIX}{export.public_id}/"


def zip_key(export: Export) -> str:
    """Where the finished ZIP is."""
    return f"{prefix(export)}fluxgen-export.zip"


def json_key(export: Export) -> str:
    """Where the JSON alone is."""
    return f"{prefix(export)}fluxgen.json"


def work_key(export: Export, state: str) -> str:
    """Where a step's work is."""
    return f"{prefix(export)}work/{state}"
