"""How often public pages are seen: a day, a page's pattern, a number. Nothing about who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from fluxgen import clock
from fluxgen.db import transaction
from fluxgen.models import PageView

DAYS_MAX = 730


@dataclass(frozen=True)
class Views:
    """How often one page was seen on one day."""

    day: date
    route: str
    views: int


def add(seen: Mapping[tuple[date, str], int]) -> None:
    """Add these numbers to what was counted before, all in one transaction."""
    with transaction():
        for (day, route), views in sorted(seen.items()):
            row = {"day": _midnight(day), "route": route, "views": views}
            PageView.insert(row).on_conflict(
                conflict_target=[PageView.day, PageView.route],
                update={PageView.views: PageView.views + views},
            ).execute()


def counted(days: int) -> list[Views]:
    """The counts of the last days, newest first, most seen first."""
    since = _midnight(clock.now().date() - timedelta(days=min(days, DAYS_MAX) - 1))
    rows = (
        PageView.select()
        .where(PageView.day >= since)
        .order_by(PageView.day.desc(), PageView.views.desc(), PageView.route)
    )
    return [Views(row.day.date(), row.route, row.views) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
