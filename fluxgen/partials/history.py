"""The archive's pages as fragments: days of tiles, and the next page under the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby

from flask import Blueprint, render_template, request
from markupsafe import Markup

from fluxgen import archive, clock, formats
from fluxgen.archive import Month, Page, Picture, Tile, Wanted
from fluxgen.models import Account, Generation
from fluxgen.partials import days as days_
from fluxgen.partials import search
from fluxgen.partials.days import Above
from fluxgen.partials.picture_addresses import address_at, fallback, lasting
from fluxgen.partials.picture_view import srcset
from fluxgen.partials.ratios import RATIOS, nearest_ratio, quotient, ratio_class
from fluxgen.partials.tile_words import TileWords, missing, tile_words
from fluxgen.pictures import THUMBNAILS_PX
from fluxgen.presentation import current_account, plural
from fluxgen.security import member
from fluxgen.words import _, ngettext

history_partials = Blueprint("history_partials", __name__, url_prefix="/partials")

LABEL_MAX = 160
"""Characters of a prompt that name a picture."""
LETTERS = "ABCD"
TOP = Above()
WIDTH_PX = (190, 280)
"""How wide a square usually is in the grid: on a phone, elsewhere."""
PATCHES = [f'" d="M{at % 3} {at // 3}h1v1h-1z"/>' for at in range(9)]


@dataclass(frozen=True, slots=True)
class PictureTile:
    """One picture in the grid."""

    url: str
    fragment: str
    label: str
    url_image: str
    srcset: str
    lasting: str
    width: int
    height: int
    placeholder: Markup
    url_download: str
    download: str
    url_delete: str


@dataclass(frozen=True, slots=True)
class TileView:
    """A finished generation in the grid."""

    id: str
    number: int
    css: str
    sizes: str
    time: str
    is_favourite: bool
    url_favourite: str
    url_delete: str
    delete: str
    missing: str
    pictures: list[PictureTile]
    is_first: bool = False
    """Whether it begins what is shown: its pictures are fetched before anything is laid out."""
    words: TileWords = field(default_factory=tile_words)

    @property
    def label(self) -> str:
        return self.words.tile % {"name": self.number}

    @property
    def select(self) -> str:
        return self.words.select % {"name": self.number}

    @property
    def favourite(self) -> str:
        return self.words.favourite % {"name": self.number}


@dataclass(frozen=True)
class Day:
    """The tiles of one day (UTC)."""

    id: str
    on: date
    title: str
    date: str
    tiles: list[TileView]


@history_partials.get("/history")
@member
def older() -> str:
    """The next page: the rest of the day that the page above ends with, and the days before."""
    wanted, account = search.read(request.args), current_account()
    page = archive.page(account, wanted, search.after(request.args))
    above = days_.above(request.args)
    days = by_days(page, search.query(wanted), above)
    rest = days[0] if days and days[0].id == above.name else None
    return render_template(
        "partials/history_older.html",
        rest=rest,
        days=days[1:] if rest else days,
        **links(wanted, page, days, above),
    )


@history_partials.get("/history/count")
@member
def count() -> str:
    """How many pictures there are, or how many match where something is looked for."""
    wanted = search.read(request.args)
    found, is_all = archive.total(current_account(), wanted), not wanted.named
    words = plural(found, "picture") if is_all else counted(found, archive.COUNTED_MAX)
    said = {"count": found, "count_words": words, "is_all": is_all}
    return render_template("partials/history_count.html", **said)


def arrived(account: Account, rows: Sequence[Generation]) -> list[Day]:
    """What has just been finished, under its days."""
    tiles = archive.tiles_of(account, [row.id for row in rows])
    return by_days(Page(tiles, None, 0))


def links(
    wanted: Wanted, page: Page, days: Sequence[Day], above: Above = TOP
) -> dict[str, str | None]:
    """The ways to the next page, as a page and as a fragment."""
    if page.after is None:
        return {"older_url": None, "older_fragment": None}
    more = days_.below([(day.id, day.on) for day in days], above)
    seam = search.query(wanted, after=page.after, **more)
    return {
        "older_url": search.HISTORY + search.query(wanted, after=page.after),
        "older_fragment": f"/partials/history{seam}",
    }


def by_days(page: Page, query: str = "", above: Above = TOP) -> list[Day]:
    """A page's tiles under their days; `query` says in their addresses what is looked for."""
    today = clock.now().date()
    words = tile_words()
    first = page.tiles[0] if page.tiles and above == TOP else None
    return [
        Day(
            id=name,
            on=on,
            title=days_.title(on, today),
            date=_("%(weekday)s %(day)s", weekday=formats.weekday(on), day=formats.short_day(on)),
            tiles=[view(tile, query, words, is_first=tile is first) for tile in tiles],
        )
        for name, on, tiles in days_.grouped(page.tiles, above)
    ]


