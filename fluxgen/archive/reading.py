"""Pages of the archive, newest first.

A page is asked for by the number after which it begins, so it holds still while pictures come and
go, and costs the same at any depth. Statements are written once: here Peewee's writing them anew
would cost more than the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from fluxgen import db
from fluxgen.archive import index
from fluxgen.archive.finding import Wanted, numbers
from fluxgen.archive.index import Range
from fluxgen.models import Account, Generation, Image
from fluxgen.models.fields import EPOCH, MICROSECOND

PAGE = 60
AT_ONCE_MAX = 1000
"""Pictures that a page counts while it is made; of more it says the number a moment later."""
COUNTED_MAX = 10_000
"""Of what is looked for, pictures are counted to here; above it, it is many."""
MONTHS_MAX = 240
TILE_COLUMNS = 10
"""Columns of a page's row that are the generation's; the rest are the picture's."""

# As literals: SQLite uses a partial index only for a condition that it can read.
DONE = "status = 'done' AND deleted_at IS NULL"
ENDED = "status IN ('failed', 'cancelled', 'expired') AND deleted_at IS NULL"
# "+account_id": the ids are known, and SQLite is not to walk the account's index for them.
COLUMNS = """id, public_id, number, prompt, model, aspect_ratio, count, created_at, favourite_at,
    count * charged_credits / cost_credits AS came, shelf"""
NEWEST = f"""SELECT {COLUMNS} FROM generation
WHERE account_id = ? AND {DONE} AND number BETWEEN ? AND ? ORDER BY number DESC LIMIT ?"""
THESE = f"SELECT {COLUMNS} FROM generation WHERE +account_id = ? AND {DONE} AND id IN ({{}})"
OLDEST = NEWEST.replace("number DESC", "number")
ONE = f"SELECT {COLUMNS} FROM generation WHERE +account_id = ? AND {DONE} AND id = ?"
THESE_ROWS = f"""SELECT * FROM generation
WHERE +account_id = ? AND {DONE} AND id IN ({{}}) ORDER BY number DESC"""
TILES = """SELECT page.public_id, page.number, page.prompt, page.model, page.aspect_ratio,
    page.count, page.created_at, page.favourite_at, page.came, page.shelf,
    image.public_id, image.width, image.height, image.placeholder, image.position, image.alt
FROM ({}) AS page JOIN image ON image.generation_id = page.id
ORDER BY page.number DESC, image.position"""
# Counted one by one: joined, Postgres would read every picture of everybody.
TOTAL = f"""SELECT COALESCE(SUM(
    (SELECT COUNT(*) FROM image WHERE image.generation_id = counted.id)), 0) FROM (
    SELECT id FROM generation
    WHERE account_id = ? AND {DONE} AND number BETWEEN ? AND ?
    ORDER BY number DESC LIMIT ?) AS counted"""
ENDED_IDS = f"""SELECT id FROM generation
WHERE account_id = ? AND {ENDED} AND number BETWEEN ? AND ? ORDER BY number DESC LIMIT ?"""
THESE_ENDED = f"""SELECT * FROM generation
WHERE +account_id = ? AND {ENDED} AND id IN ({{}}) ORDER BY number DESC"""
EDGES = """SELECT (SELECT created_at FROM generation WHERE account_id = ?
    ORDER BY created_at LIMIT 1), (SELECT created_at FROM generation WHERE account_id = ?
    ORDER BY created_at DESC LIMIT 1)"""
# "+deleted_at": by its day, not by the index of all that are there.
LAST_BETWEEN = """(SELECT number FROM generation
    WHERE account_id = ? AND created_at >= ? AND created_at < ?
    AND status = 'done' AND +deleted_at IS NULL ORDER BY created_at DESC LIMIT 1)"""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a tile. Widths and heights are pixels; nine colours of three letters."""

    public_id: str
    width: int
    height: int
    placeholder: str
    position: int
    alt: str | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A finished generation as the grid shows it. `asked` and `came` count pictures."""

    public_id: str
    number: int
    prompt: str
    model: str
    aspect_ratio: str
    asked: int
    created_at: datetime
    is_favourite: bool
    came: int
    shelf: str | None
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Page:
    """Tiles, newest first, and the number after which the next page begins.

    `found` counts the pictures from here on, where that was asked for.
    """

    tiles: list[Tile]
    after: int | None
    found: int


@dataclass(frozen=True)
class Month:
    """A month with something in it, and the number after which its page begins."""

    first_day: date
    after: int


def page(
    account: Account,
    wanted: Wanted | None = None,
    after: int | None = None,
    limit: int = PAGE,
    *,
    count_to: int = 0,
) -> Page:
    """The pictures looked for that are numbered below `after`, or the newest ones."""
    wanted = wanted or Wanted()
    among = None if wanted.finds_nothing else numbers(account, wanted, after)
    if among is None:
        return Page([], None, 0)
    if terms := wanted.terms():
        ids, found = index.newest(account, terms, among, limit + 1, count_to=count_to)
        found_tiles, is_more = tiles_of(account, ids), len(ids) > limit
        if is_more and not found_tiles:  # all of them went at this very moment
            return page(account, wanted, after, limit, count_to=count_to)
    else:
        found = _count(account, among, count_to)
        found_tiles = tiles(among.written(NEWEST), account.id, *among.values, limit + 1)
        is_more = len(found_tiles) > limit
    shown = found_tiles[:limit]
    return Page(shown, shown[-1].number if is_more else None, found)


