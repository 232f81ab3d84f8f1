"""Contact sheets as pages show them: what one would be, what it costs, and where to ask for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fluxgen import catalogue, looks
from fluxgen.errors import Refused
from fluxgen.generations.sheets import Plan
from fluxgen.looks import Option
from fluxgen.models import Generation, Status
from fluxgen.partials.compose import Form
from fluxgen.partials.compose.choices import ratio_title
from fluxgen.partials.ratios import ratio_class
from fluxgen.words import _


@dataclass(frozen=True)
class PlanView:
    """A sheet before it is asked for; prices are credits."""

    plan: Plan
    form: Form

    @property
    def slot_label(self) -> str:
        return self.plan.slot.label

    @property
    def slot_name(self) -> str:
        return self.plan.slot.name

    @property
    def options(self) -> tuple[Option, ...]:
        return self.plan.slot.options

    @property
    def look_title(self) -> str:
        return self.plan.look.title

    @property
    def cost_credits(self) -> int:
        return self.plan.cost_credits

    @property
    def leaves_credits(self) -> int:
        return self.form.available_credits - self.cost_credits

    @property
    def suggested_pack(self) -> catalogue.Pack:
        """The smallest pack that suffices."""
        return catalogue.smallest_pack(-self.leaves_credits)

    @property
    def ratio_class(self) -> str:
        return ratio_class(self.form.aspect_ratio)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is the same in all its pictures."""
        look, form = self.plan.look, self.form
        answers = [
            (slot.label, slot.shown(form.values.get(slot.name)))
            for slot in look.slots
            if slot is not self.plan.slot and form.values.get(slot.name)
        ]
        quality = f"{catalogue.tier_title(form.tier)}, {look.model(form.tier).title}"
        return [*answers, (_("Quality"), quality), (_("Shape"), ratio_title(form.aspect_ratio))]

    @property
    def fields(self) -> Iterator[tuple[str, str]]:
        """What the form sends: the same as the studio's, and which slot."""
        form = self.form
        yield "slot", self.slot_name
        for name in ("look", "look_version", "tier", "aspect_ratio", "seed", "parent", "nonce"):
            yield name, getattr(form, name)
        for name, given in looks.fields(self.plan.look, form.values).items():
            yield from ((name, words) for words in given)


def entries(generation: Generation) -> list[dict[str, Any]]:
    """The sheets that can come of a picture, each with its price and the way to its plan."""
    if generation.look is None or generation.had_reference or generation.status is not Status.DONE:
        return []
    try:
        look = looks.find(generation.look, generation.look_version)
        price = look.cost_credits(generation.tier)
    except Refused:
        return []
    return [
        {
            "label": slot.label,
            "url": f"/generations/sheets/new?{urlencode({'from': generation.public_id, 'slot': slot.name})}",
            "count": len(slot.options),
            "cost_credits": price * len(slot.options),
        }
        for slot in look.slots
        if len(slot.options) > 1
    ]


def family_url(generation: Generation) -> str | None:
    """The way to the next one of a family: every answer but one is kept."""
    if generation.look is None or generation.had_reference:
        return None
    try:
        look = looks.find(generation.look, generation.look_version)
    except Refused:
        return None
    if not look.family_slot:
        return None
    return f"/studio?family={generation.public_id}#slot-{look.family_slot}"
