"""The archive, newest first, by days; all that is looked for stands in the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from fluxgen import archive as archive_
from fluxgen import generations
from fluxgen.archive import Wanted, collections
from fluxgen.models import Account
from fluxgen.partials import comparison, search, selection
from fluxgen.partials import history as partials
from fluxgen.partials.cards import cards
from fluxgen.partials.deletion import Deleted, as_deleted, as_deleted_picture
from fluxgen.partials.generations import own, waiting
from fluxgen.presentation import current_account
from fluxgen.security import member

ENDED_SHOWN = 24

history = Blueprint("history", __name__, url_prefix="/history")


@history.get("")
@member
def show() -> str:
    """A page of the archive, with what is still on the table above the newest."""
    account = current_account()
    generations.looked(account)
    wanted, after = search.read(request.args), search.after(request.args)
    is_top = after is None and not wanted.named
    on_the_table = generations.unfinished(account) if is_top else []
    return render_template(
        "pages/history.html",
        page="history",
        unfinished_cards=cards(on_the_table),
        unfinished=waiting(on_the_table),
        refreshes=bool(on_the_table),
        is_top=is_top,
        deleted=_just_deleted(account),
        selection_news=_deleted_together(account),
        **_ended(account, wanted, after, is_top=is_top),
        **_found(account, wanted, after),
        **_asked(wanted),
    )


@history.get("/compare")
@member
def compare() -> str:
    """Two pictures (`a`, `b`) and what differs; with `a` alone, others of the same Look to choose."""
    asked = [public_id for name in ("a", "b") if (public_id := request.args.get(name))]
    found = comparison.compared(current_account(), *map(own, asked))
    return render_template("pages/compare.html", page="history", **found)


def _found(account: Account, wanted: Wanted, after: int | None) -> dict[str, Any]:
    """The page's days and what is said above them."""
    at_once = archive_.AT_ONCE_MAX
    page = archive_.page(account, wanted, after, count_to=at_once + 1)
    days = partials.by_days(page, search.query(wanted))
    is_all = after is None and not wanted.named
    total = page.found if is_all else archive_.total(account, up_to=at_once)
    is_empty = bool(wanted.named) and not days and after is None and not wanted.ended
    return {
        "days": days,
        "total": total,
        "total_words": partials.counted(total),
        "is_more": total > at_once,
        "matches_words": partials.counted(page.found),
        "are_more_matches": page.found > at_once,
        "is_continued": after is not None,
        "newest_url": search.HISTORY + search.query(wanted),
        "months": partials.months(account, wanted),
        "ways_out": _ways_out(account, wanted) if is_empty else [],
        **partials.links(wanted, page, days),
    }


def _asked(wanted: Wanted) -> dict[str, Any]:
    """The filters as they are set, what they offer, and what the selection needs to know of them."""
    own = collections.all_of(current_account())
    return {
        **search.filters(wanted, own),
        "chips": search.chips(wanted),
        "collections": own,
        "matching": search.query(wanted),
        "total_matching_url": f"/partials/history/matching{search.query(wanted)}",
        "until": selection.now(),
    }


def _ended(account: Account, wanted: Wanted, after: int | None, *, is_top: bool) -> dict[str, Any]:
    """What ended without a picture: below the newest, or where it is asked for; the way to more."""
    if not (is_top or wanted.ended):
        return {"ended_cards": [], "ended_older_url": None}
    found = archive_.ended(account, wanted, ENDED_SHOWN + 1, after)
    shown, is_more = found[:ENDED_SHOWN], len(found) > ENDED_SHOWN
    wanted_too = replace(wanted, status=wanted.status or archive_.ENDED)
    older = search.query(wanted_too, after=shown[-1].number) if is_more else ""
    return {
        "ended_cards": cards(shown),
        "ended_older_url": search.HISTORY + older if is_more else None,
    }


def _ways_out(account: Account, wanted: Wanted) -> list[tuple[str, str, str]]:
    """Where nothing is found: what to leave out, how much is found then, and the way there."""
    return [
        (words, partials.counted(found), search.HISTORY + search.query(rest))
        for words, rest in search.without(wanted)
        if rest.named and (found := archive_.total(account, rest, up_to=archive_.AT_ONCE_MAX))
    ]


def _just_deleted(account: Account) -> Deleted | None:
    """What a plain form has deleted within the minute, so that the page can offer the undo."""
    name = request.args.get("deleted", "")
    generation = generations.find(account, name)
    if generation and generation.deleted_at:
        gone = as_deleted(generation)
    elif picture := archive_.deleted_picture(account, name):
        gone = as_deleted_picture(picture)
    else:
        return None
    return gone if gone.left_s else None


def _deleted_together(account: Account) -> selection.News | None:
    """What a plain form has deleted a moment ago, many at once."""
    moment = selection.moment(request.args.get("deleted_at", ""))
    return selection.deleted(account, moment) if moment else None
