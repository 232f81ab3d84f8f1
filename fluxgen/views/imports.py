"""What came with an import, kept as the document it came as."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from fluxgen import adapters, exports
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.presentation import current_account
from fluxgen.security import owner
from fluxgen.words import _

imports = Blueprint("imports", __name__, url_prefix="/account/imports")


@imports.get("/<public_id>")
@owner
def records(public_id: str) -> Response:
    """The statement and purchases of the FluxGen it came from."""
    found = exports.import_of(current_account(), public_id)
    if found is None:
        abort(404)
    try:
        data = adapters.current().storage.get(exports.records_key(found))
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, _("The document is safe, but its store does not answer. Try again in a minute."))
    headers = {"Content-Disposition": 'attachment; filename="fluxgen-records.json"'}
    return Response(data, mimetype="application/json", headers=headers)
