"""Credits: the balance, and every movement of it, on a page and as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from fluxgen import clock, formats, purchases
from fluxgen import credits as credits_
from fluxgen.models import Entry, Kind
from fluxgen.partials import statement as statement_
from fluxgen.partials.billing import purchase_view
from fluxgen.presentation import current_account
from fluxgen.security import member

credits = Blueprint("credits", __name__, url_prefix="")

ROW_ID_DIGITS_MAX = 18
MONTHS_MAX = 120
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
NAME = re.compile(r"[\w-]{22}", re.ASCII)


@credits.get("/credits")
@member
def statement() -> str:
    """Every movement, newest first; of one kind, month or cause where that is asked for."""
    account = current_account()
    wanted = _wanted()
    before = request.args.get("before", type=_row_id)
    shown = credits_.entries(account, wanted, before=before, limit=credits_.PAGE + 1)
    more = len(shown) > credits_.PAGE
    shown = shown[: credits_.PAGE]
    return render_template(
        "pages/credits.html",
        page="credits",
        lines=statement_.lines(account, shown),
        kinds=_kinds(wanted),
        chosen=_chosen(wanted),
        months=_months(credits_.first_at(account), wanted),
        available=account.available,
        held=account.held,
        owed=account.owed,
        purchases=[purchase_view(each) for each in purchases.latest(account)],
        is_first_page=before is None,
        older_url=_address(wanted, before=shown[-1].id) if more else None,
    )


def _wanted() -> credits_.Wanted:
    """What the address asks for; what makes no sense in it is passed over."""
    kind, month = request.args.get("kind", ""), request.args.get("month", type=_month)
    return credits_.Wanted(
        kind=Kind(kind) if kind in set(Kind) else None,
        since=month,
        until=_next_month(month) if month else None,
        cause=request.args.get("cause", type=_name),
    )


def _month(typed: str) -> datetime:
    """The beginning of a month written as 2026-11. Raises `ValueError`."""
    if not MONTH.fullmatch(typed):
        raise ValueError(typed)
    return datetime.strptime(typed, "%Y-%m").replace(tzinfo=UTC)


def _next_month(month: datetime) -> datetime:
    return (month + timedelta(days=31)).replace(day=1)


def _name(typed: str) -> str:
    """The name of a generation or purchase. Raises `ValueError` when nothing can be called so."""
    if not NAME.fullmatch(typed):
        raise ValueError(typed)
    return typed


def _row_id(typed: str) -> int:
    """A row's number as an address has it. Raises `ValueError` when no database could hold it."""
    if not typed.isdecimal() or len(typed) > ROW_ID_DIGITS_MAX:
        raise ValueError(typed)
    return int(typed)


def _address(wanted: credits_.Wanted, **changes: Any) -> str:
    return url_for("credits.statement", **{**_chosen(wanted), **changes}, _anchor="statement")


def _chosen(wanted: credits_.Wanted) -> dict[str, str | None]:
    """What is asked for, as the address has it."""
    return {
        "kind": wanted.kind.value if wanted.kind else None,
        "month": f"{wanted.since:%Y-%m}" if wanted.since else None,
        "cause": wanted.cause,
    }


def _kinds(wanted: credits_.Wanted) -> list[dict[str, Any]]:
    """All movements or those of a kind, each with the address that shows them."""
    return [
        {
            "value": each.value if each else "",
            "url": _address(wanted, kind=each.value if each else None),
            "checked": each is wanted.kind,
        }
        for each in (None, *Kind)
    ]


def _months(first: datetime | None, wanted: credits_.Wanted) -> list[dict[str, Any]]:
    """The months since the first movement, newest first."""
    found: list[dict[str, Any]] = []
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while first is not None and _next_month(month) > first and len(found) < MONTHS_MAX:
        checked = month == wanted.since
        found.append({"value": f"{month:%Y-%m}", "words": formats.month(month), "checked": checked})
        month = (month - timedelta(days=1)).replace(day=1)
    return found


@credits.get("/credits.csv")
@member
def export() -> Response:
    """Every movement, oldest first, with the hashes that prove nothing is missing."""
    lines = stream_with_context(_csv(credits_.every(current_account())))
    headers = {"Content-Disposition": 'attachment; filename="fluxgen-credits.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    yield credits_.csv_line(credits_.COLUMNS)
    for entry in entries:
        yield credits_.csv_line(credits_.cells(entry))
