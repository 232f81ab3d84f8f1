"""Days of the archive: a page's tiles under them, and where the next page goes on.

The same day comes again where older pictures were brought in above newer ones; the number of its
first tile is then part of its name. A page is told the name of the last day above it (`day`) and
the oldest day there (`oldest`, where that is another).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from fluxgen import formats
from fluxgen.archive import Tile
from fluxgen.words import _

NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:-\d{1,10})?", re.ASCII)


@dataclass(frozen=True)
class Above:
    """What a page has above it: the name of the last day, and the oldest of all."""

    name: str = ""
    oldest: date | None = None


def above(args: Mapping[str, str]) -> Above:
    """The same as an address says it; what makes no sense is nothing."""
    last = NAME.fullmatch(args.get("day", ""))
    oldest = NAME.fullmatch(args.get("oldest", "")) or last
    try:
        return Above(last[0], date.fromisoformat(oldest[1])) if last and oldest else Above()
    except ValueError:
        return Above()


def below(days: Sequence[tuple[str, date]], top: Above) -> dict[str, object]:
    """How the next page's address says what it has above it: these days, below what `top` says."""
    name, last = days[-1]
    oldest = min([on for __, on in days] + ([top.oldest] if top.oldest else []))
    return {"day": name, **({"oldest": oldest} if oldest < last else {})}


def grouped(tiles: Sequence[Tile], top: Above) -> Iterator[tuple[str, date, list[Tile]]]:
    """The tiles by days: each one's name, which no other day of the page has, and its date."""
    oldest, goes_on = top.oldest, top.name
    for on, same_day in groupby(tiles, key=lambda tile: tile.created_at.date()):
        own = list(same_day)
        name = f"{on}" if oldest is None or on < oldest else f"{on}-{own[0].number}"
        yield goes_on if goes_on.startswith(f"{on}") else name, on, own
        oldest, goes_on = min(on, oldest or on), ""


def title(on: date, today: date) -> str:
    """What a day is called."""
    if on == today:
        return _("Today")
    if on == today - timedelta(days=1):
        return _("Yesterday")
    return formats.day(on)
