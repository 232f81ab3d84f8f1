"""A person's own things."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from fluxgen import accounts
from fluxgen.presentation import current_account
from fluxgen.security import member

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("/picture")
@member
def picture() -> Response:
    """The person's own picture, served by us so that nobody asks Google for it."""
    webp = accounts.portrait(current_account())
    if webp is None:
        abort(404)
    return Response(webp, mimetype="image/webp", headers={"Cache-Control": "private, max-age=300"})
