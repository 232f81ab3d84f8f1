"""Deletion: hidden at once, undone for a short while, then gone for good.

The search index forgets a deleted generation in the same transaction, and an undo enters it anew.
An object store that is down only delays the rest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fluxgen import clock, settings
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import UNFINISHED, Generation, Image, Status
from fluxgen.models.fields import public_id

UNDO_S = 10
"""How long a page offers the undo, at least."""
GONE_AFTER_S = 20
"""When a deleted generation goes for good: later than any page promises."""
PURGE_MAX = 200
ENDED_KEPT_S = 7 * 24 * 3600


def delete(generation: Generation) -> Generation:
    """Hide it now; it goes for good when the undo has passed. Raises `Refused`."""
    if not generation.is_finished:
        raise Refused("This one has not ended yet. Cancel it first.")
    with transaction():
        if _change(generation, Generation.deleted_at.is_null(), deleted_at=clock.now()):
            index.remove([generation.id])
    return Generation.get_by_id(generation.id)


def undo(generation: Generation) -> Generation:
    """Bring it back, if it is not gone yet. Raises `Refused`."""
    with transaction():
        if not _change(generation, Generation.lease.is_null(), deleted_at=None):
            raise Refused("It is too late to undo this. The picture is gone.")
        back = Generation.get_by_id(generation.id)
        index.enter(back)
    return back


def _change(generation: Generation, condition: Any, **changes: Any) -> bool:
    same = Generation.id == generation.id
    return bool(Generation.update(**changes).where(same & condition).execute())


def dismiss_old(older_than_s: float = ENDED_KEPT_S) -> int:
    """Delete what ended without a picture longer ago than this; how many there were."""
    ended = Generation.status.not_in((*UNFINISHED, Status.DONE))
    old = ended & (Generation.finished_at < clock.after(-older_than_s))
    with transaction():
        dismissed = (
            Generation.update(deleted_at=clock.now())
            .where(old & Generation.deleted_at.is_null())
            .returning(Generation.id)
            .execute()
        )
        ids = [row.id for row in dismissed]
        index.remove(ids)
    return len(ids)


def to_purge(limit: int = PURGE_MAX) -> list[int]:
    """Ids of deleted generations whose undo has passed and that nobody is purging."""
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    rows = (
        Generation.select(Generation.id)
        .where((Generation.deleted_at <= now - timedelta(seconds=GONE_AFTER_S)) & free)
        .order_by(Generation.deleted_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def claim_purge(generation_id: int) -> Generation | None:
    """Take a deleted row for purging; from here on there is no undo."""
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    claimed = (
        Generation.update(
            lease=public_id(), lease_until=now + timedelta(seconds=settings.current().lease_s)
        )
        .where(
            (Generation.id == generation_id)
            & (Generation.deleted_at <= now - timedelta(seconds=GONE_AFTER_S))
            & Generation.status.not_in(UNFINISHED)
            & free
        )
        .returning(Generation)
        .execute()
    )
    return next(iter(claimed), None)


def purge(generation: Generation) -> None:
    """Remove the rows; the objects must be gone already. Raises `LeaseLost`."""
    mine = (Generation.id == generation.id) & (Generation.lease == generation.lease)
    with transaction():
        index.remove([generation.id])
        Image.delete().where(Image.generation == generation).execute()
        if Generation.delete().where(mine).execute() != 1:
            raise LeaseLost(f"generation {generation.id}")
