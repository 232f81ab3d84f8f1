"""The archive, newest first, by days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from flask import Blueprint, render_template, request, url_for

from fluxgen import archive as archive_
from fluxgen import clock, generations
from fluxgen.models import Account
from fluxgen.partials.cards import Card, cards
from fluxgen.partials.generations import Deleted, as_deleted, waiting
from fluxgen.presentation import current_account, day
from fluxgen.security import member

ENDED_SHOWN = 24

history = Blueprint("history", __name__, url_prefix="/history")

NUMBER_MAX = 2**31 - 1


@dataclass(frozen=True)
class Day:
    """The cards of one day (UTC)."""

    title: str
    cards: list[Card]


@history.get("")
@member
def show() -> str:
    """A page of the archive, with what is still on the table above the newest."""
    account = current_account()
    after = request.args.get("after", type=_number)
    page = archive_.page(account, after)
    on_the_table = [] if after else generations.unfinished(account)
    return render_template(
        "pages/history.html",
        page="history",
        days=_by_days(cards(page.generations)),
        ended_cards=[] if after else cards(generations.ended(account, ENDED_SHOWN)),
        unfinished_cards=cards(on_the_table),
        unfinished=waiting(on_the_table),
        refreshes=bool(on_the_table),
        total=archive_.total(account),
        is_first_page=after is None,
        older_url=url_for("history.show", after=page.after) if page.after else None,
        deleted=_just_deleted(account),
    )


def _number(written: str) -> int:
    """A generation's number as an address says it. Raises `ValueError` where none can be."""
    number = int(written)
    if not 0 < number <= NUMBER_MAX:
        raise ValueError(written)
    return number


def _by_days(shown: list[Card]) -> list[Day]:
    grouped = groupby(shown, key=lambda card: card.created_at.date())
    return [Day(_title(date_), list(group)) for date_, group in grouped]


def _title(date_: date) -> str:
    today = clock.now().date()
    if date_ == today:
        return "Today"
    if date_ == today - timedelta(days=1):
        return "Yesterday"
    return day(date_)


def _just_deleted(account: Account) -> Deleted | None:
    """What a plain form has deleted a moment ago, so that the page can offer the undo."""
    generation = generations.find(account, request.args.get("deleted", ""))
    return as_deleted(generation) if generation and generation.deleted_at else None
