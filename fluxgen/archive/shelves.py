"""Out of reach: a deleted generation's pictures go under new keys while it can be undone.

A signed address cannot be called back; it is good for as long as there is something under its key.
So the key goes first. An undo needs nothing: the row says where its pictures are.
"""

from __future__ import annotations

from datetime import timedelta

from fluxgen import clock
from fluxgen.archive.deletion import GONE_AFTER_S
from fluxgen.models import UNFINISHED, Generation

PUT_AWAY_MAX = 200


def to_put_away(limit: int = PUT_AWAY_MAX) -> list[int]:
    """Ids of the deleted ones that older addresses still reach, and that are not to go yet."""
    rows = (
        Generation.select(Generation.id)
        .where(_REACHABLE & (Generation.deleted_at > _undone_until()))
        .order_by(Generation.deleted_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def reachable(generation_id: int) -> Generation | None:
    """This one, if older addresses still reach it although it is deleted."""
    found: Generation | None = Generation.get_or_none(
        (Generation.id == generation_id) & _REACHABLE & (Generation.deleted_at > _undone_until())
    )
    return found


def put_away(generation: Generation, shelf: str) -> bool:
    """Its pictures are on this shelf now; False where it has changed meanwhile, and they are not."""
    same_place = (
        Generation.shelf.is_null()
        if generation.shelf is None
        else Generation.shelf == generation.shelf
    )
    return bool(
        Generation.update(shelf=shelf, shelved_at=clock.now())
        .where(
            (Generation.id == generation.id)
            & (Generation.deleted_at == generation.deleted_at)
            & Generation.lease.is_null()
            & same_place
        )
        .execute()
    )


def put_away_again(generation_id: int, shelf: str) -> None:
    """What was there before could not be removed: all of it once more."""
    Generation.update(shelved_at=None).where(
        (Generation.id == generation_id) & (Generation.shelf == shelf)
    ).execute()


def _undone_until() -> object:
    return clock.now() - timedelta(seconds=GONE_AFTER_S)


_REACHABLE = (
    Generation.deleted_at.is_null(False)
    & (Generation.shelved_at.is_null() | (Generation.shelved_at < Generation.deleted_at))
    & Generation.status.not_in(UNFINISHED)
)
