"""The form in which a picture is asked for, and its options as the chosen model has them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, render_template, request

from fluxgen import catalogue
from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.generations.submission import PROMPT_MAX, Recipe
from fluxgen.models import Account
from fluxgen.partials.cards import ratio_class
from fluxgen.presentation import current_account, plural
from fluxgen.security import member

compose_partials = Blueprint("compose_partials", __name__, url_prefix="/partials/compose")


DRAFT = "draft"
"""Where the session keeps a form that could not be paid for."""
DRAFT_FIELDS = ("prompt", "model", "tier", "aspect_ratio", "count", "seed")

DIGITS_MAX = 20


@dataclass(frozen=True)
class Form:
    """What was chosen and typed so far; choices that the model lacks fall back to its own."""

    prompt: str = ""
    model: str = catalogue.DEFAULT_MODEL
    tier: str = catalogue.DEFAULT_TIER
    aspect_ratio: str = catalogue.DEFAULT_ASPECT_RATIO
    count: int = 1
    seed: str = ""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    available_credits: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    short_by: int = 0

    prompt_max = PROMPT_MAX

    @property
    def chosen(self) -> catalogue.ImageModel:
        return catalogue.model(self.model)

    @property
    def models(self) -> list[dict[str, Any]]:
        return [
            {
                "slug": model.slug,
                "title": model.title,
                "notch": model.notch,
                "expected_s": model.expected_s,
                "checked": model.slug == self.model,
            }
            for model in catalogue.load().models.values()
        ]

    @property
    def tiers(self) -> list[dict[str, Any]]:
        tiers = catalogue.load().tiers
        return [
            {
                "slug": slug,
                "title": tiers[slug].title,
                "promise": tiers[slug].promise,
                "cost_credits": offer.cost_credits,
                "checked": slug == self.tier,
            }
            for slug, offer in self.chosen.offers.items()
        ]

    @property
    def aspect_ratios(self) -> list[dict[str, Any]]:
        return [
            {"value": ratio, "css": ratio_class(ratio), "checked": ratio == self.aspect_ratio}
            for ratio in self.chosen.aspect_ratios
        ]

    @property
    def counts(self) -> list[dict[str, Any]]:
        return [
            {"value": count, "checked": count == self.count}
            for count in range(1, self.chosen.max_count + 1)
        ]

    @property
    def cost_credits(self) -> int:
        return self.chosen.cost_credits(self.tier, self.count)

    @property
    def summary(self) -> str:
        tier = catalogue.tier_title(self.tier)
        pictures = plural(self.count, "picture")
        return f"{self.chosen.title} · {tier} · {self.aspect_ratio} · {pictures}"

    @property
    def recipe(self) -> Recipe:
        """What is asked for. Raises `Refused` when the seed is no number."""
        if self.seed and not _is_number(self.seed):
            raise Refused("A seed is a whole number.", "seed")
        return Recipe(
            prompt=self.prompt,
            model=self.model,
            tier=self.tier,
            aspect_ratio=self.aspect_ratio,
            count=self.count,
            seed=int(self.seed) if self.seed else None,
        )

    @property
    def draft(self) -> dict[str, Any]:
        """What has to be kept to show this form again later."""
        return {name: getattr(self, name) for name in DRAFT_FIELDS}

    @property
    def suggested_pack(self) -> catalogue.Pack:
        """The smallest pack that suffices."""
        return catalogue.smallest_pack(self.short_by)

    def refused(self, refusal: Refused) -> Form:
        """The same form with words at the field that does not fit."""
        short_by = refusal.missing if isinstance(refusal, InsufficientCredits) else 0
        return replace(self, errors={refusal.field: refusal.words}, short_by=short_by)

    def emptied(self, account: Account) -> Form:
        """The form for the next picture: the same choices, no words, a nonce of its own."""
        fresh = secrets.token_urlsafe(16)
        return replace(
            self, prompt="", nonce=fresh, available_credits=account.available, errors={}, short_by=0
        )


def _is_number(written: str) -> bool:
    """Whether this is a whole number of a length that is worth reading."""
    return written.isdecimal() and len(written) <= DIGITS_MAX


def read(values: Mapping[str, str], account: Account) -> Form:
    """The form as it was sent, unchanged: what does not fit is refused in words later."""
    count = values.get("count", "1")
    return Form(
        prompt=values.get("prompt", ""),
        model=values.get("model", catalogue.DEFAULT_MODEL),
        tier=values.get("tier", catalogue.DEFAULT_TIER),
        aspect_ratio=values.get("aspect_ratio", catalogue.DEFAULT_ASPECT_RATIO),
        seed=values.get("seed", ""),
        nonce=values.get("nonce", ""),
        count=int(count) if _is_number(count) else 0,
        available_credits=account.available,
    )


def fitted(form: Form) -> Form:
    """The nearest form that the chosen model can do; what still fits is kept."""
    model = catalogue.load().models.get(form.model)
    if model is None:
        model = catalogue.model(catalogue.DEFAULT_MODEL)
    tier = form.tier if form.tier in model.offers else _nearest_tier(model)
    ratio = form.aspect_ratio if form.aspect_ratio in model.aspect_ratios else "1:1"
    count = min(max(1, form.count), model.max_count)
    return replace(form, model=model.slug, tier=tier, aspect_ratio=ratio, count=count)


def _nearest_tier(model: catalogue.ImageModel) -> str:
    """Studio where there is one, else the first on offer."""
    default = catalogue.DEFAULT_TIER
    return default if default in model.offers else next(iter(model.offers))


@compose_partials.get("/options")
@member
def options() -> str:
    """The options of the model that has just been chosen."""
    form = fitted(read(request.args, current_account()))
    return render_template("partials/compose_options.html", form=form)
