"""Which stored objects the rows name, and which they need: for those who compare both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from fluxgen import db
from fluxgen.archive.keys import PREFIX, key_at
from fluxgen.models import UNFINISHED
from fluxgen.pictures import THUMBNAILS_PX

NEEDED_AT_ONCE = 500
VARIANTS = ("original", *map(str, THUMBNAILS_PX))

# What is under way, or deleted and not gone yet, may have anything under its name.
ROWS = f"""SELECT generation.id, public_id, shelf,
    status IN ({", ".join(f"'{status.value}'" for status in UNFINISHED)})
        OR deleted_at IS NOT NULL OR lease IS NOT NULL
        OR EXISTS (SELECT 1 FROM deleted_image WHERE generation_id = generation.id)
FROM generation WHERE {{}} ORDER BY generation.id"""
NAMED = ROWS.format("public_id IN ({})")
NEXT = ROWS.format("generation.id > ?") + " LIMIT ?"
POSITIONS = """SELECT generation_id, position FROM image WHERE generation_id IN ({})
ORDER BY generation_id"""


@dataclass(frozen=True)
class Named:
    """A generation's objects: those it needs, and whether others may be there for a while."""

    id: int
    needed: frozenset[str]
    is_moving: bool


def unnamed(keys: Sequence[str]) -> list[str]:
    """Those of these keys that no generation names."""
    owners = {key: key.removeprefix(PREFIX).partition("/")[0] for key in keys}
    known = _by_public_id(set(owners.values()))
    return [
        key
        for key, owner in owners.items()
        if owner not in known or not (known[owner].is_moving or key in known[owner].needed)
    ]


def needed(after: int = 0) -> list[Named]:
    """The next generations, by id, and what each needs; none after the last."""
    return list(_named(db.tuples(NEXT, after, NEEDED_AT_ONCE)).values())


def _by_public_id(public_ids: Iterable[str]) -> dict[str, Named]:
    asked = list(public_ids)
    found: dict[str, Named] = {}
    for start in range(0, len(asked), NEEDED_AT_ONCE):
        some = asked[start : start + NEEDED_AT_ONCE]
        found |= _named(db.tuples(NAMED.format(_marks(some)), *some))
    return found


def _named(rows: Sequence[tuple[int, str, str | None, object]]) -> dict[str, Named]:
    positions = _positions([row[0] for row in rows])
    return {
        public_id: Named(
            id_,
            frozenset(
                key_at(public_id, shelf, position, variant)
                for position in positions.get(id_, [])
                for variant in VARIANTS
            ),
            bool(is_moving),
        )
        for id_, public_id, shelf, is_moving in rows
    }


def _positions(ids: Sequence[int]) -> dict[int, list[int]]:
    if not ids:
        return {}
    rows = db.tuples(POSITIONS.format(_marks(ids)), *ids)
    return {
        id_: [position for _, position in group] for id_, group in groupby(rows, lambda row: row[0])
    }


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
