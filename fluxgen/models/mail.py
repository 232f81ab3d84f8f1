"""Mail that is to be sent: the row is the queue. What it says goes when it is sent."""

from __future__ import annotations

from enum import StrEnum

from peewee import CharField, FixedCharField, ForeignKeyField, IntegerField, JSONField, TextField
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Clock, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of


class MailStatus(StrEnum):
    """Where a mail is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"


class Mail(Model):
    """One mail to one person, sent once for each key."""

    account_id: int | None

    key = mapped(
        CharField(120, unique=True),
        Category.OPERATION,
        "what it is sent for, once",
        Keep.MONTH,
    )
    kind = mapped(CharField(30), Category.OPERATION, "which text it has", Keep.MONTH, export=True)
    account = mapped(
        ForeignKeyField(Account, null=True, on_delete="CASCADE", backref="mails"),
        Category.OPERATION,
        "whom it is for; nobody where the account is gone by then",
        Keep.MONTH,
    )
    recipient = mapped(
        TextField(null=True),
        Category.IDENTITY,
        "where it goes, if not to the account's own address",
        Keep.UNSENT,
    )
    facts = mapped(
        JSONField(default=dict),
        Category.OPERATION,
        "what is filled into its text",
        Keep.UNSENT,
        export=True,
    )
    status = mapped(
        EnumField(
            MailStatus, default=MailStatus.WAITING, constraints=[one_of("status", MailStatus)]
        ),
        Category.OPERATION,
        "where it is",
        Keep.MONTH,
        export=True,
    )
    attempts = mapped(
        IntegerField(default=0), Category.OPERATION, "how often it was handed over", Keep.MONTH
    )
    failure = mapped(
        CharField(40, null=True),
        Category.OPERATION,
        "the mail server's code where it was refused",
        Keep.MONTH,
        export=True,
    )
    lease = mapped(
        FixedCharField(22, null=True), Category.OPERATION, "which worker has it", Keep.MONTH
    )
    due_at = mapped(
        UtcField(null=True, default=clock.now),
        Category.OPERATION,
        "when to send it, or when its worker counts as lost",
        Keep.MONTH,
    )
    created_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "since when", Keep.MONTH, export=True
    )
    ended_at = mapped(
        UtcField(null=True, index=True),
        Category.OPERATION,
        "when it was sent or given up",
        Keep.MONTH,
        export=True,
        clock=Clock.BEGINS,
    )


Mail.add_index(Mail.due_at, where=Mail.due_at.is_null(False), name="mail_waiting_work")
