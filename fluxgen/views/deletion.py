"""Deleting a generation and bringing it back within the minute; `views.pictures` deletes one picture.

htmx says where it stands: `from=lightbox`, and in `beneath` what the page under it shows of the
generation (`tile` or `card`). A plain form goes to the archive, where the undo is.
"""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import archive as archive_
from fluxgen import generations as generations_
from fluxgen.archive import FavouritesAmong
from fluxgen.errors import Refused
from fluxgen.jobs import archive as jobs
from fluxgen.models import Generation
from fluxgen.partials import deletion as partials
from fluxgen.partials import search
from fluxgen.partials.generations import own
from fluxgen.presentation import current_account
from fluxgen.security import owner
from fluxgen.views import errors, generations
from fluxgen.words import _

deletion = Blueprint("deletion", __name__, url_prefix="/generations")


@deletion.delete("/<public_id>")
@deletion.post("/<public_id>/delete")
@owner
def delete(public_id: str) -> ResponseReturnValue:
    """Delete all of it, with an undo; a favourite only where that is said."""
    generation = own(public_id)
    try:
        generation = archive_.delete(generation, with_favourite=said_yes())
    except FavouritesAmong as question:
        return asked(question, generation)
    except Refused as refusal:
        return generations.not_done(generation, refusal)
    jobs.ring_put_away([generation.id])
    return deleted(generation)


@deletion.post("/<public_id>/undo")
@owner
def undo(public_id: str) -> ResponseReturnValue:
    """Bring a deleted one back while it is there."""
    generation = generations_.find(current_account(), public_id)
    if generation is None:
        abort(404)
    try:
        generation = archive_.undo(generation)
    except Refused as refusal:
        return too_late(refusal, generation)
    return back(generation, 0)


def deleted(generation: Generation) -> ResponseReturnValue:
    """Its place, with the undo."""
    if not request.htmx:
        return to_history(deleted=generation.public_id)
    return partials.deleted(generation)


def back(generation: Generation, position: int) -> ResponseReturnValue:
    """It, or one picture of it, as it was."""
    if not request.htmx:
        return redirect(f"{_history()}#generation-{generation.public_id}", code=303)
    return partials.back(generation, position)


def asked(question: FavouritesAmong, generation: Generation) -> ResponseReturnValue:
    """Whether it is to go although it is a favourite: a dialog, or a page of its own."""
    answer = make_response(partials.question(question.words, generation), 409)
    answer.headers["HX-Retarget"] = "#asking"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def too_late(refusal: Refused, generation: Generation) -> ResponseReturnValue:
    """The words, where the undo was or on a page of their own."""
    if not request.htmx:
        return errors.page(410, refusal.words, _("Gone for good")), 410
    return partials.too_late(refusal.words, generation), 410


def to_history(deleted: str) -> ResponseReturnValue:
    """To the archive as it was, which offers the undo of what has this name."""
    query = search.query(search.read(request.args), deleted=deleted)
    return redirect(f"{url_for('history.show')}{query}", code=303)


def said_yes() -> bool:
    """Whether the second yes was given, that a favourite needs."""
    return bool(request.form.get("favourites") == "yes")


def _history() -> str:
    return f"{url_for('history.show')}{search.query(search.read(request.args))}"
