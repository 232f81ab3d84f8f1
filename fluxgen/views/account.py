"""A person's own things: who they are here, and their own limit."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fluxgen import accounts
from fluxgen.errors import Refused
from fluxgen.partials import account as sections
from fluxgen.presentation import current_account
from fluxgen.security import member

account = Blueprint("account", __name__, url_prefix="/account")

DIGITS_MAX = 20


@account.get("")
@member
def show() -> str:
    """What we know of the person, and what they have set."""
    return sections.page()


@account.post("/limit")
@member
def limit() -> ResponseReturnValue:
    """Set the person's own daily limit; empty means none."""
    typed = request.form.get("daily_limit", "").strip()
    try:
        accounts.set_daily_limit(current_account(), _credits(typed))
    except Refused as refusal:
        return sections.page({refusal.field: refusal.words}, daily_limit=typed), 422
    return redirect(url_for("account.show", saved="limit"), code=303)


@account.get("/picture")
@member
def picture() -> Response:
    """The person's own picture, served by us so that nobody asks Google for it."""
    webp = accounts.portrait(current_account())
    if webp is None:
        abort(404)
    return Response(webp, mimetype="image/webp", headers={"Cache-Control": "private, max-age=300"})


def _credits(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > DIGITS_MAX:
        raise Refused("A limit is a whole number of credits, or nothing.", "daily_limit")
    return int(typed)
