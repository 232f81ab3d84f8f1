"""The promises page, and whom to write to."""

from __future__ import annotations

from flask import Blueprint, render_template

from fluxgen import promises as promises_
from fluxgen import settings
from fluxgen.security import public

promises = Blueprint("promises", __name__)


@promises.get("/promises")
@public
def show() -> str:
    """Each promise beside its measurement."""
    standing = promises_.standing()
    counts = {
        "broken": sum(one.is_broken for one in standing),
        "kept": sum(one.is_kept for one in standing),
    }
    return render_template("pages/promises.html", page="promises", standing=standing, **counts)


@promises.get("/contact")
@public
def contact() -> str:
    """Whom to write to, what to say, and when there is an answer."""
    who = settings.current().controller
    return render_template("pages/contact.html", page="contact", controller=who)
