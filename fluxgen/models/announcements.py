"""What was made public when: new versions of a policy, and posts that were drafts."""

from __future__ import annotations

from peewee import CharField, IntegerField, JSONField

from fluxgen import clock
from fluxgen.models.datamap import Category, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField


class Announcement(Model):
    """A version of the policies that everybody was told about, once."""

    version = mapped(
        CharField(20, unique=True),
        Category.OPERATION,
        "which version",
        Keep.ALWAYS,
        erase=Erase.KEEP,
    )
    texts = mapped(
        JSONField(),
        Category.OPERATION,
        "the hash of each text that it was about",
        Keep.ALWAYS,
        erase=Erase.KEEP,
    )
    mails = mapped(
        IntegerField(),
        Category.OPERATION,
        "how many mails were written",
        Keep.ALWAYS,
        erase=Erase.KEEP,
    )
    announced_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "when", Keep.ALWAYS, erase=Erase.KEEP
    )


class Publication(Model):
    """A post of the journal that was a draft until then."""

    slug = mapped(
        CharField(80, unique=True),
        Category.OPERATION,
        "which post",
        Keep.ALWAYS,
        erase=Erase.KEEP,
    )
    published_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "when", Keep.ALWAYS, erase=Erase.KEEP
    )
