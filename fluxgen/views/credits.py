"""Credits: the balance, and every movement of it, on a page and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for

from fluxgen import credits as credits_
from fluxgen import purchases
from fluxgen.models import Entry, Kind
from fluxgen.partials import wording
from fluxgen.partials.billing import purchase_view
from fluxgen.presentation import current_account, plural
from fluxgen.security import member

credits = Blueprint("credits", __name__, url_prefix="")

ROW_ID_DIGITS_MAX = 18

COLUMNS = (
    "created_at",
    "kind",
    "key",
    "generation",
    "purchase",
    "reason",
    "available_delta",
    "held_delta",
    "owed_delta",
    "available_after",
    "held_after",
    "owed_after",
    "created_at_us",
    "previous_hash",
    "hash",
)


@credits.get("/credits")
@member
def statement() -> str:
    """Every movement, newest first, all or of one kind."""
    account = current_account()
    kind = request.args.get("kind", "")
    chosen = Kind(kind) if kind in set(Kind) else None
    before = request.args.get("before", type=_row_id)
    shown = credits_.entries(account, kind=chosen, before=before, limit=credits_.PAGE + 1)
    more = len(shown) > credits_.PAGE
    shown = shown[: credits_.PAGE]
    older_url = _older_url(chosen, shown[-1]) if more else None
    return render_template(
        "pages/credits.html",
        page="credits",
        entries=[_line(entry) for entry in shown],
        kinds=[{"value": each.value, "checked": each is chosen} for each in Kind],
        available=account.available,
        held=account.held,
        owed=account.owed,
        purchases=[purchase_view(each) for each in purchases.latest(account)],
        older_url=older_url,
    )


def _row_id(typed: str) -> int:
    """A row's number as an address has it. Raises `ValueError` when no database could hold it."""
    if not typed.isdecimal() or len(typed) > ROW_ID_DIGITS_MAX:
        raise ValueError(typed)
    return int(typed)


def _older_url(kind: Kind | None, last: Entry) -> str:
    return url_for("credits.statement", kind=kind.value if kind else None, before=last.id)


@credits.get("/credits.csv")
@member
def export() -> Response:
    """Every movement, oldest first, with the hashes that prove nothing is missing."""
    lines = stream_with_context(_csv(credits_.every(current_account())))
    headers = {"Content-Disposition": 'attachment; filename="fluxgen-credits.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow(_cells(entry))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _cells(entry: Entry) -> list[Any]:
    facts = credits_.facts(entry)
    previous, kind, key, generation, purchase, reason, *numbers, moment_us = facts
    moment = entry.created_at.isoformat(timespec="seconds")
    return [
        moment,
        kind,
        key,
        generation,
        purchase,
        reason,
        *numbers,
        moment_us,
        previous,
        entry.hash,
    ]


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "words": _words(entry),
        "available_delta": entry.available_delta,
        "held_delta": entry.held_delta,
        "owed_delta": entry.owed_delta,
        "available_after": entry.available_after,
        "created_at": entry.created_at,
        "generation_url": f"/generations/{entry.generation}" if entry.generation else None,
        "purchase_url": f"/purchases/{entry.purchase}" if entry.purchase else None,
    }


def _words(entry: Entry) -> str:
    """What moved and why, in the words of the page."""
    match entry.kind:
        case Kind.GRANT:
            return f"Granted: {entry.reason}" if entry.reason else "Granted"
        case Kind.BUY:
            bought = entry.available_delta - entry.owed_delta
            return f"Bought {plural(bought, 'credit')}"
        case Kind.HOLD:
            return "Held for a picture"
        case Kind.CAPTURE:
            charged = -entry.held_delta - entry.available_delta + entry.owed_delta
            return f"Captured: {plural(charged, 'credit')} for a finished picture"
        case Kind.RELEASE:
            return f"Released: nothing was charged. {wording.reason(entry.reason)}"
        case Kind.REVERSE:
            return f"Taken back: {entry.reason}"
        case _:
            return f"Given back: {entry.reason}"
