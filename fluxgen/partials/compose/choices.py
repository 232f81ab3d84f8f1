"""What there is to choose from: Looks, models, tiers, shapes and counts, as the form shows them."""

from __future__ import annotations

import math
from typing import Any

from fluxgen import catalogue, generations
from fluxgen import looks as looks_
from fluxgen.catalogue import MATCH, ImageModel, Offer
from fluxgen.looks import Look
from fluxgen.partials.ratios import ratio_class
from fluxgen.words import N_, _

RATIO_MAX = 9
MATCH_TITLE = N_("as yours")


def looks(chosen: str) -> list[dict[str, Any]]:
    """The Looks on offer, each with its first sample."""
    return [
        {
            "slug": look.slug,
            "title": look.title,
            "promise": look.promise,
            "job": _(looks_.JOBS[look.job]),
            "sample": look.samples[0].file if look.samples else "",
            "checked": look.slug == chosen,
        }
        for look in looks_.offered()
    ]


def families(chosen: str) -> list[dict[str, Any]]:
    """The models by family, each with its price and seconds at every tier."""
    return [
        {
            "title": family,
            "models": [
                {
                    "slug": model.slug,
                    "title": model.title,
                    "notch": model.notch,
                    "strength": model.strength,
                    "offers": [_offer(tier, offer) for tier, offer in model.offers.items()],
                    "checked": model.slug == chosen,
                }
                for model in models
            ],
        }
        for family, models in catalogue.by_family().items()
    ]


def tiers(look: Look | None, model: ImageModel, chosen: str) -> list[dict[str, Any]]:
    """The tiers of the Look, each with its tested model, or of the model."""
    models = {tier: look.model(tier) for tier in look.tiers} if look else {}
    asked = models or dict.fromkeys(model.offers, model)
    return [
        {
            **_offer(tier, each.offers[tier]),
            "expected_s": generations.expected_s(each, tier),
            "promise": catalogue.tier_promise(each, tier),
            "model": models.get(tier),
            "checked": tier == chosen,
        }
        for tier, each in asked.items()
    ]


def aspect_ratios(shapes: tuple[str, ...], chosen: str) -> list[dict[str, Any]]:
    """The shapes on offer."""
    return [
        {
            "value": ratio,
            "title": ratio_title(ratio),
            "css": ratio_class(ratio),
            "checked": ratio == chosen,
        }
        for ratio in shapes
    ]


def shapes(look: Look | None, model: ImageModel, *, has_reference: bool) -> tuple[str, ...]:
    """The aspect ratios that may be asked for: the Look's, or the model's."""
    if look:
        return tuple(ratio for ratio in look.ratios if ratio in model.aspect_ratios)
    return model.ratios(has_reference=has_reference)


def nearest(shapes: tuple[str, ...], wanted: str) -> str | None:
    """The shape on offer that differs least from this one; None where either has no measure."""
    measured = {ratio: _width_by_height(ratio) for ratio in (*shapes, wanted)}
    if (aim := measured[wanted]) is None:
        return None
    known = [ratio for ratio in shapes if measured[ratio]]
    return min(known, key=lambda ratio: abs(math.log((measured[ratio] or aim) / aim)), default=None)


def _width_by_height(ratio: str) -> float | None:
    width, __, height = ratio.partition(":")
    is_measure = len(ratio) <= RATIO_MAX and width.isdecimal() and height.isdecimal()
    return int(width) / int(height) if is_measure and int(width) and int(height) else None


def ratio_title(ratio: str) -> str:
    """How a shape is called."""
    return _(MATCH_TITLE) if ratio == MATCH else ratio


def counts(model: ImageModel, chosen: int) -> list[dict[str, Any]]:
    """How many pictures may be asked for at once."""
    return [{"value": count, "checked": count == chosen} for count in range(1, model.max_count + 1)]


def _offer(tier: str, offer: Offer) -> dict[str, Any]:
    return {
        "slug": tier,
        "title": catalogue.tier_title(tier),
        "cost_credits": offer.cost_credits,
        "expected_s": offer.expected_s,
    }
