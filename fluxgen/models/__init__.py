"""What is true: the tables, one file a subject, the data map beside each field."""

from __future__ import annotations

from fluxgen.models.accounts import Account, Portrait, Session, Standing
from fluxgen.models.credits import Entry, Kind
from fluxgen.models.fields import Model
from fluxgen.models.generations import UNFINISHED, Generation, Image, Origin, Status
from fluxgen.models.purchases import PENDING, Purchase, PurchaseStatus
from fluxgen.models.webhooks import HeardWebhook

TABLES: tuple[type[Model], ...] = (
    Account,
    Portrait,
    Session,
    Entry,
    Generation,
    Image,
    Purchase,
    HeardWebhook,
)

__all__ = [
    "PENDING",
    "TABLES",
    "UNFINISHED",
    "Account",
    "Entry",
    "Generation",
    "HeardWebhook",
    "Image",
    "Kind",
    "Model",
    "Origin",
    "Portrait",
    "Purchase",
    "PurchaseStatus",
    "Session",
    "Standing",
    "Status",
]
