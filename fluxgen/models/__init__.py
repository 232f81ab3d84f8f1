"""What is true: the tables, one file a subject, the data map beside each field."""

from __future__ import annotations

from fluxgen.models.accounts import RESTRICTED, Account, Portrait, Session, Standing, Theme
from fluxgen.models.announcements import Announcement, Publication
from fluxgen.models.audit import AuditHead, AuditRow
from fluxgen.models.collections import Collection, CollectionItem
from fluxgen.models.credits import KEY_MAX, Entry, Kind
from fluxgen.models.erasures import UNDER_WAY, Cause, Erased, Erasure, ErasureStatus, Scope
from fluxgen.models.exports import UNBUILT, Export, ExportStatus, Import
from fluxgen.models.fields import Model
from fluxgen.models.generations import Generation
from fluxgen.models.images import DeletedImage, Image
from fluxgen.models.mail import Mail, MailStatus
from fluxgen.models.measurements import Measurement, PageView
from fluxgen.models.purchases import PENDING, Purchase, PurchaseStatus
from fluxgen.models.refusals import Refusal
from fluxgen.models.requests import RequestKind, RightsRequest
from fluxgen.models.states import UNFINISHED, Origin, Status
from fluxgen.models.webhooks import HeardUntil, HeardWebhook

TABLES: tuple[type[Model], ...] = (
    Account,
    Portrait,
    Session,
    Entry,
    Generation,
    Image,
    DeletedImage,
    Collection,
    CollectionItem,
    Purchase,
    Refusal,
    Export,
    Import,
    HeardWebhook,
    HeardUntil,
    AuditRow,
    AuditHead,
    RightsRequest,
    Erasure,
    Erased,
    Mail,
    Announcement,
    Publication,
    Measurement,
    PageView,
)

__all__ = [
    "KEY_MAX",
    "PENDING",
    "RESTRICTED",
    "TABLES",
    "UNBUILT",
    "UNDER_WAY",
    "UNFINISHED",
    "Account",
    "Announcement",
    "AuditHead",
    "AuditRow",
    "Cause",
    "Collection",
    "CollectionItem",
    "DeletedImage",
    "Entry",
    "Erased",
    "Erasure",
    "ErasureStatus",
    "Export",
    "ExportStatus",
    "Generation",
    "HeardUntil",
    "HeardWebhook",
    "Image",
    "Import",
    "Kind",
    "Mail",
    "MailStatus",
    "Measurement",
    "Model",
    "Origin",
    "PageView",
    "Portrait",
    "Publication",
    "Purchase",
    "PurchaseStatus",
    "Refusal",
    "RequestKind",
    "RightsRequest",
    "Scope",
    "Session",
    "Standing",
    "Status",
    "Theme",
]