def tile(generation: Generation) -> Tile | None:
    """One finished generation as the grid shows it, while it is there."""
    return next(iter(tiles(ONE, generation.account_id, generation.id)), None)


def tiles_of(account: Account, ids: Sequence[int]) -> list[Tile]:
    """The account's tiles of these ids, newest first."""
    return tiles(THESE.format(_marks(ids)), account.id, *ids) if ids else []


def tiles(statement: str, *values: object) -> list[Tile]:
    """The tiles of the generations that this statement gives, newest first."""
    rows = db.tuples(TILES.format(statement), *values)
    return [_tile(list(group)) for _, group in groupby(rows, key=lambda row: row[1])]


def ended(
    account: Account, wanted: Wanted, limit: int, after: int | None = None
) -> list[Generation]:
    """The newest of those looked for that ended without a picture, numbered below `after`."""
    among = None if wanted.finds_nothing else numbers(account, wanted, after)
    if among is None:
        return []
    if terms := wanted.terms():
        ids, _ = index.newest(account, terms, among, limit, is_ended=True)
    else:
        values = (account.id, *among.values, limit)
        ids = [id_ for (id_,) in db.tuples(among.written(ENDED_IDS), *values)]
    if not ids:
        return []
    return list(db.rows(Generation, THESE_ENDED.format(_marks(ids)), account.id, *ids))


def total(account: Account, wanted: Wanted | None = None, up_to: int | None = None) -> int:
    """How many pictures the account keeps, or of those looked for; counts so far and one more.

    Without a limit, all that are kept are counted, and of those looked for `COUNTED_MAX`.
    """
    wanted = wanted or Wanted()
    if up_to is None:
        up_to = COUNTED_MAX if wanted.named else index.NUMBER_MAX
    among = None if wanted.finds_nothing else numbers(account, wanted)
    if among is None:
        return 0
    return counted(account, wanted, among, up_to + 1)


def counted(account: Account, wanted: Wanted, among: Range, count_to: int) -> int:
    """How many pictures of those looked for have these numbers, counted to `count_to`."""
    if terms := wanted.terms():
        return index.newest(account, terms, among, 1, count_to=count_to)[1]
    return _count(account, among, count_to)


def _count(account: Account, among: Range, count_to: int) -> int:
    if not count_to:
        return 0
    ((found,),) = db.tuples(among.written(TOTAL), account.id, *among.values, count_to)
    return min(int(found), count_to)


def months(account: Account) -> list[Month]:
    """The months in which something was asked for, newest first; where each one's page begins."""
    ((oldest, newest),) = db.tuples(EDGES, account.id, account.id)
    if oldest is None:
        return []
    starts = _month_starts(_moment(oldest), _moment(newest))
    ends = [datetime.max.replace(tzinfo=UTC), *starts]
    last, values = [], []
    for start, end in zip(starts, ends, strict=False):
        last.append(LAST_BETWEEN)
        values += [account.id, _stored(start), _stored(end)]
    (found,) = db.tuples(f"SELECT {', '.join(last)}", *values)
    return [
        Month(start.date(), number + 1)
        for start, number in zip(starts, found, strict=True)
        if number is not None
    ]


def _month_starts(oldest: datetime, newest: datetime) -> list[datetime]:
    """The first moments of all months between, newest first."""
    starts = [newest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while starts[-1] > oldest and len(starts) < MONTHS_MAX:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return starts


def of_same_look(account: Account, generation: Generation, limit: int = PAGE) -> list[Generation]:
    """The newest other pictures that the account made with this one's Look."""
    if generation.look is None or (among := numbers(account, Wanted())) is None:
        return []
    ids, _ = index.newest(account, Wanted(look=generation.look).terms(), among, limit + 1)
    others = [id_ for id_ in ids if id_ != generation.id][:limit]
    if not others:
        return []
    return list(db.rows(Generation, THESE_ROWS.format(_marks(others)), account.id, *others))


def image(account: Account, image_public_id: str) -> Image | None:
    """The account's own image of this name, unless it is deleted."""
    if "\0" in image_public_id:  # which Postgres takes in no text
        return None
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


def _tile(rows: Sequence[tuple[Any, ...]]) -> Tile:
    """The rows of one generation's pictures as its tile."""
    own = rows[0][:TILE_COLUMNS]
    public_id, number, prompt, model, aspect_ratio, asked, created_at = own[:7]
    favourite_at, came, shelf = own[7:]
    return Tile(
        public_id=public_id,
        number=number,
        prompt=prompt,
        model=model,
        aspect_ratio=aspect_ratio,
        asked=asked,
        created_at=_moment(created_at),
        is_favourite=favourite_at is not None,
        came=came,
        shelf=shelf,
        pictures=tuple(Picture(*row[TILE_COLUMNS:]) for row in rows),
    )


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _moment(stored: int) -> datetime:
    return EPOCH + stored * MICROSECOND


def _stored(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
