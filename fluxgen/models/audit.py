"""The audit: what operators, people and timers did to accounts, each row chained to the last."""

from __future__ import annotations

from peewee import CharField, Check, FixedCharField, IntegerField, TextField

from fluxgen import clock
from fluxgen.models.datamap import Category, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField


class AuditRow(Model):
    """One deed. Nothing of it changes but that its words can be erased."""

    number = mapped(
        IntegerField(unique=True, constraints=[Check("number > 0")]),
        Category.OPERATION,
        "counts the deeds without a gap",
        Keep.AUDIT,
        export=True,
    )
    action = mapped(CharField(60), Category.OPERATION, "what was done", Keep.AUDIT, export=True)
    actor = mapped(
        CharField(60),
        Category.OPERATION,
        "who did it: the person, a timer, or an operator, whose login stays out of exports",
        Keep.AUDIT,
        export=True,
    )
    subject = mapped(
        CharField(22, null=True, index=True),
        Category.OPERATION,
        "whose account it concerned, or which request of nobody's; erased with its words",
        Keep.AUDIT,
        erase=Erase.UNLINK,
    )
    reason = mapped(
        TextField(null=True), Category.OPERATION, "why, in words", Keep.AUDIT, export=True
    )
    facts = mapped(
        TextField(null=True),
        Category.OPERATION,
        "ids and numbers that say what exactly, as JSON",
        Keep.AUDIT,
        export=True,
    )
    salt = mapped(
        FixedCharField(32, null=True),
        Category.OPERATION,
        "makes erased words impossible to guess from their hash",
        Keep.AUDIT,
    )
    words_hash = mapped(
        FixedCharField(64), Category.OPERATION, "stands for subject, reason and facts", Keep.AUDIT
    )
    closes = mapped(
        IntegerField(null=True, constraints=[Check("closes < number")]),
        Category.OPERATION,
        "the last row before which everything has had its time",
        Keep.AUDIT,
    )
    created_at = mapped(
        UtcField(default=clock.now, index=True), Category.OPERATION, "when", Keep.AUDIT, export=True
    )
    previous_hash = mapped(FixedCharField(64), Category.OPERATION, "the row before it", Keep.AUDIT)
    hash = mapped(
        FixedCharField(64, unique=True),
        Category.OPERATION,
        "proves that nothing was changed or left out",
        Keep.AUDIT,
    )


class AuditHead(Model):
    """The one row that says how many audit rows there are, and the last one's hash."""

    number = mapped(
        IntegerField(default=0), Category.OPERATION, "how many audit rows there are", Keep.ALWAYS
    )
    hash = mapped(FixedCharField(64), Category.OPERATION, "the last audit row's hash", Keep.ALWAYS)
