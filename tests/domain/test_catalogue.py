"""The catalogue: what is offered can be ordered, and costs what it says."""

from __future__ import annotations

from itertools import product

import httpx
import pytest

from fluxgen import catalogue, clock
from fluxgen.adapters.images import Order, ReplicateImages
from fluxgen.catalogue import ImageModel
from fluxgen.errors import Refused
from fluxgen.generations.submission import PROMPT_MAX, SEED_MAX
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_models import MODELS
from fluxgen.sandbox.replicate_schema import complaints
from fluxgen.settings import SANDBOX_WEBHOOK_SECRET

OFFERS = [
    pytest.param(model, tier, id=f"{model.slug} {tier}")
    for model in catalogue.load().models.values()
    for tier in model.offers
]


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_every_offer_is_accepted_by_the_provider(
    sandbox: Sandbox, model: ImageModel, tier: str
) -> None:
    images = ReplicateImages(
        token="sandbox",
        base_url="http://sandbox.test/replicate",
        webhook_secret=SANDBOX_WEBHOOK_SECRET,
        webhooks_from="http://localhost",
        transport=httpx.WSGITransport(app=sandbox),
    )
    for shape in model.aspect_ratios:  # "[fail]" saves the painting
        sent = model.provider_input(tier, "[fail] a fox", shape, model.max_count, seed=7)
        images.start(Order(model.provider_model, sent, "token", clock.now()))
    made = list(sandbox.replicate.predictions.newest_first())
    assert [one.input["aspect_ratio"] for one in reversed(made)] == list(model.aspect_ratios)
    assert {one.count for one in made} == {model.max_count}


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_every_combination_suits_the_models_schema(model: ImageModel, tier: str) -> None:
    fields = MODELS[model.provider_model].fields
    counts = range(1, model.max_count + 1)
    for shape, count, seed in product(model.aspect_ratios, counts, (0, SEED_MAX)):
        sent = model.provider_input(tier, "ü" * PROMPT_MAX, shape, count, seed)
        assert complaints(fields, sent) == []


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_the_schema_check_would_notice_a_field_too_many(model: ImageModel, tier: str) -> None:
    sent = model.provider_input(tier, "a fox", "1:1", 1, 7)
    assert complaints(MODELS[model.provider_model].fields, {**sent, "surprise": 1})


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_the_price_is_by_the_picture(model: ImageModel, tier: str) -> None:
    single = model.cost_credits(tier, 1)
    assert single > 0
    assert model.cost_credits(tier, 4) == 4 * single


def test_the_four_models_of_the_first_release_are_there() -> None:
    assert {"flux-schnell", "flux-dev", "flux-1.1-pro", "flux-2-pro"} <= set(
        catalogue.load().models
    )


def test_what_the_form_starts_with_is_on_offer() -> None:
    found = catalogue.check(
        catalogue.DEFAULT_MODEL, catalogue.DEFAULT_TIER, catalogue.DEFAULT_ASPECT_RATIO, 1
    )
    assert found.slug == catalogue.DEFAULT_MODEL


def test_every_tier_of_a_model_has_a_title_and_a_promise() -> None:
    shop = catalogue.load()
    assert {tier for model in shop.models.values() for tier in model.offers} == set(shop.tiers)
    assert all(tier.title and tier.promise for tier in shop.tiers.values())


def test_an_unknown_model_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="do not have that model") as refusal:
        catalogue.model("../flux")
    assert refusal.value.field == "model"


def test_a_tier_that_a_model_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(Refused, match="Draft or Studio"):
        catalogue.check("flux-dev", "print", "1:1", 1)
