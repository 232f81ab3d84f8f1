"""Everything on offer, read once from `data/`: one file a model, tiers and packs in one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from fluxgen.catalogue.image_models import ImageModel, Offer, Reference

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Tier:
    """A promise a person understands: Draft, Studio, Print."""

    slug: str
    title: str
    promise: str


@dataclass(frozen=True)
class Pack:
    """Credits to buy, and their price in minor currency units."""

    slug: str
    credits: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Catalogue:
    """Everything on offer, in the order it is shown.

    `models` draw from words; the `upscaler` only enlarges what is there.
    """

    tiers: Mapping[str, Tier]
    models: Mapping[str, ImageModel]
    upscaler: ImageModel
    packs: Mapping[str, Pack]
    checked: date


@cache
def load() -> Catalogue:
    """The catalogue of this release."""
    data = _read(DATA / "catalogue.toml")
    return Catalogue(
        tiers={row["slug"]: Tier(**row) for row in data["tiers"]},
        models={slug: _model(slug) for slug in data["models"]},
        upscaler=_model(data["upscaler"]),
        packs={row["slug"]: Pack(**row, currency=data["currency"]) for row in data["packs"]},
        checked=data["checked"],
    )


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _model(slug: str) -> ImageModel:
    row = _read(DATA / "models" / f"{slug}.toml")
    reference = row.pop("reference", None)
    if reference is not None:
        row["reference"] = Reference(**{**reference, "roles": tuple(reference["roles"])})
    row["offers"] = {tier: Offer(**offer) for tier, offer in row["offers"].items()}
    row["aspect_ratios"] = tuple(row["aspect_ratios"])
    return ImageModel(slug=slug, **row)
