"""What is true: the tables, one file a subject, the data map beside each field."""

from __future__ import annotations

from fluxgen.models.accounts import Account, Portrait, Session, Standing
from fluxgen.models.audit import AuditHead, AuditRow
from fluxgen.models.credits import KEY_MAX, Entry, Kind
from fluxgen.models.fields import Model
from fluxgen.models.generations import Generation
from fluxgen.models.images import Image
from fluxgen.models.purchases import PENDING, Purchase, PurchaseStatus
from fluxgen.models.refusals import Refusal
from fluxgen.models.states import UNFINISHED, Origin, Status
from fluxgen.models.webhooks import HeardUntil, HeardWebhook

TABLES: tuple[type[Model], ...] = (
    Account,
    Portrait,
    Session,
    Entry,
    Generation,
    Image,
    Purchase,
    Refusal,
    HeardWebhook,
    HeardUntil,
    AuditRow,
    AuditHead,
)

__all__ = [
    "KEY_MAX",
    "PENDING",
    "TABLES",
    "UNFINISHED",
    "Account",
    "AuditHead",
    "AuditRow",
    "Entry",
    "Generation",
    "HeardUntil",
    "HeardWebhook",
    "Image",
    "Kind",
    "Model",
    "Origin",
    "Portrait",
    "Purchase",
    "PurchaseStatus",
    "Refusal",
    "Session",
    "Standing",
    "Status",
]
