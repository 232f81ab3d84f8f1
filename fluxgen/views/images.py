"""Pictures' bytes, for their owner only."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from fluxgen import adapters
from fluxgen import archive as archive_
from fluxgen.adapters.storage import FOR_EVER
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.models import Image
from fluxgen.pictures import CONTENT_TYPES, THUMBNAILS_PX
from fluxgen.presentation import current_account
from fluxgen.security import owner

images = Blueprint("images", __name__, url_prefix="/images")

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


@images.get("/<public_id>/download")
@owner
def download(public_id: str) -> ResponseReturnValue:
    """The original as a file with a name of its own."""
    image = _own(public_id)
    filename = f"fluxgen-{image.generation.number}-{image.position + 1}.{image.format}"
    return _bytes(image, "original", CONTENT_TYPES[image.format], filename)


def _own(public_id: str) -> Image:
    image = archive_.image(current_account(), public_id)
    if image is None:
        abort(404)
    return image


def _bytes(
    image: Image, variant: str, content_type: str, filename: str | None = None
) -> ResponseReturnValue:
    storage = adapters.current().storage
    key = archive_.key(image.generation, image.position, variant)
    link = storage.link(key, filename=filename)
    if link is not None:
        return redirect(link, code=302)
    try:
        file = storage.open(key)
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, "The picture is safe, but its store does not answer. Try again in a minute.")
    return _streamed(file, f"{image.sha256}-{variant}", content_type, filename)


def _streamed(
    file: BinaryIO, tag: str, content_type: str, filename: str | None
) -> ResponseReturnValue:
    """A file's bytes, or the part that is asked for: no more of it is read."""
    # werkzeug's own wrapper can seek; the one a server brings may not
    response = Response(FileWrapper(file), mimetype=content_type, direct_passthrough=True)
    response.content_length = size_bytes = file.seek(0, SEEK_END)
    file.seek(0)
    response.set_etag(tag)
    response.headers["Cache-Control"] = FOR_EVER
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    try:
        return response.make_conditional(request, accept_ranges=True, complete_length=size_bytes)
    except RequestedRangeNotSatisfiable:
        response.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
