"""Exports that were asked for, and what was brought in from another FluxGen.

An export's row is the queue: what of it is written already lies in the store under `state`.
"""

from __future__ import annotations

from enum import StrEnum

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    TextField,
)
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id


class ExportStatus(StrEnum):
    """How far an export has come."""

    WAITING = "waiting"
    BUILDING = "building"
    READY = "ready"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


UNBUILT = (ExportStatus.WAITING, ExportStatus.BUILDING)


class Export(Model):
    """One export of everything of an account: asked for, built in steps, there for a week."""

    account_id: int

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses and in the store",
        Keep.EXPORT,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, on_delete="CASCADE", backref="exports"),
        Category.CONTENT,
        "whose things it holds",
        Keep.EXPORT,
    )
    by_operator = mapped(
        BooleanField(default=False),
        Category.OPERATION,
        "asked for by an operator, for a person who cannot",
        Keep.EXPORT,
        export=True,
    )
    status = mapped(
        EnumField(
            ExportStatus,
            default=ExportStatus.WAITING,
            constraints=[one_of("status", ExportStatus)],
        ),
        Category.OPERATION,
        "how far it has come",
        Keep.EXPORT,
        export=True,
    )
    total = mapped(
        IntegerField(default=0), Category.OPERATION, "generations that go into it", Keep.EXPORT
    )
    done = mapped(
        IntegerField(default=0), Category.OPERATION, "generations that are in it", Keep.EXPORT
    )
    missing = mapped(
        IntegerField(default=0),
        Category.OPERATION,
        "pictures that could not be read",
        Keep.EXPORT,
        export=True,
    )
    size_bytes = mapped(
        BigIntegerField(null=True), Category.OPERATION, "size of the ZIP", Keep.EXPORT, export=True
    )
    json_size_bytes = mapped(
        BigIntegerField(null=True), Category.OPERATION, "size of the JSON alone", Keep.EXPORT
    )
    sha256 = mapped(
        FixedCharField(64, null=True),
        Category.OPERATION,
        "names the finished bytes, so that a download can go on",
        Keep.EXPORT,
    )
    state = mapped(
        CharField(22, null=True),
        Category.OPERATION,
        "where the store has what is written so far",
        Keep.EXPORT,
    )
    lease = mapped(
        FixedCharField(22, null=True), Category.OPERATION, "which worker has it", Keep.EXPORT
    )
    lease_until = mapped(UtcField(null=True), Category.OPERATION, "until when", Keep.EXPORT)
    due_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "when to go on with it", Keep.EXPORT
    )
    crashes = mapped(
        IntegerField(default=0),
        Category.OPERATION,
        "claims in a row that ended without a word",
        Keep.EXPORT,
    )
    created_at = mapped(
        UtcField(default=clock.now),
        Category.OPERATION,
        "when it was asked for; limits how many a day",
        Keep.EXPORT,
        export=True,
    )
    ready_at = mapped(
        UtcField(null=True), Category.OPERATION, "when it was ready", Keep.EXPORT, export=True
    )
    expires_at = mapped(
        UtcField(null=True, index=True), Category.OPERATION, "when it goes", Keep.EXPORT
    )


Export.add_index(
    Export.account,
    unique=True,
    where=Export.status.in_(UNBUILT) & ~Export.by_operator,
    name="export_one_at_a_time",
)
Export.add_index(Export.due_at, where=Export.status.in_(UNBUILT), name="export_waiting_work")


class Import(Model):
    """One export of another FluxGen that was brought in; its records are kept as documents."""

    account_id: int

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses and in the store",
        Keep.ACCOUNT,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, on_delete="CASCADE", backref="imports"),
        Category.OPERATION,
        "into which account it was brought",
        Keep.ACCOUNT,
    )
    sha256 = mapped(
        FixedCharField(64), Category.OPERATION, "knows the same document again", Keep.ACCOUNT
    )
    origin = mapped(
        TextField(), Category.CONTENT, "which FluxGen it came from", Keep.ACCOUNT, export=True
    )
    exported_at = mapped(
        UtcField(), Category.CONTENT, "when it was made there", Keep.ACCOUNT, export=True
    )
    imported_at = mapped(
        UtcField(default=clock.now), Category.CONTENT, "when it came", Keep.ACCOUNT, export=True
    )
    records_bytes = mapped(
        IntegerField(),
        Category.OPERATION,
        "size of the statement and purchases from there, kept as a document",
        Keep.ACCOUNT,
        export=True,
    )

    class Meta:
        indexes = ((("account", "sha256"), True),)
