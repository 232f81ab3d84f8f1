"""Generations. The row is the queue."""

from __future__ import annotations

from peewee import (
    SQL,
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id
from fluxgen.models.states import UNFINISHED, Origin, Status


class Generation(Model):
    """One request for pictures: the recipe, the price, and how far it has come."""

    account_id: int
    parent_id: int | None

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses",
        Keep.GENERATION,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, on_delete="RESTRICT", backref="generations"),
        Category.CONTENT,
        "whose it is",
        Keep.GENERATION,
    )
    number = mapped(
        IntegerField(), Category.CONTENT, "counts the person's own", Keep.GENERATION, export=True
    )
    nonce = mapped(CharField(64), Category.OPERATION, "one form is one generation", Keep.GENERATION)
    status = mapped(
        EnumField(Status, default=Status.HELD, constraints=[one_of("status", Status)]),
        Category.OPERATION,
        "how far it has come",
        Keep.GENERATION,
        export=True,
    )

    prompt = mapped(
        TextField(),
        Category.CONTENT,
        "what to draw; sent to Replicate",
        Keep.GENERATION,
        export=True,
    )
    look = mapped(
        CharField(40, null=True), Category.CONTENT, "which Look", Keep.GENERATION, export=True
    )
    look_version = mapped(
        IntegerField(null=True), Category.CONTENT, "of which version", Keep.GENERATION, export=True
    )
    slots = mapped(
        JSONField(null=True),
        Category.CONTENT,
        "what was chosen and written in its slots",
        Keep.GENERATION,
        export=True,
    )
    model = mapped(CharField(60), Category.CONTENT, "which model", Keep.GENERATION, export=True)
    tier = mapped(CharField(20), Category.CONTENT, "which quality", Keep.GENERATION, export=True)
    aspect_ratio = mapped(CharField(8), Category.CONTENT, "shape", Keep.GENERATION, export=True)
    count = mapped(
        IntegerField(constraints=[Check("count BETWEEN 1 AND 4")]),
        Category.CONTENT,
        "pictures asked for",
        Keep.GENERATION,
        export=True,
    )
    seed = mapped(
        BigIntegerField(), Category.CONTENT, "makes it repeatable", Keep.GENERATION, export=True
    )
    cost_credits = mapped(
        IntegerField(constraints=[Check("cost_credits > 0")]),
        Category.MONEY,
        "the price held",
        Keep.GENERATION,
        export=True,
    )
    charged_credits = mapped(
        IntegerField(default=0, constraints=[Check("charged_credits BETWEEN 0 AND cost_credits")]),
        Category.MONEY,
        "the price captured",
        Keep.GENERATION,
        export=True,
    )

    parent = mapped(
        ForeignKeyField("self", null=True, on_delete="SET NULL", backref="children"),
        Category.CONTENT,
        "which earlier one it came of",
        Keep.GENERATION,
        export=True,
    )
    parent_position = mapped(
        IntegerField(null=True),
        Category.CONTENT,
        "which picture of it",
        Keep.GENERATION,
        export=True,
    )
    origin = mapped(
        EnumField(Origin, null=True, constraints=[one_of("origin", Origin)]),
        Category.CONTENT,
        "what it did with that one",
        Keep.GENERATION,
        export=True,
    )
    source = mapped(
        ForeignKeyField("self", null=True, on_delete="SET NULL", backref="served"),
        Category.CONTENT,
        "which own one had the picture that was its reference image",
        Keep.GENERATION,
        export=True,
    )
    source_position = mapped(
        IntegerField(null=True),
        Category.CONTENT,
        "which picture of it",
        Keep.GENERATION,
        export=True,
    )
    sheet = mapped(
        CharField(22, null=True),
        Category.CONTENT,
        "which contact sheet it is on",
        Keep.GENERATION,
        export=True,
    )
    had_reference = mapped(
        BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")]),
        Category.CONTENT,
        "whether a reference image was uploaded; the image itself is never stored",
        Keep.GENERATION,
        export=True,
    )
    reference_file = mapped(
        CharField(120, null=True),
        Category.OPERATION,
        "Replicate's name for the reference's file, to delete it there",
        Keep.UNFINISHED,
    )
    reference_url = mapped(
        TextField(null=True),
        Category.OPERATION,
        "where Replicate keeps the reference until the generation ends",
        Keep.UNFINISHED,
    )

    attempt = mapped(
        IntegerField(default=0), Category.OPERATION, "times sent to Replicate", Keep.GENERATION
    )
    attempt_token = mapped(
        CharField(43, null=True, unique=True),
        Category.OPERATION,
        "names the attempt in the webhook's address",
        Keep.GENERATION,
    )
    turn_at = mapped(
        UtcField(null=True), Category.OPERATION, "when its turn to be sent came", Keep.GENERATION
    )
    submitted_at = mapped(
        UtcField(null=True), Category.OPERATION, "when it was last sent", Keep.GENERATION
    )
    prediction_id = mapped(
        CharField(64, null=True, unique=True),
        Category.OPERATION,
        "Replicate's name for it",
        Keep.GENERATION,
    )
    run_started_at = mapped(
        UtcField(null=True), Category.OPERATION, "when the model began", Keep.GENERATION
    )
    stored_from_at = mapped(
        UtcField(null=True), Category.OPERATION, "when storing began", Keep.GENERATION
    )
    percent = mapped(
        IntegerField(null=True), Category.OPERATION, "progress the model reports", Keep.GENERATION
    )
    expected_s = mapped(
        IntegerField(), Category.OPERATION, "seconds such a run usually takes", Keep.GENERATION
    )
    failure = mapped(
        CharField(30, null=True), Category.OPERATION, "why it ended", Keep.GENERATION, export=True
    )

    lease = mapped(
        FixedCharField(22, null=True), Category.OPERATION, "which worker has it", Keep.UNFINISHED
    )
    lease_until = mapped(UtcField(null=True), Category.OPERATION, "until when", Keep.UNFINISHED)
    due_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "when to look next", Keep.UNFINISHED
    )
    crashes = mapped(
        IntegerField(default=0),
        Category.OPERATION,
        "claims in a row that ended without a word",
        Keep.UNFINISHED,
    )
    cancel_requested_at = mapped(
        UtcField(null=True), Category.OPERATION, "the person wants it stopped", Keep.GENERATION
    )
    created_at = mapped(
        UtcField(default=clock.now),
        Category.CONTENT,
        "when it was asked for",
        Keep.GENERATION,
        export=True,
    )
    finished_at = mapped(
        UtcField(null=True), Category.CONTENT, "when it ended", Keep.GENERATION, export=True
    )
    favourite_at = mapped(
        UtcField(null=True),
        Category.CONTENT,
        "when the person made it a favourite",
        Keep.GENERATION,
        export=True,
    )
    deleted_at = mapped(
        UtcField(null=True), Category.OPERATION, "when the person deleted it", Keep.GENERATION
    )
    shelf = mapped(
        CharField(22, null=True),
        Category.OPERATION,
        "part of its pictures' keys since they were put out of reach of older addresses",
        Keep.GENERATION,
    )
    shelved_at = mapped(UtcField(null=True), Category.OPERATION, "when that was", Keep.GENERATION)

    class Meta:
        indexes = (
            (("account", "nonce"), True),
            (("account", "number"), True),
            (("model", "tier", "id"), False),
            (("account", "created_at"), False),
        )

    @property
    def is_finished(self) -> bool:
        return self.status not in UNFINISHED


WAITING_WORK = Generation.status.in_(UNFINISHED)
SHOWN = (Generation.status == Status.DONE) & Generation.deleted_at.is_null()
Generation.add_index(Generation.due_at, where=WAITING_WORK, name="generation_waiting_work")
Generation.add_index(Generation.account, Generation.number, where=SHOWN, name="generation_archive")
Generation.add_index(
    Generation.account,
    Generation.number,
    where=Generation.status.in_((Status.FAILED, Status.CANCELLED, Status.EXPIRED))
    & Generation.deleted_at.is_null(),
    name="generation_ended",
)
Generation.add_index(
    Generation.account, Generation.id, where=WAITING_WORK, name="generation_unfinished"
)
Generation.add_index(
    Generation.account, Generation.finished_at, where=SHOWN, name="generation_news"
)
Generation.add_index(
    Generation.deleted_at, where=Generation.deleted_at.is_null(False), name="generation_deleted"
)
Generation.add_index(
    Generation.reference_file,
    where=Generation.reference_file.is_null(False),
    name="generation_reference",
)
Generation.add_index(
    Generation.account,
    Generation.sheet,
    where=Generation.sheet.is_null(False),
    name="generation_sheet",
)
