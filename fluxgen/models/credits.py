"""The ledger: each movement of credits is a row, and rows are only ever added."""

from __future__ import annotations

from enum import StrEnum

from peewee import CharField, Check, FixedCharField, ForeignKeyField, IntegerField, TextField
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of

KEY_MAX = 160


class Kind(StrEnum):
    """The movements there are."""

    GRANT = "grant"
    BUY = "buy"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    REVERSE = "reverse"
    RESTORE = "restore"


class Entry(Model):
    """One movement. The unique `key` is the rule: the same thing cannot be booked twice."""

    account = mapped(
        ForeignKeyField(Account, on_delete="RESTRICT", backref="entries"),
        Category.MONEY,
        "whose credits moved",
        Keep.LEDGER,
        erase=Erase.UNLINK,
    )
    kind = mapped(
        EnumField(Kind, constraints=[one_of("kind", Kind)]),
        Category.MONEY,
        "what happened",
        Keep.LEDGER,
        export=True,
    )
    key = mapped(
        CharField(KEY_MAX, unique=True),
        Category.MONEY,
        "makes a movement unique",
        Keep.LEDGER,
        export=True,
    )
    generation = mapped(
        CharField(22, null=True, index=True),
        Category.MONEY,
        "the generation's address id, if one caused it",
        Keep.LEDGER,
        export=True,
    )
    purchase = mapped(
        CharField(22, null=True, index=True),
        Category.MONEY,
        "the purchase's address id, if one caused it",
        Keep.LEDGER,
        export=True,
    )
    reason = mapped(
        TextField(default=""), Category.MONEY, "why, in words", Keep.LEDGER, export=True
    )
    available_delta = mapped(
        IntegerField(), Category.MONEY, "change of the free credits", Keep.LEDGER, export=True
    )
    held_delta = mapped(
        IntegerField(), Category.MONEY, "change of the held credits", Keep.LEDGER, export=True
    )
    owed_delta = mapped(
        IntegerField(), Category.MONEY, "change of the owed credits", Keep.LEDGER, export=True
    )
    available_after = mapped(
        IntegerField(constraints=[Check("available_after >= 0")]),
        Category.MONEY,
        "free credits afterwards",
        Keep.LEDGER,
        export=True,
    )
    held_after = mapped(
        IntegerField(constraints=[Check("held_after >= 0")]),
        Category.MONEY,
        "held credits afterwards",
        Keep.LEDGER,
        export=True,
    )
    owed_after = mapped(
        IntegerField(constraints=[Check("owed_after >= 0")]),
        Category.MONEY,
        "owed credits afterwards",
        Keep.LEDGER,
        export=True,
    )
    created_at = mapped(
        UtcField(default=clock.now), Category.MONEY, "when", Keep.LEDGER, export=True
    )
    previous_hash = mapped(
        FixedCharField(64), Category.MONEY, "the entry before it", Keep.LEDGER, export=True
    )
    hash = mapped(
        FixedCharField(64, unique=True),
        Category.MONEY,
        "proves that nothing was changed or left out",
        Keep.LEDGER,
        export=True,
    )

    class Meta:
        indexes = ((("account", "id"), False), (("account", "created_at"), False))
