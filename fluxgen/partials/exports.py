"""Fragments of exports: how far one has come, updated in place until it is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template

from fluxgen import clock, exports, formats
from fluxgen.models import UNBUILT, Account, Export, ExportStatus
from fluxgen.presentation import current_account
from fluxgen.security import owner

export_partials = Blueprint("export_partials", __name__, url_prefix="/partials/exports")

OFTEN_S, SELDOM_S, LONG_S = 2, 10, 120


@dataclass(frozen=True)
class ExportView:
    """An export as people read it."""

    public_id: str
    status: str
    done: int
    total: int
    missing: int
    size: str | None
    json_size: str | None
    created_at: datetime
    expires_at: datetime | None
    is_unbuilt: bool
    delay_s: int

    @property
    def is_ready(self) -> bool:
        return self.status == ExportStatus.READY.value

    @property
    def is_withdrawn(self) -> bool:
        return self.status == ExportStatus.WITHDRAWN.value

    @property
    def update_url(self) -> str:
        return f"/partials/exports/{self.public_id}"


def view(export: Export) -> ExportView:
    """The row in words and numbers."""
    age_s = (clock.now() - export.created_at).total_seconds()
    return ExportView(
        public_id=export.public_id,
        status=export.status.value,
        done=min(export.done, export.total),
        total=export.total,
        missing=export.missing,
        size=_size(export.size_bytes),
        json_size=_size(export.json_size_bytes),
        created_at=export.created_at,
        expires_at=export.expires_at,
        is_unbuilt=export.status in UNBUILT,
        delay_s=OFTEN_S if age_s < LONG_S else SELDOM_S,
    )


def _size(size_bytes: int | None) -> str | None:
    """1.2 GB; nothing of what is not there."""
    return None if size_bytes is None else formats.size(size_bytes)


def own(public_id: str) -> Export:
    """The signed-in person's export of this name; 404 for any other."""
    export = exports.find(current_account(), public_id)
    if export is None:
        abort(404)
    return export


def section(account: Account) -> dict[str, object]:
    """What the account page shows of exports."""
    return {
        "exports": [view(export) for export in exports.latest(account)],
        "imports": exports.imports_of(account),
    }


@export_partials.get("/<public_id>")
@owner
def status(public_id: str) -> str:
    """One export; while it is being built, it asks for itself again."""
    return render_template("partials/export_status_answer.html", export=view(own(public_id)))