def view(
    tile: Tile, query: str = "", words: TileWords | None = None, *, is_first: bool = False
) -> TileView:
    """A tile with its addresses and words; `query` is kept in the way to its pictures."""
    words = words or tile_words()
    page_url = f"/generations/{tile.public_id}"
    ratio = _ratio(tile)
    several = tile.asked > 1
    shown = len(tile.pictures)
    return TileView(
        id=tile.public_id,
        number=tile.number,
        css=f"{ratio_class(ratio)} n-{shown}" if shown > 1 else ratio_class(ratio),
        sizes=_sizes(ratio),
        time=formats.time_of_day(tile.created_at),
        is_favourite=tile.is_favourite,
        url_favourite=f"{page_url}/favourite",
        url_delete=f"{page_url}/delete{query}",
        delete=words.delete_all(tile),
        missing=missing(tile),
        is_first=is_first,
        words=words,
        pictures=[
            _picture(tile, picture, page_url, query, words, is_one_of_several=several)
            for picture in tile.pictures
        ],
    )


def counted(pictures: int, most: int | None = None) -> str:
    """How many pictures, in words: 1 picture, 254 pictures, More than 1,000 pictures."""
    if pictures > (most := most or archive.AT_ONCE_MAX):
        return ngettext("More than %(num)s picture", "More than %(num)s pictures", most)
    return plural(pictures, "picture")


def months(account: Account, wanted: Wanted) -> list[tuple[int, list[tuple[str, str, str]]]]:
    """Years with their months, newest first: short name, whole name, and where each begins.

    None where there is only one, and nothing to jump to.
    """
    found = archive.months(account)
    if len(found) < 2:
        return []
    years = groupby(found, key=lambda month: month.first_day.year)
    return [(year, [_month(month, wanted) for month in inside]) for year, inside in years]


def _month(month: Month, wanted: Wanted) -> tuple[str, str, str]:
    url = search.HISTORY + search.query(wanted, after=month.after)
    return formats.month_alone(month.first_day), formats.month(month.first_day), url


def _picture(
    tile: Tile,
    picture: Picture,
    page_url: str,
    query: str,
    words: TileWords,
    *,
    is_one_of_several: bool,
) -> PictureTile:
    at = picture.position
    which = f"{query}{'&' if query else '?'}picture={at + 1}" if at else query
    name = f"{tile.number}{LETTERS[at] if is_one_of_several else ''}"
    large, small = (_address(tile, picture, side) for side in THUMBNAILS_PX)
    longest = max(picture.width, picture.height)
    widths = [
        max(1, round(picture.width * min(1, side / longest))) for side in reversed(THUMBNAILS_PX)
    ]
    return PictureTile(
        url=f"{page_url}{which}",
        fragment=f"/partials{page_url}/lightbox{which}",
        label=words.picture % {"name": name, "words": _short(picture.alt or tile.prompt)},
        url_image=small,
        srcset=srcset(small, widths[0], large, widths[1]),
        lasting=fallback(picture.public_id),
        width=picture.width,
        height=picture.height,
        placeholder=_placeholder(picture.placeholder),
        url_download=f"{lasting(picture.public_id)}download",
        download=words.download % {"name": name},
        url_delete=f"/pictures/{picture.public_id}/delete{query}",
    )


def _address(tile: Tile, picture: Picture, side: int) -> str:
    return address_at(tile.public_id, tile.shelf, picture.position, picture.public_id, f"{side}")


def _placeholder(colours: str) -> Markup:
    """Nine patches of three hexadecimal digits each."""
    if len(colours) != 27 or not colours.isalnum():
        return Markup()
    patches = (
        f'<path fill="#{colours[at * 3 : at * 3 + 3]}{patch}' for at, patch in enumerate(PATCHES)
    )
    return Markup("".join(patches))


def _short(prompt: str) -> str:
    return prompt if len(prompt) <= LABEL_MAX else f"{prompt[:LABEL_MAX].rstrip()}…"


def _ratio(tile: Tile) -> str:
    """The shape to hold free: as asked for, else the nearest to the picture itself."""
    if tile.aspect_ratio in RATIOS:
        return tile.aspect_ratio
    first = tile.pictures[0]
    return nearest_ratio(first.width, first.height)


@cache
def _sizes(ratio: str) -> str:
    phone, desk = (round(quotient(ratio) * width) for width in WIDTH_PX)
    return f"(max-width: 40rem) {phone}px, {desk}px"
