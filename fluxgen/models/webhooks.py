"""Which webhooks have been heard: their ids, never their bodies; and how far lists were read."""

from __future__ import annotations

from peewee import CharField

from fluxgen import clock
from fluxgen.models.datamap import Category, Clock, Keep, mapped
from fluxgen.models.fields import Model, UtcField


class HeardWebhook(Model):
    """One delivery of a provider, so that a repeat is known as one."""

    event_id = mapped(CharField(120, unique=True), Category.OPERATION, "knows a repeat", Keep.WEEK)
    heard_at = mapped(
        UtcField(default=clock.now, index=True),
        Category.OPERATION,
        "forgets it in time",
        Keep.WEEK,
        clock=Clock.BEGINS,
    )


class HeardUntil(Model):
    """Up to when all of a provider's news have been heard, by webhook or by asking."""

    provider = mapped(CharField(20, unique=True), Category.OPERATION, "whose news", Keep.ROW)
    moment = mapped(UtcField(), Category.OPERATION, "where asking goes on", Keep.ROW)
