"""Requests about somebody's rights that came by mail, with the day by which they are answered."""

from __future__ import annotations

from enum import StrEnum

from peewee import CharField, ForeignKeyField, TextField
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Clock, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id


class RequestKind(StrEnum):
    """What somebody may ask for (GDPR, Art. 15 to 21), or that they complain."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


class RightsRequest(Model):
    """One letter: who asked for what, when it is due, and what came of it."""

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.OPERATION,
        "its name, for letters about it",
        Keep.REQUEST,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, null=True, on_delete="CASCADE"),
        Category.OPERATION,
        "whose request it is, if there is an account of that address",
        Keep.REQUEST,
    )
    email = mapped(
        TextField(), Category.OPERATION, "where the answer goes", Keep.REQUEST, export=True
    )
    kind = mapped(
        EnumField(RequestKind, constraints=[one_of("kind", RequestKind)]),
        Category.OPERATION,
        "what is asked for",
        Keep.REQUEST,
        export=True,
    )
    note = mapped(
        TextField(default=""),
        Category.OPERATION,
        "what an operator wrote down about it",
        Keep.REQUEST,
        export=True,
    )
    received_at = mapped(
        UtcField(), Category.OPERATION, "the day it came", Keep.REQUEST, export=True
    )
    due_at = mapped(
        UtcField(index=True),
        Category.OPERATION,
        "the day by which it is answered",
        Keep.REQUEST,
        export=True,
    )
    extended_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when more time was taken, once",
        Keep.REQUEST,
        export=True,
    )
    closed_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when it was answered",
        Keep.REQUEST,
        export=True,
        clock=Clock.BEGINS,
    )
    outcome = mapped(
        TextField(default=""), Category.OPERATION, "what came of it", Keep.REQUEST, export=True
    )
    created_at = mapped(
        UtcField(default=clock.now),
        Category.OPERATION,
        "when it was entered",
        Keep.REQUEST,
        export=True,
    )
