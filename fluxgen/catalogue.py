"""The catalogue: which models there are, what each can do, and what it costs.

All of it is data (`data/catalogue.toml`), read once. Prices are whole credits a picture,
durations are seconds.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fluxgen.errors import Refused

CATALOGUE = Path(__file__).parent / "data" / "catalogue.toml"
DEFAULT_MODEL = "flux-dev"
DEFAULT_TIER = "studio"
DEFAULT_ASPECT_RATIO = "3:2"


@dataclass(frozen=True)
class Tier:
    """A promise a person understands: Draft, Studio, Print."""

    slug: str
    title: str
    promise: str


@dataclass(frozen=True)
class Offer:
    """One model at one tier: its price (credits a picture) and the inputs that make it."""

    cost_credits: int
    input: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImageModel:
    """A model as we offer it."""

    slug: str
    title: str
    notch: str
    provider_model: str
    aspect_ratios: tuple[str, ...]
    max_count: int
    expected_s: int
    provider_usd: float
    input: dict[str, Any]
    offers: dict[str, Offer]
    count_field: str | None = None

    def cost_credits(self, tier: str, count: int) -> int:
        """The price of `count` pictures at this tier."""
        return self.offers[tier].cost_credits * count

    def provider_input(
        self, tier: str, prompt: str, aspect_ratio: str, count: int, seed: int
    ) -> dict[str, Any]:
        """Exactly what is sent to the provider: only fields that the model knows."""
        counted = {self.count_field: count} if self.count_field else {}
        return {
            **self.input,
            **self.offers[tier].input,
            **counted,
            "prompt": prompt,
            "aspect_ratio": aspect_ratio,
            "seed": seed,
        }


@dataclass(frozen=True)
class Pack:
    """Credits to buy, and their price in minor currency units."""

    slug: str
    credits: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Catalogue:
    """Everything on offer, in the order it is shown."""

    tiers: dict[str, Tier]
    models: dict[str, ImageModel]
    packs: dict[str, Pack]
    checked: date


@cache
def load() -> Catalogue:
    """The catalogue of this release."""
    with CATALOGUE.open("rb") as file:
        data = tomllib.load(file)
    return Catalogue(
        tiers={row["slug"]: Tier(**row) for row in data["tiers"]},
        models={row["slug"]: _model(row) for row in data["models"]},
        checked=data["checked"],
        packs={row["slug"]: Pack(**row, currency=data["currency"]) for row in data["packs"]},
    )


def _model(row: dict[str, Any]) -> ImageModel:
    offers = {slug: Offer(**offer) for slug, offer in row.pop("tiers").items()}
    ratios = tuple(row.pop("aspect_ratios"))
    return ImageModel(**row, aspect_ratios=ratios, offers=offers)


def model(slug: str) -> ImageModel:
    """The model of this name. Raises `Refused` in words a person understands."""
    found = load().models.get(slug)
    if found is None:
        raise Refused("We do not have that model. Choose one of these.", "model")
    return found


def pack(slug: str) -> Pack:
    """The pack of this name. Raises `Refused`."""
    found = load().packs.get(slug)
    if found is None:
        raise Refused("We do not have that pack. Choose one of these.", "pack")
    return found


def smallest_pack(credits: int) -> Pack:
    """The smallest pack with at least this many credits, or the largest there is."""
    by_size = sorted(load().packs.values(), key=lambda pack: pack.credits)
    return next((pack for pack in by_size if pack.credits >= credits), by_size[-1])


def tier_title(slug: str) -> str:
    """The tier's name as people read it."""
    return load().tiers[slug].title


def check(slug: str, tier: str, aspect_ratio: str, count: int) -> ImageModel:
    """The model, if it can do all of this. Raises `Refused` naming the field that does not fit."""
    found = model(slug)
    if tier not in found.offers:
        able = " or ".join(tier_title(name) for name in found.offers)
        raise Refused(f"{found.title} makes {able} pictures. Choose one of these.", "tier")
    if aspect_ratio not in found.aspect_ratios:
        raise Refused(f"{found.title} does not make that shape. Choose another.", "aspect_ratio")
    if not 1 <= count <= found.max_count:
        most = "1 picture" if found.max_count == 1 else f"1 to {found.max_count} pictures"
        raise Refused(f"{found.title} makes {most} at a time.", "count")
    return found
