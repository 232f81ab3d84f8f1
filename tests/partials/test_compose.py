"""The options of the form, as the chosen model has them."""

from __future__ import annotations

import pytest

from fluxgen import catalogue
from fluxgen.models import Account
from tests.support.making import Visit
from tests.support.pages import Page, parse

ADDRESS = "/partials/compose/options"


def options(visit: Visit, account: Account, **chosen: str) -> Page:
    """The fragment for these choices."""
    answer = visit(account).get(ADDRESS, query_string=chosen)
    assert answer.status_code == 200
    return parse(answer.text)


@pytest.mark.parametrize("slug", list(catalogue.load().models))
def test_each_model_offers_what_it_can_do_and_no_more(
    visit: Visit, alice: Account, slug: str
) -> None:
    model = catalogue.model(slug)
    page = options(visit, alice, model=slug)
    radios = page.all("input")

    def values(name: str) -> list[str]:
        return [radio["value"] for radio in radios if radio["name"] == name]

    assert values("tier") == list(model.offers)
    assert values("aspect_ratio") == list(model.aspect_ratios)
    assert values("count") == [str(count) for count in range(1, model.max_count + 1)]
    for name in ("tier", "aspect_ratio", "count"):
        assert page.checked(name) in values(name)


def test_prices_stand_beside_the_tiers(visit: Visit, alice: Account) -> None:
    page = options(visit, alice, model="flux-2-pro")
    costs = {
        radio["value"]: radio["data-cost"] for radio in page.all("input") if radio.has("data-cost")
    }
    assert costs == {"draft": "3", "studio": "4", "print": "10"}


def test_what_still_fits_is_kept(visit: Visit, alice: Account) -> None:
    page = options(visit, alice, model="flux-dev", tier="draft", aspect_ratio="21:9", count="3")
    assert [page.checked(name) for name in ("tier", "aspect_ratio", "count")] == [
        *("draft", "21:9", "3")
    ]


@pytest.mark.parametrize(
    ("model", "wanted", "got"),
    [("qwen-image", "4:5", "3:4"), ("flux-2-pro", "21:9", "16:9"), ("flux-2-pro", "x", "1:1")],
)
def test_of_the_shapes_the_nearest_is_kept(
    visit: Visit, alice: Account, model: str, wanted: str, got: str
) -> None:
    assert options(visit, alice, model=model, aspect_ratio=wanted).checked("aspect_ratio") == got


def test_a_reference_that_a_model_has_no_use_for_is_said_and_comes_back(
    visit: Visit, alice: Account
) -> None:
    page = options(visit, alice, model="recraft-v3", has_reference="yes", prompt="a kettle")
    said = page.by_id("reference-unused")
    assert "does not use your reference image" in said.words
    kept = {
        field["name"]: field["value"] for field in page.all("input") if field["type"] == "hidden"
    }
    assert kept["has_reference"] == "yes"
    back = options(visit, alice, model="flux-2-pro", has_reference="yes")
    assert back.has_id("reference-field") and not back.has_id("reference-unused")


def test_what_does_not_fit_falls_back(visit: Visit, alice: Account) -> None:
    page = options(visit, alice, model="flux-1.1-pro", tier="draft", aspect_ratio="21:9", count="4")
    assert [page.checked(name) for name in ("tier", "aspect_ratio", "count")] == [
        *("studio", "16:9", "1")
    ]


@pytest.mark.parametrize("model", ["", "nonsense", "%00", "flux-dev' OR 1=1"])
def test_an_unknown_model_is_the_usual_one(visit: Visit, alice: Account, model: str) -> None:
    page = options(visit, alice, model=model, count="-1", tier="x", aspect_ratio="x")
    assert page.checked("tier") == catalogue.DEFAULT_TIER


def test_the_answer_is_what_it_replaces_and_the_reference_field_beside_it(
    visit: Visit, alice: Account
) -> None:
    page = options(visit, alice, model="flux-dev")
    roots = [element["id"] for element in page.elements if element.parent is None]
    assert roots == ["compose-options", "compose-reference"]


def test_it_is_for_members(visit: Visit) -> None:
    assert visit(None).get(ADDRESS).status_code == 401
