"""A Look: a versioned recipe for one job, and the one text its answers make."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fluxgen import catalogue, formats
from fluxgen.errors import Refused
from fluxgen.looks import template
from fluxgen.looks.slots import Kind, Slot, Values
from fluxgen.looks.template import Piece
from fluxgen.words import _

TEXT_MAX = 900
"""The most characters a Look may send."""

SAMPLE_PX = 480
"""The long side of a sample."""


class Status(StrEnum):
    """A draft is for editors; a live one is on offer; a retired one explains old records."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"


@dataclass(frozen=True)
class Sample:
    """A picture that this very version made: its answers and tier; `file` is below static/."""

    file: str
    values: Values
    tier: str
    aspect_ratio: str
    seed: int
    made_by: str

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        wide, high = map(int, self.aspect_ratio.split(":"))
        longest = max(wide, high)
        return round(SAMPLE_PX * wide / longest), round(SAMPLE_PX * high / longest)


@dataclass(frozen=True)
class Look:
    """One version of a Look. `tiers` names its tested model for each tier."""

    slug: str
    version: int
    status: Status
    title: str
    promise: str
    job: str
    note: str
    template: str
    avoid: str
    alt: str
    ratios: tuple[str, ...]
    tiers: dict[str, str]
    slots: tuple[Slot, ...]
    samples: tuple[Sample, ...] = ()
    after_check: str = ""
    family_slot: str = ""

    def slot(self, name: str) -> Slot:
        """The slot of this name. Raises `Refused`."""
        for slot in self.slots:
            if slot.name == name:
                return slot
        raise Refused(_("This Look does not ask that. Open it anew."), f"slot.{name}")

    @property
    def reference(self) -> Slot | None:
        """The slot that takes a reference picture, if there is one."""
        return next((slot for slot in self.slots if slot.kind is Kind.REFERENCE), None)

    def model(self, tier: str) -> catalogue.ImageModel:
        """The tested model. Raises `Refused` for a tier that this Look does not have."""
        if tier not in self.tiers:
            able = formats.either(catalogue.tier_title(name) for name in self.tiers)
            raise Refused(
                _(
                    "%(title)s is made for %(able)s. Choose one of these.",
                    title=self.title,
                    able=able,
                ),
                "tier",
            )
        return catalogue.model(self.tiers[tier])

    def letters_at(self, tier: str) -> bool:
        """Whether the tested model at this tier draws letters well."""
        return self.model(tier).letters

    def cost_credits(self, tier: str, count: int = 1) -> int:
        """The price of `count` pictures at this tier. Raises `Refused`."""
        return self.model(tier).cost_credits(tier, count)

    @property
    def from_credits(self) -> int:
        """The least that a picture costs."""
        return min(self.cost_credits(tier) for tier in self.tiers)


def pieces(look: Look, values: Values) -> list[Piece]:
    """What will be sent, piece by piece, each with the slot it came from."""
    fixed = f"{look.template} {look.avoid}".strip()
    return template.pieces(fixed, _phrases(look, values))


def compose(look: Look, values: Values) -> str:
    """Exactly what is sent: the same version and values give the same text, byte for byte."""
    return template.text(pieces(look, values))


def alt_text(look: Look, values: Values) -> str:
    """What a picture of these answers shows, for people who do not see it."""
    return template.text(template.pieces(look.alt, _phrases(look, values)))


def _phrases(look: Look, values: Values) -> dict[str, list[str]]:
    return {slot.name: slot.phrases(values.get(slot.name)) for slot in look.slots}
