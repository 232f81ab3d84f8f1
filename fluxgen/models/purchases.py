"""Purchases: what was bought, and what became of the payment. Nothing about the person."""

from __future__ import annotations

from enum import StrEnum

from peewee import SQL, CharField, Check, FixedCharField, ForeignKeyField, IntegerField
from playhouse.fields import EnumField

from fluxgen import clock
from fluxgen.models.accounts import Account
from fluxgen.models.datamap import Category, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id


class PurchaseStatus(StrEnum):
    """Where a purchase is."""

    CREATED = "created"
    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


PENDING = (PurchaseStatus.CREATED, PurchaseStatus.OPEN, PurchaseStatus.PROCESSING)


class Purchase(Model):
    """One pack, bought or nearly. Amounts are minor currency units, credits are whole."""

    account_id: int

    public_id = mapped(
        CharField(22, unique=True, default=public_id),
        Category.MONEY,
        "its name in addresses and at Stripe",
        Keep.LEDGER,
        export=True,
    )
    account = mapped(
        ForeignKeyField(Account, on_delete="RESTRICT", backref="purchases"),
        Category.MONEY,
        "who buys",
        Keep.LEDGER,
        erase=Erase.UNLINK,
    )
    pack = mapped(CharField(30), Category.MONEY, "which pack", Keep.LEDGER, export=True)
    credits = mapped(
        IntegerField(constraints=[Check("credits > 0")]),
        Category.MONEY,
        "credits in it",
        Keep.LEDGER,
        export=True,
    )
    amount_minor = mapped(
        IntegerField(constraints=[Check("amount_minor > 0")]),
        Category.MONEY,
        "its price",
        Keep.LEDGER,
        export=True,
    )
    currency = mapped(FixedCharField(3), Category.MONEY, "of its price", Keep.LEDGER, export=True)
    status = mapped(
        EnumField(
            PurchaseStatus,
            default=PurchaseStatus.CREATED,
            constraints=[one_of("status", PurchaseStatus)],
        ),
        Category.MONEY,
        "where it is",
        Keep.LEDGER,
        export=True,
    )
    attempt = mapped(
        IntegerField(default=1),
        Category.OPERATION,
        "numbers the orders sent to Stripe",
        Keep.LEDGER,
    )
    session_id = mapped(
        CharField(120, null=True, unique=True),
        Category.MONEY,
        "Stripe's Checkout Session",
        Keep.LEDGER,
        export=True,
    )
    payment_id = mapped(
        CharField(120, null=True, unique=True),
        Category.MONEY,
        "Stripe's payment",
        Keep.LEDGER,
        export=True,
    )
    declines = mapped(
        IntegerField(default=0),
        Category.OPERATION,
        "cards refused, against card testing",
        Keep.LEDGER,
        export=True,
    )
    declined_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when a card was refused last, against card testing",
        Keep.LEDGER,
        export=True,
    )
    reversed_minor = mapped(
        IntegerField(default=0, constraints=[Check("reversed_minor BETWEEN 0 AND amount_minor")]),
        Category.MONEY,
        "refunded or disputed",
        Keep.LEDGER,
        export=True,
    )
    reversed_credits = mapped(
        IntegerField(default=0, constraints=[Check("reversed_credits BETWEEN 0 AND credits")]),
        Category.MONEY,
        "credits taken back",
        Keep.LEDGER,
        export=True,
    )
    refunding_minor = mapped(
        IntegerField(default=0, constraints=[SQL("DEFAULT 0"), Check("refunding_minor >= 0")]),
        Category.MONEY,
        "being sent back; the credits are set aside",
        Keep.LEDGER,
        export=True,
    )
    corrections = mapped(
        IntegerField(default=0), Category.OPERATION, "numbers the corrections", Keep.LEDGER
    )
    due_at = mapped(
        UtcField(null=True, default=clock.now),
        Category.OPERATION,
        "when to ask Stripe next",
        Keep.LEDGER,
    )
    asked_at = mapped(
        UtcField(null=True), Category.OPERATION, "when a page asked Stripe last", Keep.LEDGER
    )
    consented_at = mapped(
        UtcField(), Category.CONSENT, "asked for the credits at once", Keep.LEDGER, export=True
    )
    created_at = mapped(
        UtcField(default=clock.now), Category.MONEY, "when it was begun", Keep.LEDGER, export=True
    )
    paid_at = mapped(
        UtcField(null=True), Category.MONEY, "when it was paid", Keep.LEDGER, export=True
    )

    class Meta:
        indexes = ((("account", "id"), False),)


Purchase.add_index(
    Purchase.due_at, where=Purchase.due_at.is_null(False), name="purchase_waiting_work"
)
