"""The catalogue: what is offered can be ordered, and costs what it says."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from fluxgen import catalogue
from fluxgen.adapters.images import Order
from fluxgen.catalogue import MATCH, ImageModel
from fluxgen.catalogue.shop import DATA
from fluxgen.clock import now
from fluxgen.generations.submission import PROMPT_MAX, SEED_MAX
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.replicate_models import MODELS
from tests.adapters.wires import images_over
from tests.support.sandboxes import SandboxServer

ALL = [*catalogue.load().models.values(), catalogue.upscaler()]
OFFERS = [
    pytest.param(model, tier, id=f"{model.slug} {tier}") for model in ALL for tier in model.offers
]
UNREAD = "http://localhost/pictures/reference.webp"
MARGIN = 1.2


def references(model: ImageModel) -> list[str | None]:
    """Without a reference where that is possible, with one where that is."""
    needed = model.reference is not None and model.reference.is_required
    return [*([] if needed else [None]), *([UNREAD] if model.reference else [])]


def sandbox_model(model: ImageModel, tier: str) -> str:
    return model.address(tier).partition(":")[0]


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_every_combination_suits_the_models_schema(model: ImageModel, tier: str) -> None:
    complaints = MODELS[sandbox_model(model, tier)].complaints
    counts = {1, model.max_count}
    for url in references(model):
        ratios = model.ratios(has_reference=url is not None)
        assert ratios
        for shape, count, seed in product(ratios, counts, (0, SEED_MAX)):
            sent = model.provider_input(tier, "ü" * PROMPT_MAX, shape, count, seed, url)
            assert complaints(sent) == [], (shape, count, url)


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_the_schema_check_would_notice_a_field_too_many(model: ImageModel, tier: str) -> None:
    sent = model.provider_input(tier, "a fox", "1:1", 1, 7, references(model)[-1])
    assert MODELS[sandbox_model(model, tier)].complaints({**sent, "surprise": 1})


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_every_offer_is_taken_and_delivers_what_it_says(
    sandbox: Sandbox, sandbox_server: SandboxServer, model: ImageModel, tier: str
) -> None:
    images = images_over(None, base_url=f"{sandbox_server.url}/replicate")
    for url in references(model):
        shape = model.ratios(has_reference=url is not None)[0]
        sent = model.provider_input(tier, "[fail] a fox", shape, model.max_count, 7, url)
        images.start(Order(model.address(tier), sent, "token", now()))
    made = list(sandbox.replicate.predictions.newest_first())
    assert {one.count for one in made} == {model.max_count}
    assert {one.extension for one in made} == {model.offers[tier].format}


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_the_price_is_by_the_picture(model: ImageModel, tier: str) -> None:
    single = model.cost_credits(tier, 1)
    assert single > 0
    assert model.cost_credits(tier, 4) == 4 * single


@pytest.mark.parametrize(("model", "tier"), OFFERS)
def test_no_picture_costs_us_more_than_it_brings(model: ImageModel, tier: str) -> None:
    """A credit of the cheapest pack, counting a euro as a dollar, pays the provider and more."""
    worth = min(pack.amount_minor / 100 / pack.credits for pack in catalogue.load().packs.values())
    offer = model.offers[tier]
    asked = offer.provider_usd + offer.reference_usd
    assert offer.cost_credits * worth >= asked * MARGIN


def test_what_is_billed_by_the_megapixel_has_a_largest_reference() -> None:
    billed = [model for model in ALL if any(one.reference_usd for one in model.offers.values())]
    assert [model.family for model in billed] == ["FLUX.2"] * 3
    assert {model.reference.max_megapixels for model in billed if model.reference} == {1.0}


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.slug)
def test_every_model_says_what_it_is_for_and_where_its_price_is_from(model: ImageModel) -> None:
    assert model.title and model.family and 10 <= len(model.strength) <= 60
    assert model.price_mark in {"published", "resold", "unverified"}
    assert model.refusals_charged in {"nobody", "us", "unknown"}
    assert model.max_seed >= SEED_MAX
    assert bool(model.unrepeatable) <= (not model.is_repeatable)
    if model.reference:
        assert set(model.reference.roles) <= set(catalogue.ROLES)
        assert model.reference.does.endswith(".")
    if not model.is_upscaler:
        assert "1:1" in model.aspect_ratios and MATCH not in model.aspect_ratios


def test_every_file_of_a_model_is_on_offer() -> None:
    assert {path.stem for path in (DATA / "models").iterdir()} == {model.slug for model in ALL}


def test_the_models_promised_are_there_by_family() -> None:
    assert {
        family: [model.slug for model in models] for family, models in catalogue.by_family().items()
    } == {
        "FLUX.1": ["flux-schnell", "flux-dev", "flux-1.1-pro", "flux-1.1-pro-ultra"],
        "FLUX.2": ["flux-2-klein", "flux-2-pro", "flux-2-max"],
        "FLUX.1 Kontext": ["flux-kontext-pro", "flux-kontext-max"],
        "Lettering": ["ideogram-v3", "recraft-v3", "qwen-image"],
        "Others": ["seedream-4"],
    }


def test_models_are_found_by_what_they_can_do() -> None:
    assert [model.slug for model in catalogue.editors()] == ["flux-kontext-pro", "flux-kontext-max"]
    assert {"ideogram-v3", "recraft-v3"} <= {model.slug for model in catalogue.lettering()}
    assert "flux-2-pro" in {model.slug for model in catalogue.taking("person")}
    assert catalogue.taking("result") == []
    assert catalogue.upscaler().slug not in catalogue.load().models
    assert catalogue.find(catalogue.upscaler().slug) is catalogue.upscaler()


def test_what_the_form_starts_with_is_on_offer() -> None:
    found = catalogue.check(
        catalogue.DEFAULT_MODEL, catalogue.DEFAULT_TIER, catalogue.DEFAULT_ASPECT_RATIO, 1
    )
    assert found.slug == catalogue.DEFAULT_MODEL


def test_every_tier_of_a_model_has_a_title_and_a_promise() -> None:
    shop = catalogue.load()
    assert {tier for model in shop.models.values() for tier in model.offers} == set(shop.tiers)
    assert all(tier.title and tier.promise for tier in shop.tiers.values())
    assert (
        catalogue.tier_promise(catalogue.model("flux-dev"), "studio") == "The one for most pictures"
    )


def pixels(model: ImageModel, tier: str, shape: str) -> int:
    sent = model.provider_input(tier, "a fox", shape, 1, 7)
    width, height = MODELS[sandbox_model(model, tier)].size_px(sent, None)
    return width * height


def made(model: ImageModel, tier: str) -> tuple[str, object]:
    """By which of the provider's models, and in how many steps."""
    return model.address(tier), model.offers[tier].input.get("num_inference_steps")


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.slug)
def test_a_dearer_tier_is_larger_or_says_what_else_one_pays_for(model: ImageModel) -> None:
    """Larger by a tenth at least; else made otherwise, and the words say: not larger."""
    by_price = sorted(model.offers, key=lambda tier: model.offers[tier].cost_credits)
    assert by_price == [tier for tier in catalogue.load().tiers if tier in model.offers]
    for cheaper, dearer in pairwise(by_price):
        assert model.cost_credits(cheaper, 1) < model.cost_credits(dearer, 1)
        shapes = model.aspect_ratios
        if all(pixels(model, dearer, one) >= 1.1 * pixels(model, cheaper, one) for one in shapes):
            continue
        assert made(model, cheaper) != made(model, dearer)
        promises = {catalogue.tier_promise(model, tier) for tier in (cheaper, dearer)}
        assert any(words.endswith(("as large", "no larger")) for words in promises)
        assert not any("largest" in words.lower() for words in promises)


