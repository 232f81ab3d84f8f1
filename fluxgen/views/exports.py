"""Exports: asked for, watched, and fetched, all by the person alone."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template
from flask import url_for as address
from flask.typing import ResponseReturnValue

from fluxgen import adapters
from fluxgen import exports as exports_
from fluxgen.errors import MayWorkLater, NeverWill, TooMany
from fluxgen.jobs import exports as jobs
from fluxgen.models import Export, ExportStatus
from fluxgen.partials import account as sections
from fluxgen.partials.exports import own, view
from fluxgen.presentation import current_account
from fluxgen.security import member, owner
from fluxgen.views.sending import streamed
from fluxgen.words import _

exports = Blueprint("exports", __name__, url_prefix="/account/exports")

NOT_KEPT = "private, no-store"
FILES = {"zip": "application/zip", "json": "application/json"}


@exports.post("")
@member
def ask() -> ResponseReturnValue:
    """Ask for an export; pressed twice is once."""
    try:
        export = exports_.begin(current_account())
    except TooMany as many:
        refused = make_response(sections.page({"export": many.words}), 429)
        refused.headers["Retry-After"] = str(many.retry_after_s)
        return refused
    jobs.ring(export)
    return redirect(address("exports.show", public_id=export.public_id), code=303)


@exports.get("/<public_id>")
@owner
def show(public_id: str) -> str:
    """How far an export has come, and where to fetch it."""
    shown = view(own(public_id))
    return render_template(
        "pages/export.html", page="account", export=shown, refreshes=shown.is_unbuilt
    )


@exports.get("/<public_id>/<kind>")
@owner
def download(public_id: str, kind: str) -> ResponseReturnValue:
    """The `zip`, or the `json` alone; a download that broke off can go on."""
    export = own(public_id)
    if kind not in FILES or export.status is not ExportStatus.READY:
        abort(404)
    key = exports_.zip_key(export) if kind == "zip" else exports_.json_key(export)
    storage = adapters.current().storage
    filename = _filename(export, kind)
    link = storage.link(key, filename=filename)
    if link is not None:
        return redirect(link, code=302)
    try:
        file = storage.open(key)
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, _("The export is safe, but its store does not answer. Try again in a minute."))
    return streamed(file, f"{export.sha256}-{kind}", FILES[kind], filename, NOT_KEPT)


def _filename(export: Export, kind: str) -> str:
    return f"fluxgen-{export.created_at:%Y-%m-%d}.{kind}"
