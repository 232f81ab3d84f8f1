"""Where a picture stands among what is looked for: its neighbours either way, and n of m."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fluxgen.archive import index, reading
from fluxgen.archive.finding import Wanted, numbers
from fluxgen.archive.index import Range
from fluxgen.archive.reading import COUNTED_MAX, Picture, Tile
from fluxgen.models import Account, Generation

REACH = 8
"""Pictures shown either way."""
PLACE_MAX = COUNTED_MAX
"""Pictures are counted to here: above it, m is more than this, and further down n is not said."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One picture beside the one looked at, and its tile."""

    tile: Tile
    picture: Picture


@dataclass(frozen=True)
class Place:
    """A picture's neighbours, both newest first, itself, and n of total; `n` is None where it is
    too far down to count, `total` where there are more than `PLACE_MAX`."""

    newer: Sequence[Neighbour] = ()
    own: Neighbour | None = None
    older: Sequence[Neighbour] = ()
    n: int | None = None
    total: int | None = None


def place(
    account: Account, generation: Generation, position: int = 0, wanted: Wanted | None = None
) -> Place:
    """The place of this picture, there or deleted, among the account's of those looked for."""
    wanted = wanted or Wanted()
    own = _pictures(reading.tiles(reading.ONE, account.id, generation.id))
    here = [each for each in own if each.picture.position == position]
    before = [each for each in own if each.picture.position < position]
    after = [each for each in own if each.picture.position > position]
    above = _above(account, generation, wanted)
    newer = _pictures(reversed(_newer(account, wanted, above)))
    older = _pictures(reading.page(account, wanted, generation.number, REACH).tiles)
    counted = _counted(account, wanted, above) + len(before)
    is_known = bool(here) and counted <= PLACE_MAX
    total = counted + len(here) + len(after)
    if is_known:
        total += _below(account, generation, wanted, PLACE_MAX + 1 - counted)
    return Place(
        newer=[*newer, *before][-REACH:],
        own=here[0] if here else None,
        older=[*after, *older][:REACH],
        n=counted + 1 if is_known else None,
        total=total if is_known and total <= PLACE_MAX else None,
    )


def _pictures(tiles: Iterable[Tile]) -> list[Neighbour]:
    return [Neighbour(tile, picture) for tile in tiles for picture in tile.pictures]


def _above(account: Account, generation: Generation, wanted: Wanted) -> Range | None:
    """The numbers above this one of what is looked for."""
    among = None if wanted.finds_nothing else numbers(account, wanted)
    if among is None or among.high <= generation.number:
        return None
    return replace(among, low=max(among.low, generation.number + 1))


def _newer(account: Account, wanted: Wanted, above: Range | None) -> list[Tile]:
    """The next ones above, the oldest of them first."""
    if above is None:
        return []
    if terms := wanted.terms():
        ids = index.oldest(account, terms, above, REACH)
        return reading.tiles_of(account, ids)[::-1]
    statement = above.written(reading.OLDEST)
    return reading.tiles(statement, account.id, *above.values, REACH)[::-1]


def _counted(account: Account, wanted: Wanted, above: Range | None) -> int:
    return 0 if above is None else reading.counted(account, wanted, above, PLACE_MAX + 1)


def _below(account: Account, generation: Generation, wanted: Wanted, count_to: int) -> int:
    among = None if wanted.finds_nothing else numbers(account, wanted, generation.number)
    return 0 if among is None else reading.counted(account, wanted, among, count_to)
