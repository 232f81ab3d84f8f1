"""A purchase from the click to the receipt, and an export from the click to the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fluxgen import clock
from fluxgen.models import PENDING, ExportStatus, PurchaseStatus
from fluxgen.partials.billing import PurchaseView
from fluxgen.partials.exports import ExportView
from fluxgen.partials.patterns.samples import NAME_IN_ADDRESSES, Patterns, States


def patterns() -> Patterns:
    """Each fragment that waits for somebody else."""
    purchases: States = {status.value: _purchase(status) for status in PurchaseStatus}
    purchases["back from Stripe"] = _purchase(PurchaseStatus.OPEN) | {"has_returned": True}
    purchases["a form waits"] = _purchase(PurchaseStatus.PAID) | {"draft_waits": True}
    purchases["paid back in part"] = _purchase(
        PurchaseStatus.PAID, refunded="€4.00", reversed_credits=80, refunding="€2.00"
    )
    exports = {status.value: export(status) for status in ExportStatus}
    exports["ready, something is missing"] = export(ExportStatus.READY, missing=2)
    return {
        "purchase_status": purchases,
        "export_status": {state: {"export": one} for state, one in exports.items()},
    }


def export(status: ExportStatus, **changed: Any) -> ExportView:
    """An export of 60 requests."""
    is_ready = status is ExportStatus.READY
    given: dict[str, Any] = {
        "public_id": NAME_IN_ADDRESSES,
        "status": status.value,
        "done": 23,
        "total": 60,
        "missing": 0,
        "size": "1.2 GB" if is_ready else None,
        "json_size": "140 kB" if is_ready else None,
        "created_at": clock.now(),
        "expires_at": clock.now() + timedelta(days=7),
        "is_unbuilt": status in {ExportStatus.WAITING, ExportStatus.BUILDING},
        "delay_s": 2,
    }
    return ExportView(**given | changed)


def _purchase(status: PurchaseStatus, **changed: Any) -> dict[str, object]:
    is_paid = status is PurchaseStatus.PAID
    given: dict[str, Any] = {
        "public_id": NAME_IN_ADDRESSES,
        "pack": "usual",
        "status": status.value,
        "credits": 400,
        "price": "€18.00",
        "refunded": None,
        "reversed_credits": 0,
        "refunding": None,
        "payment_id": "pi_sample" if is_paid else None,
        "created_at": clock.now(),
        "paid_at": clock.now() if is_paid else None,
        "is_pending": status in PENDING,
    }
    view = PurchaseView(**given | changed)
    return {"purchase": view, "draft_waits": False, "has_returned": False}
