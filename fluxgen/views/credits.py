"""Credits: the balance, and every movement of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from fluxgen import credits as credits_
from fluxgen.models import Entry, Kind
from fluxgen.presentation import current_account, plural
from fluxgen.security import member

credits = Blueprint("credits", __name__, url_prefix="/credits")


@credits.get("")
@member
def statement() -> str:
    """Every movement, newest first."""
    account = current_account()
    return render_template(
        "pages/credits.html",
        page="credits",
        entries=[_line(entry) for entry in credits_.entries(account)],
        available=account.available,
        held=account.held,
    )


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "words": _words(entry),
        "available_delta": entry.available_delta,
        "held_delta": entry.held_delta,
        "available_after": entry.available_after,
        "created_at": entry.created_at,
        "generation_url": f"/generations/{entry.generation}" if entry.generation else None,
    }


def _words(entry: Entry) -> str:
    """What moved and why, in the words of the page."""
    match entry.kind:
        case Kind.GRANT:
            return f"Granted: {entry.reason}" if entry.reason else "Granted"
        case Kind.HOLD:
            return "Held for a picture"
        case Kind.CAPTURE:
            charged = -entry.held_delta - entry.available_delta
            return f"Captured: {plural(charged, 'credit')} for a finished picture"
        case _:
            return "Released: nothing was delivered, nothing was charged"
