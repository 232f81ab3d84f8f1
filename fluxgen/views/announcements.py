"""Putting away the notice of a new privacy page or new terms."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fluxgen import announcements as announcements_
from fluxgen.presentation import current_account
from fluxgen.security import member

announcements = Blueprint("announcements", __name__, url_prefix="/announcements")


@announcements.post("/put-away")
@member
def put_away() -> ResponseReturnValue:
    """The person has read it, and, where it is about terms, accepts them."""
    version = request.form.get("version", "")
    announcements_.put_away(current_account(), version)
    if request.htmx:  # type: ignore[attr-defined]  # htmx-flask adds it
        return ""
    return redirect(_back(), code=303)


def _back() -> str:
    """The page where the notice stood, if it is one of ours."""
    path = request.form.get("back", "")
    return (
        path
        if path.startswith("/") and not path.startswith(("//", "/\\"))
        else url_for("studio.show")
    )
