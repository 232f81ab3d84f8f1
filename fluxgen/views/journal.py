"""The journal: a list of posts, each post, and all of it as a feed."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, render_template

from fluxgen import journal as journal_
from fluxgen import settings
from fluxgen.models.fields import EPOCH
from fluxgen.partials.prose import prose
from fluxgen.security import public

journal = Blueprint("journal", __name__, url_prefix="/journal")

FEED_MAX = 30
FEED_KEPT_S = 900


@journal.get("")
@public
def index() -> str:
    """Every post, newest first."""
    return render_template("pages/journal.html", page="journal", entries=journal_.published())


@journal.get("/<slug>")
@public
def post(slug: str) -> str:
    """One post."""
    shown = journal_.find(slug) or abort(404)
    entries = journal_.published()
    older = entries[entries.index(shown) + 1 :][:1]
    return render_template(
        "pages/journal_post.html",
        page="journal",
        shown=shown,
        body=prose(shown.post.markdown),
        older=older[0] if older else None,
    )


@journal.get("/feed.xml")
@public
def feed() -> Response:
    """The posts with their whole text (Atom, RFC 4287)."""
    origin = settings.current().origin
    entries = [
        (one, prose(one.post.markdown, origin=origin).html)
        for one in journal_.published()[:FEED_MAX]
    ]
    answer = make_response(
        render_template(
            "journal_feed.xml",
            entries=entries,
            updated=max((one.updated for one, _ in entries), default=EPOCH),
            origin=origin,
            host=urlsplit(origin).hostname,  # a tag has no port (RFC 4151)
        )
    )
    answer.mimetype = "application/atom+xml"
    answer.headers["Cache-Control"] = f"public, max-age={FEED_KEPT_S}"
    return answer
