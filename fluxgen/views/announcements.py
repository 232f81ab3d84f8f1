"""Putting away the notice of a new privacy page or new terms."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fluxgen import announcements as announcements_
from fluxgen.presentation import current_account
from fluxgen.security import local, member

announcements = Blueprint("announcements", __name__, url_prefix="/announcements")


@announcements.post("/put-away")
@member
def put_away() -> ResponseReturnValue:
    """The person has read it, and, where it is about terms, accepts them."""
    version = request.form.get("version", "")
    announcements_.put_away(current_account(), version)
    if request.htmx:  # type: ignore[attr-defined]  # htmx-flask adds it
        return ""
    back = local(request.form.get("back"))  # the page where the notice stood
    return redirect(back or url_for("studio.show"), code=303)
