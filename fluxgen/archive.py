"""The archive: pages of finished generations, and their deletion.

Deleting hides at once and can be undone for a short while; then the row, the original and
the thumbnails go. An object store that is down only delays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fluxgen import clock, settings
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import UNFINISHED, Account, Generation, Image, Status
from fluxgen.models.fields import public_id
from fluxgen.pictures import THUMBNAILS_PX

PAGE = 60
UNDO_S = 10
"""How long a page offers the undo, at least."""
GONE_AFTER_S = 20
"""When a deleted generation goes for good: later than any page promises."""
PURGE_MAX = 200
ENDED_KEPT_S = 7 * 24 * 3600

KEPT = (Generation.status == Status.DONE) & Generation.deleted_at.is_null()


@dataclass(frozen=True)
class Page:
    """A page of the archive, newest first, and the number after which the next begins."""

    generations: list[Generation]
    after: int | None


def page(account: Account, after: int | None = None, limit: int = PAGE) -> Page:
    """The finished generations numbered below `after`, or the newest ones."""
    wanted = (Generation.account == account) & KEPT
    if after is not None:
        wanted &= Generation.number < after
    rows = list(
        Generation.select().where(wanted).order_by(Generation.number.desc()).limit(limit + 1)
    )
    shown = rows[:limit]
    return Page(shown, shown[-1].number if len(rows) > limit else None)


def total(account: Account) -> int:
    """How many pictures the account keeps."""
    kept = Image.select().join(Generation).where((Generation.account == account) & KEPT)
    return int(kept.count())


@dataclass(frozen=True)
class Place:
    """Where a generation stands in the archive: its neighbours, and n of total."""

    newer: Generation | None = None
    older: Generation | None = None
    n: int | None = None
    total: int | None = None


def place(generation: Generation) -> Place:
    """The place of a finished generation among its owner's."""
    mine = Generation.select().where((Generation.account == generation.account_id) & KEPT)
    newer = mine.where(Generation.number > generation.number)
    older = mine.where(Generation.number < generation.number)
    return Place(
        newer=newer.order_by(Generation.number).first(),
        older=older.order_by(Generation.number.desc()).first(),
        n=newer.count() + 1,
        total=mine.count(),
    )


def image(account: Account, image_public_id: str) -> Image | None:
    """The account's own image of this name, unless it is deleted."""
    found: Image | None = (
        Image.select(Image, Generation)
        .join(Generation)
        .where(
            (Image.public_id == image_public_id)
            & (Generation.account == account)
            & Generation.deleted_at.is_null()
        )
        .first()
    )
    return found


def key(generation_public_id: str, position: int, variant: str) -> str:
    """Where a picture is stored: `pictures/<generation>/<position>/<variant>`.

    The key follows from the row, so storing twice writes the same objects.
    """
    return f"pictures/{generation_public_id}/{position}/{variant}"


def keys_of(generation: Generation) -> list[str]:
    """Every key that this generation's pictures can have, stored or not."""
    variants = ["original", *(str(side) for side in THUMBNAILS_PX)]
    return [
        key(generation.public_id, position, variant)
        for position in range(generation.count)
        for variant in variants
    ]


def delete(generation: Generation) -> Generation:
    """Hide it now; it goes for good when the undo has passed. Raises `Refused`."""
    if not generation.is_finished:
        raise Refused("This one has not ended yet. Cancel it first.")
    _change(generation, Generation.deleted_at.is_null(), deleted_at=clock.now())
    return Generation.get_by_id(generation.id)


def undo(generation: Generation) -> Generation:
    """Bring it back, if it is not gone yet. Raises `Refused`."""
    if not _change(generation, Generation.lease.is_null(), deleted_at=None):
        raise Refused("It is too late to undo this. The picture is gone.")
    return Generation.get_by_id(generation.id)


def _change(generation: Generation, condition: Any, **changes: Any) -> bool:
    same = Generation.id == generation.id
    return bool(Generation.update(**changes).where(same & condition).execute())


def dismiss_old(older_than_s: float = ENDED_KEPT_S) -> int:
    """Delete what ended without a picture longer ago than this; how many there were."""
    ended = Generation.status.not_in((*UNFINISHED, Status.DONE))
    old = ended & (Generation.finished_at < clock.after(-older_than_s))
    dismissed = Generation.update(deleted_at=clock.now()).where(
        old & Generation.deleted_at.is_null()
    )
    return int(dismissed.execute())


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
        Image.delete().where(Image.generation == generation).execute()
        if Generation.delete().where(mine).execute() != 1:
            raise LeaseLost(f"generation {generation.id}")
