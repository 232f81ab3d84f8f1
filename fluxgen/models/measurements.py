"""Numbers about the service itself: measured promises, and pages counted by the day."""

from __future__ import annotations

from peewee import CharField, Check, IntegerField, TextField

from fluxgen import clock
from fluxgen.models.datamap import Category, Clock, Erase, Keep, mapped
from fluxgen.models.fields import Model, UtcField


class Measurement(Model):
    """The latest value of something we measure about ourselves."""

    name = mapped(
        CharField(40, unique=True),
        Category.OPERATION,
        "what was measured",
        Keep.ALWAYS,
        erase=Erase.KEEP,
    )
    value = mapped(TextField(), Category.OPERATION, "what came out", Keep.ALWAYS, erase=Erase.KEEP)
    measured_at = mapped(
        UtcField(default=clock.now), Category.OPERATION, "when", Keep.ALWAYS, erase=Erase.KEEP
    )


class PageView(Model):
    """How often a public page was seen on one day; nothing about who saw it."""

    day = mapped(
        UtcField(),
        Category.OPERATION,
        "which day (UTC)",
        Keep.TWO_YEARS,
        erase=Erase.KEEP,
        clock=Clock.BEGINS,
    )
    route = mapped(
        CharField(120),
        Category.OPERATION,
        "the pattern of the page's address, without what was filled in",
        Keep.TWO_YEARS,
        erase=Erase.KEEP,
    )
    views = mapped(
        IntegerField(constraints=[Check("views > 0")]),
        Category.OPERATION,
        "how often",
        Keep.TWO_YEARS,
        erase=Erase.KEEP,
    )

    class Meta:
        indexes = ((("day", "route"), True),)
