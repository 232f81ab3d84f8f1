"""Files that come with a form: read into memory, never into a file, and only where asked for.

Werkzeug by itself puts a file part of more than 500 kB on disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, ParamSpec, TypeVar

from flask import Flask, abort, request
from htmx_flask.requests import HtmxAwareRequest

from fluxgen.words import N_, _

KEPT_MAX_BYTES = 4 * 1024 * 1024 + 1
"""What is kept of a file: the most that is taken, and one byte that says it was more."""
REQUEST_MAX_BYTES = 128 * 1024 * 1024
"""The rest of a larger file is read and dropped, so that what was typed beside it is not lost.
Beyond this nothing is read, and only the browser may still have the words."""
TOO_LARGE = N_(
    "That file is far too large: a PNG, JPEG or WebP has 4 MB at most here. "
    "This was too much to read at all, so the words beside it did not reach us: they are lost "
    "unless your browser kept them. Nothing was charged. Go back and choose a smaller file."
)

P = ParamSpec("P")
R = TypeVar("R")


class Kept(io.BytesIO):
    """A file part in memory, cut off after `KEPT_MAX_BYTES`."""

    def write(self, data: Any) -> int:
        given = memoryview(data)
        super().write(given[: max(0, KEPT_MAX_BYTES - self.tell())])
        return given.nbytes


class MemoryRequest(HtmxAwareRequest):  # type: ignore[misc]  # untyped
    """A request whose file parts stay in memory."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return Kept()


def init_app(app: Flask) -> None:
    app.request_class = MemoryRequest


def takes_a_file(view: Callable[P, R]) -> Callable[P, R]:
    """Let a view's requests be as large as one with a file; all others stay small."""

    @wraps(view)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.mimetype == "multipart/form-data":
            request.max_content_length = REQUEST_MAX_BYTES
            if (request.content_length or 0) > REQUEST_MAX_BYTES:
                abort(413, _(TOO_LARGE))
        return view(*args, **kwargs)

    return reading
