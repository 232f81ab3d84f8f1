"""What one model can do, at which price, and what is sent to have it done.

Prices are whole credits a picture, the provider's prices US dollars, durations seconds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

MATCH = "match"
"""The shape that means "as the reference"; only there when a reference is."""


@dataclass(frozen=True)
class Reference:
    """How a model takes a reference image, and what it can serve as.

    `shape` says whether the picture's shape is always the one chosen, may also be the
    reference's, or is always kept. A larger file is made smaller than `max_megapixels` first.
    """

    field: str
    roles: tuple[str, ...]
    does: str
    shape: Literal["chosen", "either", "kept"] = "chosen"
    matched_by: str = ""
    is_list: bool = False
    is_required: bool = False
    max_megapixels: float = 4.0
    input: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def sent(self, url: str) -> dict[str, Any]:
        """The fields that carry one reference."""
        return {**self.input, self.field: [url] if self.is_list else url}


@dataclass(frozen=True)
class Offer:
    """One model at one tier: its price, how long it takes, and the inputs that make it.

    `reference_usd` is what one reference image adds to the provider's price. `promise` says
    what one gets for it where the tier's own words do not fit this model.
    """

    cost_credits: int
    provider_usd: float
    expected_s: int
    format: str
    input: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    reference_usd: float = 0.0
    provider_model: str = ""
    promise: str = ""


@dataclass(frozen=True)
class ImageModel:
    """A model as we offer it.

    A `version` is called by that version alone (community models). `unrepeatable` says in
    words why the same seed does not give the same picture; empty where it does.
    `refusals_charged`: whether the provider charges us for what its filter stops, or that it
    is not known; never the person.
    """

    slug: str
    title: str
    family: str
    notch: str
    strength: str
    provider_model: str
    aspect_ratios: tuple[str, ...]
    max_count: int
    offers: Mapping[str, Offer]
    price_checked: date
    price_mark: Literal["published", "resold", "unverified"]
    refusals_charged: Literal["nobody", "us", "unknown"]
    version: str = ""
    count_field: str = ""
    seed_field: str = "seed"
    max_seed: int = 2**31 - 1
    unrepeatable: str = ""
    letters: bool = False
    prompt_max: int | None = None
    reference: Reference | None = None
    is_editor: bool = False
    is_upscaler: bool = False
    input: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def has_seed(self) -> bool:
        """Whether it takes a seed at all."""
        return bool(self.seed_field)

    @property
    def is_repeatable(self) -> bool:
        """Whether the same words and seed give the same picture."""
        return self.has_seed and not self.unrepeatable

    @property
    def usual(self) -> Offer:
        """Its offer at Studio, or the first there is."""
        return self.offers.get("studio") or next(iter(self.offers.values()))

    @property
    def expected_s(self) -> int:
        """Seconds one picture usually takes, at its usual tier."""
        return self.usual.expected_s

    @property
    def provider_usd(self) -> float:
        """The provider's price of one picture, at its usual tier."""
        return self.usual.provider_usd

    def ratios(self, *, has_reference: bool) -> tuple[str, ...]:
        """The shapes to offer; with a reference also, or only, `MATCH`."""
        if not has_reference or self.reference is None:
            return self.aspect_ratios
        match self.reference.shape:
            case "either":
                return (MATCH, *self.aspect_ratios)
            case "kept":
                return (MATCH,)
        return self.aspect_ratios

    def takes(self, role: str) -> bool:
        """Whether a reference in this role is of any use to it."""
        return self.reference is not None and role in self.reference.roles

    def cost_credits(self, tier: str, count: int) -> int:
        """The price of `count` pictures at this tier."""
        return self.offers[tier].cost_credits * count

    def address(self, tier: str) -> str:
        """Whom the provider shall ask: `owner/name`, or `owner/name:version`."""
        name = self.offers[tier].provider_model or self.provider_model
        return f"{name}:{self.version}" if self.version else name

    def provider_input(
        self,
        tier: str,
        prompt: str,
        aspect_ratio: str,
        count: int,
        seed: int,
        reference_url: str | None = None,
    ) -> dict[str, Any]:
        """Exactly what is sent to the provider: only fields that the model knows."""
        sent: dict[str, Any] = {**self.input, **self.offers[tier].input}
        if not self.is_upscaler:
            sent |= {"prompt": prompt, **self._shape(aspect_ratio)}
        if self.count_field:
            sent[self.count_field] = count
        if self.seed_field:
            sent[self.seed_field] = seed
        if reference_url and self.reference:
            sent |= self.reference.sent(reference_url)
        return sent

    def _shape(self, aspect_ratio: str) -> dict[str, str]:
        if aspect_ratio != MATCH:
            return {"aspect_ratio": aspect_ratio}
        matched_by = self.reference.matched_by if self.reference else ""
        return {"aspect_ratio": matched_by} if matched_by else {}
