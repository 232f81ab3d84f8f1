"""Pictures' bytes, for their owner only."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, abort, redirect, request, send_file
from flask.typing import ResponseReturnValue

from fluxgen import adapters
from fluxgen import archive as archive_
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
    key = archive_.key(image.generation.public_id, image.position, variant)
    link = storage.link(key, content_type=content_type, filename=filename)
    if link is not None:
        return redirect(link, code=302)
    try:
        data = storage.get(key)
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, "The picture is safe, but its store does not answer. Try again in a minute.")
    response = send_file(
        BytesIO(data),
        mimetype=content_type,
        as_attachment=filename is not None,
        download_name=filename,
        etag=f"{image.sha256}-{variant}",
    )
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response.make_conditional(request)
