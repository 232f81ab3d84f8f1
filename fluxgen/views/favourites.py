"""Favourites: one address to mark a finished picture and to take the mark off again."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import archive as archive_
from fluxgen.errors import Refused
from fluxgen.models import Generation
from fluxgen.partials import generations as partials
from fluxgen.partials.cards import card
from fluxgen.security import owner

favourites = Blueprint("favourites", __name__, url_prefix="/generations")


@favourites.post("/<public_id>/favourite")
@owner
def change(public_id: str) -> ResponseReturnValue:
    """Make it a favourite; with `favourite=no`, as a plain form says it, it is none any more."""
    return _set(public_id, is_favourite=request.form.get("favourite") != "no")


@favourites.delete("/<public_id>/favourite")
@owner
def remove(public_id: str) -> ResponseReturnValue:
    """It is no favourite any more."""
    return _set(public_id, is_favourite=False)


def _set(public_id: str, *, is_favourite: bool) -> ResponseReturnValue:
    generation = partials.own(public_id)
    try:
        generation = (archive_.mark if is_favourite else archive_.unmark)(generation)
    except Refused as refusal:
        abort(409, refusal.words)
    if not request.htmx:
        return redirect(_back(generation), code=303)
    return render_template(
        "partials/favourite.html",
        from_lightbox=request.form.get("from") == "lightbox",
        is_beneath=request.form.get("beneath") == "tile",
        public_id=generation.public_id,
        url_favourite=f"{card(generation).page_url}/favourite",
        is_favourite=generation.favourite_at is not None,
        number=generation.number,
    )


def _back(generation: Generation) -> str:
    """To the picture on the page of ours it was marked on, else to the newest."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.host and came.path == card(generation).page_url:
        return f"{came.path}?{came.query}" if came.query else came.path
    is_history = came.netloc == request.host and came.path == url_for("history.show")
    query = f"?{came.query}" if is_history and came.query else ""
    return f"{url_for('history.show')}{query}#generation-{generation.public_id}"
