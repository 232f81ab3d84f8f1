"""What a model cannot do is refused in words, at the field that does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import catalogue
from fluxgen.catalogue import ANY, MATCH
from fluxgen.errors import Refused
from fluxgen.models import Account
from tests.support.cast import order
from tests.support.making import Visit


def refused(slug: str, tier: str, ratio: str, count: int = 1, **more: Any) -> Refused:
    with pytest.raises(Refused) as refusal:
        catalogue.check(slug, tier, ratio, count, **more)
    return refusal.value


@pytest.mark.parametrize(
    ("asked", "more", "field", "words"),
    [
        (("../flux", "draft", "1:1"), {}, "model", "do not have that model"),
        (("flux-dev", "print", "1:1"), {}, "tier", "Draft or Studio"),
        (("flux-1.1-pro", "studio", "21:9"), {}, "aspect_ratio", "does not make that shape"),
        (("flux-dev", "studio", MATCH), {}, "aspect_ratio", "no reference image"),
        (
            ("flux-dev", "studio", "3:2"),
            {"reference": "room"},
            "aspect_ratio",
            "keeps the shape of the reference image",
        ),
        (("flux-1.1-pro", "studio", MATCH), {"reference": ANY}, "aspect_ratio", "that shape"),
        (("flux-dev", "studio", "1:1", 5), {}, "count", "1 to 4 pictures at a time"),
        (("recraft-v3", "studio", "1:1", 2), {}, "count", "1 picture at a time"),
        (("flux-schnell", "draft", "1:1"), {"reference": ANY}, "reference", "cannot use"),
        (
            ("flux-1.1-pro", "studio", "1:1"),
            {"reference": "person"},
            "reference",
            "a reference image as colours",
        ),
        (("recraft-v3", "studio", "1:1"), {"prompt_length": 1001}, "prompt", "reads 1,000"),
        (("real-esrgan", "print", MATCH), {}, "model", "enlarges a picture you have made"),
        (("real-esrgan", "print", MATCH), {"reference": ANY}, "model", "enlarges"),
        (("real-esrgan", "print", "1:1"), {"reference": "result"}, "aspect_ratio", "keeps"),
    ],
)
def test_what_does_not_fit_is_named(
    asked: tuple[Any, ...], more: dict[str, Any], field: str, words: str
) -> None:
    refusal = refused(*asked, **more)
    assert refusal.field == field
    assert words in refusal.words


@pytest.mark.parametrize(
    ("asked", "reference"),
    [
        (("flux-kontext-pro", "studio", "3:2"), None),
        (("flux-kontext-pro", "studio", MATCH), "picture"),
        (("flux-kontext-pro", "studio", "3:2"), "person"),
        (("flux-dev", "studio", MATCH), "room"),
        (("flux-2-max", "print", MATCH), "thing"),
        (("ideogram-v3", "draft", "2:3"), "palette"),
        (("real-esrgan", "print", MATCH), "result"),
    ],
)
def test_what_fits_is_taken(asked: tuple[str, str, str], reference: str | None) -> None:
    assert catalogue.check(*asked, 1, reference=reference).slug == asked[0]


def test_who_cannot_use_a_reference_is_told_who_can() -> None:
    words = refused("recraft-v3", "studio", "1:1", reference="thing").words
    able = [model.title for model in catalogue.load().models.values() if model.reference]
    assert all(title in words for title in able)
    assert "Flux Schnell" not in words


def test_fits_says_the_same_without_words() -> None:
    dev = catalogue.model("flux-dev")
    assert catalogue.fits(dev, "studio", "3:2", 4)
    assert catalogue.fits(dev, "studio", MATCH, 4, has_reference=True)
    assert not catalogue.fits(dev, "studio", MATCH, 4)
    assert not catalogue.fits(dev, "print", "3:2", 4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "real-esrgan", "tier": "print"}, "enlarges a picture you have made"),
        ({"model": "recraft-v3", "tier": "studio", "prompt": "x" * 1001}, "Recraft 3 reads 1,000"),
        ({"model": "flux-2-pro", "aspect_ratio": MATCH}, "no reference image"),
    ],
)
def test_the_form_refuses_it_too(
    visit: Visit, alice: Account, changes: dict[str, str], words: str
) -> None:
    answer = visit(alice).post("/generations", data=order(**changes))
    assert answer.status_code == 422
    assert words in answer.text
