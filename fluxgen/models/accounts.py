"""People and their sessions."""

from __future__ import annotations

from enum import StrEnum

from peewee import (
    SQL,
    BlobField,
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
from fluxgen.models.datamap import Category, Clock, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField, one_of, public_id


class Standing(StrEnum):
    """What an account may do."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Theme(StrEnum):
    """Which colours the pages have; the system's own unless somebody chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Account(Model):
    """A person, and the three numbers of their balance (credits)."""

    identity = mapped(
        FixedCharField(64, unique=True),
        Category.IDENTITY,
        "keyed hash of the Google identity: recognises the person at sign-in",
        Keep.ACCOUNT,
        erase=Erase.UNLINK,
    )
    public_id = mapped(
        CharField(22, unique=True, default=public_id, constraints=[SQL("DEFAULT ''")]),
        Category.OPERATION,
        "its reference: names the account in the audit, in mails about requests, nowhere else",
        Keep.ACCOUNT,
        export=True,
    )
    email = mapped(
        TextField(index=True),
        Category.IDENTITY,
        "shown, and service mail",
        Keep.ACCOUNT,
        export=True,
    )
    name = mapped(TextField(), Category.IDENTITY, "shown to the person", Keep.ACCOUNT, export=True)
    name_is_own = mapped(
        BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")]),
        Category.CONSENT,
        "whether the person corrected it: then Google's name does not replace it",
        Keep.ACCOUNT,
        export=True,
    )
    portrait_is_off = mapped(
        BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")]),
        Category.CONSENT,
        "whether the person removed their picture: then it is not fetched again",
        Keep.ACCOUNT,
        export=True,
    )
    standing = mapped(
        EnumField(
            Standing,
            default=Standing.ACTIVE,
            constraints=[one_of("standing", Standing)],
        ),
        Category.OPERATION,
        "whether the account may be used",
        Keep.ACCOUNT,
        export=True,
    )
    age_confirmed_at = mapped(
        UtcField(), Category.CONSENT, "confirmed being 13 or older", Keep.ACCOUNT, export=True
    )
    terms_accepted_at = mapped(
        UtcField(), Category.CONSENT, "accepted the terms", Keep.ACCOUNT, export=True
    )
    terms_version = mapped(
        CharField(20), Category.CONSENT, "which terms were accepted", Keep.ACCOUNT, export=True
    )
    available = mapped(
        IntegerField(default=0, constraints=[Check("available >= 0")]),
        Category.MONEY,
        "credits free to spend",
        Keep.ACCOUNT,
        export=True,
        erase=Erase.KEEP,
    )
    held = mapped(
        IntegerField(default=0, constraints=[Check("held >= 0")]),
        Category.MONEY,
        "credits set aside for unfinished generations",
        Keep.ACCOUNT,
        export=True,
        erase=Erase.KEEP,
    )
    owed = mapped(
        IntegerField(default=0, constraints=[Check("owed >= 0")]),
        Category.MONEY,
        "credits spent and then refunded",
        Keep.ACCOUNT,
        export=True,
        erase=Erase.KEEP,
    )
    daily_limit_credits = mapped(
        IntegerField(null=True, constraints=[Check("daily_limit_credits >= 0")]),
        Category.MONEY,
        "the person's own limit on spending",
        Keep.ACCOUNT,
        export=True,
    )
    single_keys = mapped(
        BooleanField(default=True, constraints=[SQL("DEFAULT TRUE")]),
        Category.OPERATION,
        "whether single keys act",
        Keep.ACCOUNT,
        export=True,
    )
    generations_made = mapped(
        IntegerField(default=0, constraints=[Check("generations_made >= 0")]),
        Category.OPERATION,
        "numbers the person's generations",
        Keep.ACCOUNT,
    )
    dates_mixed = mapped(
        BooleanField(default=False, constraints=[SQL("DEFAULT FALSE")]),
        Category.OPERATION,
        "whether older pictures were brought in above newer ones",
        Keep.ACCOUNT,
    )
    looked_at = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "when the pictures were last looked at: later ones count as new",
        Keep.ACCOUNT,
        export=True,
    )
    theme = mapped(
        EnumField(
            Theme,
            default=Theme.SYSTEM,
            constraints=[SQL("DEFAULT 'system'"), one_of("theme", Theme)],
        ),
        Category.OPERATION,
        "light or dark pages, as the person likes them",
        Keep.ACCOUNT,
        export=True,
    )
    restricted_at = mapped(
        UtcField(null=True),
        Category.CONSENT,
        "since when nothing is done with the account's data but keeping it",
        Keep.ACCOUNT,
        export=True,
    )
    objected_at = mapped(
        UtcField(null=True),
        Category.CONSENT,
        "since when the account is left out of statistics",
        Keep.ACCOUNT,
        export=True,
    )
    announcement_seen = mapped(
        IntegerField(default=0, constraints=[SQL("DEFAULT 0")]),
        Category.OPERATION,
        "which announcement of new policies the person has read",
        Keep.ACCOUNT,
        export=True,
    )
    created_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "member since", Keep.ACCOUNT, export=True
    )
    erased_at = mapped(
        UtcField(null=True, index=True),
        Category.OPERATION,
        "when their erasure began: once that is over, the row only holds the books together",
        Keep.LEDGER,
        erase=Erase.KEEP,
    )

    @property
    def is_restricted(self) -> bool:
        return self.restricted_at is not None

    @property
    def has_objected(self) -> bool:
        return self.objected_at is not None


RESTRICTED = Account.select(Account.id).where(Account.restricted_at.is_null(False))
"""Accounts whose data no timer may touch."""


class Portrait(Model):
    """A person's Google picture, drawn anew by us at 96 pixels."""

    account = mapped(
        ForeignKeyField(Account, unique=True, on_delete="CASCADE"),
        Category.IDENTITY,
        "whose picture it is",
        Keep.ACCOUNT,
    )
    webp = mapped(BlobField(), Category.IDENTITY, "shown to the person", Keep.ACCOUNT, export=True)


class Session(Model):
    """One browser that is signing in or signed in. The browser holds the token, we its hash."""

    account_id: int | None

    public_id = mapped(
        CharField(22, unique=True, default=public_id, constraints=[SQL("DEFAULT ''")]),
        Category.OPERATION,
        "its name in the address that ends it",
        Keep.SESSION,
    )
    token_hash = mapped(
        FixedCharField(64, unique=True),
        Category.OPERATION,
        "recognises the browser's cookie",
        Keep.SESSION,
    )
    account = mapped(
        ForeignKeyField(Account, null=True, on_delete="CASCADE", backref="sessions"),
        Category.OPERATION,
        "who is signed in",
        Keep.SESSION,
    )
    data = mapped(
        JSONField(default=dict),
        Category.OPERATION,
        "a sign-in under way until it is confirmed; a form that waits for credits",
        Keep.SESSION,
        export=True,
    )
    created_at = mapped(UtcField(), Category.OPERATION, "limits its age", Keep.SESSION, export=True)
    expires_at = mapped(
        UtcField(index=True),
        Category.OPERATION,
        "ends it by itself",
        Keep.SESSION,
        export=True,
        clock=Clock.ENDS,
    )
    seen_on = mapped(
        UtcField(null=True),
        Category.OPERATION,
        "the day it was last used, so that the person can tell their browsers apart",
        Keep.SESSION,
        export=True,
    )
