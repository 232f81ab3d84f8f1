"""Finished pictures: facts about bytes that the object store keeps."""

from __future__ import annotations

from peewee import (
    SQL,
    BooleanField,
    CharField,
    Check,
    FixedCharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    TextField,
)

from fluxgen.models.datamap import Category, Keep, mapped
from fluxgen.models.fields import Model, UtcField, public_id
from fluxgen.models.generations import Generation


class Image(Model):
    """One finished picture: what it is, and enough to find and check its bytes."""

    generation_id: int

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses",
        Keep.GENERATION,
        export=True,
    )
    generation = mapped(
        ForeignKeyField(Generation, on_delete="CASCADE", backref="images"),
        Category.CONTENT,
        "what it came from",
        Keep.GENERATION,
    )
    position = mapped(
        IntegerField(),
        Category.CONTENT,
        "its place among its siblings",
        Keep.GENERATION,
        export=True,
    )
    width = mapped(
        IntegerField(constraints=[Check("width > 0")]),
        Category.CONTENT,
        "pixels",
        Keep.GENERATION,
        export=True,
    )
    height = mapped(
        IntegerField(constraints=[Check("height > 0")]),
        Category.CONTENT,
        "pixels",
        Keep.GENERATION,
        export=True,
    )
    format = mapped(CharField(4), Category.CONTENT, "file kind", Keep.GENERATION, export=True)
    size_bytes = mapped(IntegerField(), Category.CONTENT, "file size", Keep.GENERATION, export=True)
    sha256 = mapped(
        FixedCharField(64), Category.OPERATION, "proves the bytes", Keep.GENERATION, export=True
    )
    placeholder = mapped(
        FixedCharField(27), Category.OPERATION, "nine colours shown while it loads", Keep.GENERATION
    )
    flaw = mapped(
        CharField(20, null=True),
        Category.CONTENT,
        "what its Look's own check found wrong",
        Keep.GENERATION,
        export=True,
    )

    alt = mapped(
        TextField(null=True),
        Category.CONTENT,
        "what the person says is to be seen in it",
        Keep.GENERATION,
        export=True,
    )

    is_marked = mapped(
        BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")]),
        Category.OPERATION,
        "whether its stored file carries the AI mark",
        Keep.GENERATION,
    )

    class Meta:
        indexes = ((("generation", "position"), True),)


class DeletedImage(Model):
    """A picture deleted without its siblings: out of every page, back whole within the undo."""

    generation_id: int

    public_id = mapped(
        CharField(22, unique=True), Category.OPERATION, "its name in addresses", Keep.GENERATION
    )
    generation = mapped(
        ForeignKeyField(Generation, on_delete="CASCADE", backref="deleted_images"),
        Category.CONTENT,
        "what it came from",
        Keep.GENERATION,
    )
    facts = mapped(
        JSONField(), Category.CONTENT, "all that was known of it, for the undo", Keep.GENERATION
    )
    deleted_at = mapped(
        UtcField(index=True), Category.OPERATION, "when the person deleted it", Keep.GENERATION
    )
    purged_from_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when its bytes began to go: from then on there is no undo",
        Keep.GENERATION,
    )
