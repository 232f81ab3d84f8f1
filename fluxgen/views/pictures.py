"""One picture: what is to be seen in it, and deleting it without its siblings."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import archive as archive_
from fluxgen import generations
from fluxgen.archive import FavouritesAmong
from fluxgen.errors import Refused
from fluxgen.jobs import archive as jobs
from fluxgen.models import Image
from fluxgen.partials import deletion as partials
from fluxgen.partials import lightbox, search
from fluxgen.partials.picture_view import picture_view
from fluxgen.presentation import current_account
from fluxgen.security import owner
from fluxgen.views import deletion

pictures = Blueprint("pictures", __name__, url_prefix="/pictures")


@pictures.post("/<public_id>/alt")
@owner
def describe(public_id: str) -> ResponseReturnValue:
    """Keep what is to be seen in it; empty means what was asked for."""
    image = _own(public_id)
    typed = request.form.get("alt", "")
    try:
        archive_.describe(image, typed)
    except Refused as refusal:
        return _refused(image, typed, refusal)
    at = image.position
    query = search.query(search.read(request.args), picture=at + 1 if at else "")
    if not request.htmx:
        return redirect(f"/generations/{image.generation.public_id}{query}#lightbox-alt", code=303)
    return render_template(
        "partials/lightbox_described.html",
        shown=picture_view(image.generation, _own(public_id)),
        query=query,
        is_described=True,
        **partials.grid(image.generation),
    )


@pictures.post("/<public_id>/delete")
@owner
def delete(public_id: str) -> ResponseReturnValue:
    """Delete this picture; where it is the last one, its generation with it."""
    image = _own(public_id)
    try:
        archive_.delete_picture(image, with_favourite=deletion.said_yes())
    except FavouritesAmong as question:
        return deletion.asked(question, image.generation)
    jobs.ring_put_away([image.generation_id])
    gone = archive_.deleted_picture(current_account(), public_id)
    if gone is None:
        whole = generations.find(current_account(), image.generation.public_id)
        return deletion.deleted(whole or image.generation)
    if not request.htmx:
        return deletion.to_history(deleted=public_id)
    return partials.picture_deleted(gone)


@pictures.post("/<public_id>/undo")
@owner
def undo(public_id: str) -> ResponseReturnValue:
    """Bring it back to its siblings; they come along if they were deleted since."""
    gone = archive_.deleted_picture(current_account(), public_id)
    if gone is None:  # there already, unless it is nobody's
        image = _own(public_id)
        return deletion.back(image.generation, image.position)
    try:
        image = archive_.undo_picture(gone)
    except Refused as refusal:
        return deletion.too_late(refusal, gone.generation)
    return deletion.back(image.generation, image.position)


def _refused(image: Image, typed: str, refusal: Refused) -> ResponseReturnValue:
    if not request.htmx:
        said = {"alt_error": refusal.words, "typed": typed}
        return lightbox.page(image.generation, image.position, **said), 422
    return render_template(
        "partials/lightbox_alt.html",
        shown=picture_view(image.generation, image),
        query=search.query(search.read(request.args)),
        alt_error=refusal.words,
        typed=typed,
    ), 422


def _own(public_id: str) -> Image:
    image = archive_.image(current_account(), public_id)
    if image is None:
        abort(404)
    return image
