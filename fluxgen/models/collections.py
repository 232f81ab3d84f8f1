"""Collections: names that somebody gives to pictures that belong together."""

from __future__ import annotations

from peewee import CharField, Check, ForeignKeyField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Keep, mapped
from fluxgen.models.fields import Model, UtcField, public_id
from fluxgen.models.generations import Generation


class Collection(Model):
    """A name; a generation may be in many, and a collection has many."""

    account_id: int

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name in addresses",
        Keep.ACCOUNT,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, on_delete="CASCADE", backref="collections", index=False),
        Category.CONTENT,
        "whose it is",
        Keep.ACCOUNT,
    )
    name = mapped(
        CharField(60, constraints=[Check("name <> ''")]),
        Category.CONTENT,
        "what the person called it",
        Keep.ACCOUNT,
        export=True,
    )
    folded = mapped(
        CharField(240), Category.OPERATION, "its name without case: one of each", Keep.ACCOUNT
    )
    created_at = mapped(
        UtcField(default=clock.now),
        Category.CONTENT,
        "when it was made",
        Keep.ACCOUNT,
        export=True,
    )
    brought_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when an import brought it, long after it was made",
        Keep.ACCOUNT,
    )

    class Meta:
        indexes = ((("account", "folded"), True),)


class CollectionItem(Model):
    """A generation in a collection."""

    collection_id: int
    generation_id: int

    collection = mapped(
        ForeignKeyField(Collection, on_delete="CASCADE", backref="items", index=False),
        Category.CONTENT,
        "in which collection",
        Keep.GENERATION,
        export=True,
    )
    generation = mapped(
        ForeignKeyField(Generation, on_delete="CASCADE", backref="kept_in"),
        Category.CONTENT,
        "which generation",
        Keep.GENERATION,
        export=True,
    )
    added_at = mapped(
        UtcField(default=clock.now),
        Category.CONTENT,
        "when it was put there",
        Keep.GENERATION,
        export=True,
    )

    class Meta:
        indexes = ((("collection", "generation"), True),)
