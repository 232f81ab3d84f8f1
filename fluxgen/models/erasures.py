"""Erasures: the row is the queue; what is left of one in the end names nobody."""

from __future__ import annotations

from enum import StrEnum

from peewee import CharField, FixedCharField, ForeignKeyField, IntegerField, JSONField, TextField
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Clock, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id


class Scope(StrEnum):
    """What an erasure is to take away."""

    ACCOUNT = "account"
    ARCHIVE = "archive"


class Cause(StrEnum):
    """Why there is an erasure."""

    PERSON = "person"
    OPERATOR = "operator"
    UNDERAGE = "underage"
    BACKUP = "backup"


class ErasureStatus(StrEnum):
    """Where an erasure is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


UNDER_WAY = (ErasureStatus.PLANNED, ErasureStatus.RUNNING)


class Erasure(Model):
    """One erasure: what of, from when on, and which step was finished last."""

    account_id: int | None

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses and on its certificate",
        Keep.TWO_MONTHS,
    )
    account = mapped(
        ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="erasures"),
        Category.OPERATION,
        "whose it is",
        Keep.ERASING,
        erase=Erase.UNLINK,
    )
    scope = mapped(
        EnumField(Scope, constraints=[one_of("scope", Scope)]),
        Category.OPERATION,
        "whether the account goes, or its archive alone",
        Keep.TWO_MONTHS,
        export=True,
    )
    cause = mapped(
        EnumField(Cause, constraints=[one_of("cause", Cause)]),
        Category.OPERATION,
        "who wanted it",
        Keep.TWO_MONTHS,
        export=True,
    )
    status = mapped(
        EnumField(
            ErasureStatus,
            default=ErasureStatus.PLANNED,
            constraints=[one_of("status", ErasureStatus)],
        ),
        Category.OPERATION,
        "where it is",
        Keep.TWO_MONTHS,
        export=True,
    )
    step = mapped(CharField(20, default=""), Category.OPERATION, "finished last", Keep.TWO_MONTHS)
    reached = mapped(
        CharField(40, default=""),
        Category.OPERATION,
        "how far the step under way has come",
        Keep.ERASING,
    )
    last_mail_to = mapped(
        TextField(null=True),
        Category.IDENTITY,
        "where the last word about it is sent",
        Keep.LAST_MAIL,
    )
    counts = mapped(
        JSONField(default=dict),
        Category.OPERATION,
        "how much of what has gone",
        Keep.TWO_MONTHS,
    )
    certificate = mapped(
        TextField(null=True),
        Category.OPERATION,
        "what was done, signed; names nobody",
        Keep.TWO_MONTHS,
    )
    lease = mapped(
        FixedCharField(22, null=True), Category.OPERATION, "which worker has it", Keep.ERASING
    )
    lease_until = mapped(UtcField(null=True), Category.OPERATION, "until when", Keep.ERASING)
    crashes = mapped(
        IntegerField(default=0), Category.OPERATION, "claims that ended unwell", Keep.ERASING
    )
    due_at = mapped(
        UtcField(null=True, default=clock.now),
        Category.OPERATION,
        "when to go on",
        Keep.ERASING,
    )
    asked_at = mapped(
        UtcField(default=clock.now),
        Category.OPERATION,
        "when it was asked for",
        Keep.TWO_MONTHS,
        export=True,
    )
    begins_at = mapped(UtcField(), Category.OPERATION, "from when on", Keep.TWO_MONTHS, export=True)
    up_to = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "what of the archive is younger stays, after a restored backup",
        Keep.TWO_MONTHS,
    )
    began_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when it began: a day later it has to be over",
        Keep.TWO_MONTHS,
        export=True,
    )
    finished_at = mapped(
        UtcField(null=True, index=True),
        Category.OPERATION,
        "when it ended",
        Keep.TWO_MONTHS,
        export=True,
        clock=Clock.BEGINS,
    )


Erasure.add_index(
    Erasure.account,
    unique=True,
    where=Erasure.status.in_(UNDER_WAY),
    name="erasure_under_way",
)


class Erased(Model):
    """Somebody who was erased, as a keyed hash, so that a restored backup can be told."""

    proof = mapped(
        FixedCharField(64),
        Category.OPERATION,
        "recognises who is back from a backup: a keyed hash of the account's reference",
        Keep.TWO_MONTHS,
        erase=Erase.KEEP,
    )
    scope = mapped(
        EnumField(Scope, constraints=[one_of("scope", Scope)]),
        Category.OPERATION,
        "what was erased",
        Keep.TWO_MONTHS,
        erase=Erase.KEEP,
    )
    erased_at = mapped(
        UtcField(default=clock.now, index=True),
        Category.OPERATION,
        "up to when; what is younger is not meant",
        Keep.TWO_MONTHS,
        erase=Erase.KEEP,
        clock=Clock.BEGINS,
    )

    class Meta:
        indexes = ((("proof", "scope", "erased_at"), True),)
