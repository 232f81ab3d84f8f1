"""The catalogue: which models there are, what each can do, and what it costs.

All of it is data (`data/catalogue.toml`, `data/models/`), read once; the sentences that
refuse what a model cannot do are in `rules`, the comparison with the provider in `drift`.
"""

from __future__ import annotations

from fluxgen.catalogue.image_models import MATCH, ImageModel, Offer, Reference
from fluxgen.catalogue.rules import ANY, ROLES, check, find, fits, model
from fluxgen.catalogue.shop import Catalogue, Pack, Tier, load
from fluxgen.errors import Refused
from fluxgen.words import _

__all__ = [
    "ANY",
    "MATCH",
    "ROLES",
    "Catalogue",
    "ImageModel",
    "Offer",
    "Pack",
    "Reference",
    "Tier",
    "by_family",
    "check",
    "editors",
    "find",
    "fits",
    "lettering",
    "load",
    "model",
    "pack",
    "smallest_pack",
    "taking",
    "tier_promise",
    "tier_title",
    "upscaler",
]

DEFAULT_MODEL = "flux-dev"
DEFAULT_TIER = "studio"
DEFAULT_ASPECT_RATIO = "3:2"


def pack(slug: str) -> Pack:
    """The pack of this name. Raises `Refused`."""
    found = load().packs.get(slug)
    if found is None:
        raise Refused(_("We do not have that pack. Choose one of these."), "pack")
    return found


def smallest_pack(credits: int) -> Pack:
    """The smallest pack with at least this many credits, or the largest there is."""
    by_size = sorted(load().packs.values(), key=lambda pack: pack.credits)
    return next((pack for pack in by_size if pack.credits >= credits), by_size[-1])


def tier_title(slug: str) -> str:
    """The tier's name as people read it."""
    return load().tiers[slug].title


def tier_promise(found: ImageModel, tier: str) -> str:
    """What one gets of this model at this tier."""
    return found.offers[tier].promise or load().tiers[tier].promise


def by_family() -> dict[str, list[ImageModel]]:
    """The models that draw from words, under their families, in the order shown."""
    families: dict[str, list[ImageModel]] = {}
    for found in load().models.values():
        families.setdefault(found.family, []).append(found)
    return families


def lettering() -> list[ImageModel]:
    """The models that draw letters well."""
    return [found for found in load().models.values() if found.letters]


def editors() -> list[ImageModel]:
    """The models that edit a picture by instruction, the usual one first."""
    return [found for found in load().models.values() if found.is_editor]


def taking(role: str) -> list[ImageModel]:
    """The models that can use a reference image in this role."""
    return [found for found in load().models.values() if found.takes(role)]


def upscaler() -> ImageModel:
    """The model that enlarges a result."""
    return load().upscaler
