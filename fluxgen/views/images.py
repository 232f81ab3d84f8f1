"""Pictures' bytes, for their owner only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from fluxgen import adapters
from fluxgen import archive as archive_
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.generations import working_copies
from fluxgen.jobs import downloads
from fluxgen.models import Image
from fluxgen.pictures import CONTENT_TYPES, THUMBNAILS_PX
from fluxgen.presentation import current_account
from fluxgen.security import member, owner
from fluxgen.views.sending import streamed
from fluxgen.words import _

images = Blueprint("images", __name__, url_prefix="/images")

SHARE, WORKING = "share", "working"
COPIES = {SHARE: "", WORKING: "-working"}
"""What a copy's name ends with."""
NOTHING = '<svg xmlns="http://www.w3.org/2000/svg"/>'
THUMBNAILS = {str(side) for side in THUMBNAILS_PX}


@images.get("/<public_id>/<variant>")
@owner
def show(public_id: str, variant: str) -> ResponseReturnValue:
    """A picture (`original`) or one of its thumbnails (`640`, `320`: long side, pixels)."""
    image = _own(public_id)
    if variant in THUMBNAILS:
        return _bytes(image, variant, CONTENT_TYPES["webp"])
    if variant == "original":
        return _bytes(image, variant, CONTENT_TYPES[image.format])
    abort(404)


@images.get("/forgotten")
@member
def forgotten() -> Response:
    """Have the browser forget the pictures it kept. A page that has just deleted some asks for
    this as for a picture, because browsers take up to a second for it and hold the answer back."""
    return Response(NOTHING, mimetype="image/svg+xml", headers={"Clear-Site-Data": '"cache"'})


@images.get("/<public_id>/download")
@owner
def download(public_id: str) -> ResponseReturnValue:
    """The picture as a file: a copy to share, or with `copy=working` one that has its recipe."""
    image = _own(public_id)
    which = request.args.get("copy", SHARE)
    if which not in COPIES:
        abort(404)
    recipe = working_copies.written(image.generation) if which == WORKING else None
    with _patient():
        data = downloads.copy(image, recipe)
    response = Response(data, mimetype=CONTENT_TYPES[image.format])
    name = f"fluxgen-{image.generation.number}-{image.position + 1}{COPIES[which]}.{image.format}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{image.sha256}-{which}")
    return response.make_conditional(request, accept_ranges=True, complete_length=len(data))


@contextmanager
def _patient() -> Iterator[None]:
    """A store that does not have it, or does not answer, as a person may read it."""
    try:
        yield
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, _("The picture is safe, but its store does not answer. Try again in a minute."))


def _own(public_id: str) -> Image:
    image = archive_.image(current_account(), public_id)
    if image is None:
        abort(404)
    return image


def _bytes(image: Image, variant: str, content_type: str) -> ResponseReturnValue:
    storage = adapters.current().storage
    key = archive_.key(image.generation, image.position, variant)
    link = storage.link(key)
    if link is not None:
        return redirect(link, code=302)
    with _patient():
        file = storage.open(key)
    return streamed(file, f"{image.sha256}-{variant}", content_type)
