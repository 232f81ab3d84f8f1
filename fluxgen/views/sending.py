"""Sending a file from our own folder: whole, or the part that is asked for."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

KEPT_S = 24 * 3600
"""How long a browser may show a picture without asking again: what it shows never changes, but it
may be deleted from elsewhere."""
KEPT = f"private, max-age={KEPT_S}, immutable"


def streamed(
    file: BinaryIO,
    tag: str,
    content_type: str,
    filename: str | None = None,
    kept: str = KEPT,
) -> ResponseReturnValue:
    """A file's bytes, or the part that is asked for (if it is still the same: `If-Range`): no
    more of it is read."""
    # werkzeug's own wrapper can seek; the one a server brings may not
    response = Response(FileWrapper(file), mimetype=content_type, direct_passthrough=True)
    response.content_length = size_bytes = file.seek(0, SEEK_END)
    file.seek(0)
    response.set_etag(tag)
    response.headers["Cache-Control"] = kept
    response.vary.add("Cookie")  # in another session a browser asks before it shows what it kept
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    try:
        return response.make_conditional(request, accept_ranges=True, complete_length=size_bytes)
    except RequestedRangeNotSatisfiable:
        response.close()
        return Response(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
