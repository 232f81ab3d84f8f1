"""Static files: each at an address that holds its own hash, so a browser keeps it for ever.

There is no build step. A page names its style sheets and scripts; they are joined into one
file without their comments, and packed once in each process, at the first request for it.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import brotli
from flask import Flask, Response, abort, request, send_from_directory, url_for
from flask_compress import Compress

from fluxgen import settings

STATIC = Path(__file__).parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
JOINED_MAX = 60
"""Files that one address may join."""
VERSION_DIGITS = 12
ABSENT = "0" * VERSION_DIGITS
"""In the address of a picture that is not there: the page is shown without it."""
TEXTS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
THINNED = frozenset({".css", ".js"})
PAGES = ("text/html", "text/csv", "text/plain", "application/json", "application/atom+xml")
"""What is packed on its way out; pictures and archives are packed already."""
FOR_READERS = re.compile(
    r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*\n|^[ \t]+|^\n", re.MULTILINE | re.DOTALL
)
"""Comments on lines of their own, what other lines begin with, and empty lines."""
ADDRESS_IN_CSS = re.compile(r"url\(\.\./([\w./-]+)\)")


@dataclass(frozen=True)
class Text:
    """A static file of text, or several joined, in the three forms a browser may take."""

    data: bytes

    @cached_property
    def version(self) -> str:
        """Under our own key, so that nobody else can make up joins for us to keep and pack."""
        key = settings.current().secret_key.encode()
        return hmac.new(key, self.data, hashlib.sha256).hexdigest()[:VERSION_DIGITS]

    @cached_property
    def packings(self) -> dict[str, bytes]:
        """By content coding, the smallest first."""
        return {"br": brotli.compress(self.data), "gzip": gzip.compress(self.data, 9, mtime=0)}


_texts: dict[str, Text] = {}
"""What this process has joined: as many as our pages name."""


def init_app(app: Flask) -> None:
    app.add_url_rule("/static/<version>/<path:filename>", "static", _static)
    app.config.update(COMPRESS_MIMETYPES=list(PAGES), COMPRESS_ALGORITHM=["br", "gzip"])
    Compress(app)
    app.jinja_env.globals.update(asset=asset, joined=joined)


def asset(filename: str) -> str:
    """The address of a static file, good for as long as the file is as it is."""
    return url_for("static", version=_version(filename), filename=filename)


def joined(folder: str, names: Sequence[str], ending: str) -> str:
    """The one address of several style sheets or scripts of a folder, in this order."""
    return asset(f"{folder}/{'+'.join(dict.fromkeys(names))}.{ending}")


def _version(filename: str) -> str:
    if Path(filename).suffix not in TEXTS:
        file = _file(Path(filename))
        return _hash(file) if file else ABSENT
    if filename not in _texts:
        _texts[filename] = _read(filename)
    return _texts[filename].version


def _static(version: str, filename: str) -> Response:
    if Path(filename).suffix in TEXTS:
        text = _texts.get(filename) or _read(filename)
        is_current = version == text.version
        if is_current:
            _texts[filename] = text
        response = _answer(filename, text, may_pack=is_current)
    else:
        is_current = version == _version(filename)
        response = send_from_directory(STATIC, filename)
    response.headers["Cache-Control"] = FOREVER if is_current else "no-cache"
    return response


def _answer(filename: str, text: Text, *, may_pack: bool) -> Response:
    """The text, packed where the browser takes that; what is not of this release goes as it is."""
    packings = text.packings if may_pack else {}
    coding = request.accept_encodings.best_match(packings)
    body = packings[coding] if coding else text.data
    response = Response(body, mimetype=TEXTS[Path(filename).suffix])
    if coding:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{text.version}-{coding or 'plain'}")
    response.make_conditional(request)
    return response


def _read(filename: str) -> Text:
    """The file of this name, or the files that it joins by `+`; 404 when one is not there."""
    path = Path(filename)
    names = path.stem.split("+")
    if len(names) > JOINED_MAX or len(set(names)) != len(names):
        abort(404)
    files = [_found(path.with_name(f"{name}{path.suffix}")) for name in names]
    text = "\n".join(file.read_text() for file in files)
    if path.suffix in THINNED:
        text = FOR_READERS.sub("", text)
    if path.suffix == ".css":
        text = ADDRESS_IN_CSS.sub(lambda address: f"url({asset(address[1])})", text)
    return Text(text.encode())


def _found(path: Path) -> Path:
    return _file(path) or abort(404)


def _file(path: Path) -> Path | None:
    """The file within the static folder, and nowhere else; None where there is none."""
    file = (STATIC / path).resolve()
    return file if file.is_relative_to(STATIC.resolve()) and file.is_file() else None


@cache
def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:VERSION_DIGITS]
