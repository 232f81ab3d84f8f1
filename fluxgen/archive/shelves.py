"""Out of reach: what is deleted goes under new keys while it can be undone.

A signed address cannot be called back; it is good for as long as there is something under its key.
So the key goes first. An undo needs nothing: the row says where its pictures are.
"""

from __future__ import annotations

from typing import Any

from fluxgen import clock, db
from fluxgen.archive.deletion import GONE_AFTER_S
from fluxgen.archive.keys import PREFIX, key_at
from fluxgen.models import Generation

PUT_AWAY_MAX = 200

# Each deletion forgets when it was put away before; no clock is compared with another.
DELETED = """SELECT id, deleted_at FROM generation WHERE deleted_at > ? AND shelved_at IS NULL"""
SIBLING_DELETED = """SELECT generation.id, deleted_image.deleted_at
FROM deleted_image JOIN generation ON generation.id = deleted_image.generation_id
WHERE deleted_image.deleted_at > ? AND generation.deleted_at IS NULL AND shelved_at IS NULL"""
REACHABLE = f"""SELECT id, MIN(deleted_at) FROM ({DELETED} UNION ALL {SIBLING_DELETED}) AS gone
{{}} GROUP BY id ORDER BY MIN(deleted_at) LIMIT ?"""

WHERE_NOW = """SELECT shelf, EXISTS (SELECT 1 FROM image
    WHERE image.generation_id = generation.id AND image.position = CAST(? AS INTEGER))
FROM generation WHERE public_id = ? AND deleted_at IS NULL"""


def to_put_away(limit: int = PUT_AWAY_MAX) -> list[int]:
    """Ids of those deleted, whole or a picture of them, that older addresses still reach, and that
    are not to go yet."""
    since = _undone_until()
    return [id_ for id_, _ in db.tuples(REACHABLE.format(""), since, since, limit)]


def reachable(generation_id: int) -> Generation | None:
    """This one, if older addresses still reach what is deleted of it."""
    since = _undone_until()
    found = db.tuples(REACHABLE.format("WHERE id = ?"), since, since, generation_id, 1)
    return Generation.get_or_none(Generation.id == generation_id) if found else None


def put_away(generation: Generation, shelf: str) -> bool:
    """Its pictures are on this shelf now; False where it has changed meanwhile, and they are not."""
    return bool(
        Generation.update(shelf=shelf, shelved_at=clock.now())
        .where(
            (Generation.id == generation.id)
            & _same(Generation.deleted_at, generation.deleted_at)
            & _same(Generation.shelf, generation.shelf)
            & Generation.lease.is_null()
        )
        .execute()
    )


def moved(key: str) -> str | None:
    """Where the picture under this key has been put since, if it is there still."""
    public_id, *_, position, variant = key.removeprefix(PREFIX).split("/")
    ((shelf, is_there),) = db.tuples(WHERE_NOW, position, public_id) or [(None, 0)]
    now = key_at(public_id, shelf, int(position), variant)
    return now if is_there and now != key else None


def put_away_again(generation_id: int, shelf: str) -> None:
    """What was there before could not be removed: all of it once more."""
    Generation.update(shelved_at=None).where(
        (Generation.id == generation_id) & (Generation.shelf == shelf)
    ).execute()


def _same(column: Any, value: Any) -> Any:
    return column.is_null() if value is None else column == value


def _undone_until() -> int | None:
    return Generation.deleted_at.db_value(clock.after(-GONE_AFTER_S))
