"""Which of our own rules a request ran into: the rule and the day, never the words."""

from __future__ import annotations

from peewee import CharField, ForeignKeyField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Clock, Keep, mapped
from fluxgen.models.fields import Model, UtcField


class Refusal(Model):
    """One request that was refused before anything was sent."""

    account = mapped(
        ForeignKeyField(Account, on_delete="CASCADE", index=False),
        Category.OPERATION,
        "whose request it was",
        Keep.MONTH,
    )
    rule = mapped(
        CharField(30), Category.OPERATION, "which rule refused it", Keep.MONTH, export=True
    )
    created_at = mapped(
        UtcField(default=clock.now, index=True),
        Category.OPERATION,
        "limits how many there may be a day",
        Keep.MONTH,
        export=True,
        clock=Clock.BEGINS,
    )

    class Meta:
        indexes = ((("account", "created_at"), False),)