def test_print_is_as_large_as_it_says() -> None:
    for model in ALL:
        if "print" in model.offers and "megapixels" in catalogue.tier_promise(model, "print"):
            assert max(pixels(model, "print", one) for one in model.aspect_ratios) >= 4_000_000
    assert pixels(catalogue.model("seedream-4"), "print", "1:1") == 4096 * 4096


def test_a_model_without_a_seed_is_sent_none_and_says_why_it_is_not_repeatable() -> None:
    recraft = catalogue.model("recraft-v3")
    assert "seed" not in recraft.provider_input("studio", "a fox", "1:1", 1, 7)
    assert not recraft.is_repeatable and "no seed" in recraft.unrepeatable
    assert catalogue.model("flux-dev").is_repeatable
    assert all(model.input.get("go_fast") is not True for model in ALL if model.is_repeatable)


def test_a_tier_may_be_a_model_of_its_own_at_the_provider() -> None:
    ideogram = catalogue.model("ideogram-v3")
    assert [ideogram.address(tier).rpartition("-")[2] for tier in ideogram.offers] == [
        *("turbo", "balanced", "quality")
    ]
    assert catalogue.upscaler().address("print").startswith("nightmareai/real-esrgan:b3ef1941")


@pytest.mark.parametrize(
    ("slug", "fields"),
    [
        ("flux-dev", {"image": UNREAD, "prompt_strength": 0.75}),
        ("flux-kontext-pro", {"input_image": UNREAD, "aspect_ratio": "match_input_image"}),
        ("flux-2-pro", {"input_images": [UNREAD], "aspect_ratio": "match_input_image"}),
        ("flux-2-klein", {"images": [UNREAD], "aspect_ratio": "match_input_image"}),
        ("seedream-4", {"image_input": [UNREAD], "aspect_ratio": "match_input_image"}),
    ],
)
def test_a_reference_is_sent_in_the_models_own_field(slug: str, fields: dict[str, object]) -> None:
    sent = catalogue.model(slug).provider_input("studio", "a fox", MATCH, 1, 7, UNREAD)
    assert fields.items() <= sent.items()
    if slug == "flux-dev":
        assert "aspect_ratio" not in sent


def test_the_upscaler_is_sent_a_picture_and_no_words() -> None:
    sent = catalogue.upscaler().provider_input("print", "unread", MATCH, 1, 7, UNREAD)
    assert sent == {"image": UNREAD, "scale": 2, "face_enhance": False}
