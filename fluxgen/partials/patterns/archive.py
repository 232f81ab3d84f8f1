"""The archive: its days and tiles, what is looked for, and what is selected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from fluxgen.archive import Wanted
from fluxgen.models import Collection
from fluxgen.partials import history, search
from fluxgen.partials.patterns.samples import LONG, NAME_IN_ADDRESSES, Patterns, missing, picture
from fluxgen.partials.picture_view import PictureView
from fluxgen.partials.ratios import nearest_ratio, ratio_class
from fluxgen.partials.selection import News

CHOSEN_LOOK = "small-sign"


def patterns() -> Patterns:
    """Each fragment of History."""
    tiles = [_tile("41"), _tile("40", picture("leaf")), _tile("39", picture("pool"), number=2)]
    day = history.Day("2026-11-27", date(2026, 11, 27), "Today", "Fri 27 Nov", tiles)
    older = {"older_url": "/history?after=39", "older_fragment": "/partials/history?after=39"}
    return {
        "history_day": {"today": {"day": day}},
        "history_tiles": {
            "usual": {"tiles": tiles},
            "a favourite, fewer than asked": {
                "tiles": [replace(_tile("38"), is_favourite=True, missing="1 of 4")]
            },
            "no image": {"tiles": [_tile("37", missing())]},
        },
        "history_next": {"there are older ones": older},
        "history_count": {
            "all": {"count": 60, "count_words": "60 pictures", "is_all": True},
            "what matches": {"count": 3, "count_words": "3 pictures", "is_all": False},
        },
        "history_search": {
            "empty": _search(Wanted()),
            "with filters": _search(Wanted(words=LONG[:80], look=CHOSEN_LOOK, favourite=True)),
        },
        **_selecting(),
    }


def _selecting() -> Patterns:
    news = News("12 deleted.", 1, 48)
    named = [SimpleNamespace(public_id="b" * 22, name="Winter")]
    return {
        "selection": {"usual": _selection(named), "no collections": _selection([])},
        "selection_collections": {
            "none yet": {"collections": [], "is_update": False},
            "some": {"collections": named, "is_update": False},
        },
        "selection_news": {
            "said": {"news": News("3 are favourites now."), "is_bad": False},
            "refused": {
                "news": News("Nothing is selected. Tick some pictures first."),
                "is_bad": True,
            },
            "with an undo": {"news": news, "is_bad": False},
        },
        "selection_question": {
            "favourites among them": {
                "words": "2 of these 12 are favourites. Delete them, too?",
                "what": "",
            }
        },
        "selection_toast": {"with an undo": {"news": news}},
    }


def _tile(name: str, shown: PictureView | None = None, *, number: int = 1) -> history.TileView:
    seen = shown or picture()
    page = f"/generations/{NAME_IN_ADDRESSES}"
    pictures = [_picture(seen, f"{name}{'AB'[at] if number > 1 else ''}") for at in range(number)]
    css = ratio_class(nearest_ratio(seen.width, seen.height))
    return history.TileView(
        id=f"{name}{NAME_IN_ADDRESSES[2:]}",
        number=int(name),
        css=f"{css} n-{number}" if number > 1 else css,
        sizes="280px",
        time="09:31",
        is_favourite=False,
        url_favourite=f"{page}/favourite",
        url_delete=f"{page}/delete",
        delete=f"Delete picture {name}",
        missing="",
        pictures=pictures,
    )


def _picture(seen: PictureView, name: str) -> history.PictureTile:
    return history.PictureTile(
        url=f"/generations/{NAME_IN_ADDRESSES}",
        fragment=f"/partials/generations/{NAME_IN_ADDRESSES}/lightbox",
        label=f"Picture {name}: {seen.alt}",
        url_image=seen.url_320,
        srcset=f"{seen.url_320} {seen.width}w",
        lasting="",
        width=seen.width,
        height=seen.height,
        placeholder=Markup(),
        url_download=seen.url_download,
        download=f"Download picture {name}",
        url_delete=seen.url_delete,
    )


def _search(wanted: Wanted) -> dict[str, Any]:
    return search.filters(wanted, [Collection(public_id="b" * 22, name="Winter")])


def _selection(named: list[SimpleNamespace]) -> dict[str, object]:
    return {
        "total_matching_url": "/partials/history/matching",
        "until": 0,
        "matching": "",
        "collections": named,
        "wanted": Wanted(),
        "is_update": False,
    }
