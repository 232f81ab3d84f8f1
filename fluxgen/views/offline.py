"""What a browser shows without a connection: one page, kept by a worker of a few lines.

Only browsers that are signed in get the worker. It keeps this page with its style sheet,
icon and typefaces, nothing else and nothing of anybody's; signing out removes it (`sessions.leave`).
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, render_template, url_for

from fluxgen.assets import VERSION_DIGITS, asset, joined
from fluxgen.security import public

offline = Blueprint("offline", __name__)

STYLES = ("tokens", "reset", "base", "layout", "utilities", "button", "empty", "error")
ICON = "icons/favicon.svg"
FONTS = ("instrument-sans", "instrument-sans-condensed", "newsreader")


@offline.get("/offline")
@public
def show() -> str:
    """The page itself, the same for everybody."""
    return render_template("pages/offline.html", style_sheet=_style_sheet())


@offline.get("/worker.js")
@public
def worker() -> Response:
    """The worker. Its address never changes, so that a new one always takes over from an old one;
    what it keeps is named by a hash over the page, which names its files by their own."""
    kept = [
        url_for("offline.show"),
        _style_sheet(),
        asset(ICON),
        *(asset(f"fonts/{each}.woff2") for each in FONTS),
    ]
    version = hashlib.sha256(f"{show()} {kept}".encode()).hexdigest()[:VERSION_DIGITS]
    script = render_template("worker.js", version=version, kept=kept)
    return Response(script, mimetype="text/javascript")


def _style_sheet() -> str:
    return joined("css", STYLES, "css")
