"""Recipes that come of a result: what each keeps, what it leaves behind, what it refuses."""

from __future__ import annotations

import pytest

from fluxgen import archive, looks
from fluxgen.catalogue import MATCH
from fluxgen.errors import Refused
from fluxgen.generations import Filled, Lineage, Reference, derivation
from fluxgen.generations.submission import recipe_of
from fluxgen.models import Account, Generation, Image, Origin
from tests.support.life import done, recipe, submitted
from tests.support.making import image

SIGN = Filled("small-sign", 1, {"thing": "a teapot"})
UPLOADED = {"model": "flux-2-klein", "reference": Reference("file", "https://files.test/file")}


@pytest.fixture
def fox(alice: Account) -> Generation:
    return done(alice, seed=7)


def test_a_remix_and_a_variation_leave_the_seed_behind(fox: Generation) -> None:
    for made, origin in (
        (derivation.remixed(fox), Origin.REMIX),
        (derivation.varied(fox), Origin.VARY),
    ):
        assert made == recipe(lineage=Lineage(fox, origin))
        assert made.seed is None


def test_one_changed_answer_keeps_the_seed_and_another_of_the_family_does_not(
    alice: Account,
) -> None:
    model = looks.find(SIGN.slug, SIGN.version).model("draft").slug
    sign = done(alice, look=SIGN, model=model, seed=7)
    changed = derivation.with_slot_open(sign)
    assert changed.seed == 7
    assert changed.look is not None and changed.look.slots["thing"] == "a teapot"
    family = derivation.of_family(sign)
    assert family.seed is None
    assert family.look is not None and "thing" not in family.look.slots
    assert set(changed.look.slots) - set(family.look.slots) == {"thing"}


def test_a_reference_takes_the_model_that_made_the_picture_where_it_can(
    alice: Account, fox: Generation
) -> None:
    assert derivation.with_reference(fox, 0).model == derivation.REFERENCE_MODEL
    klein = done(alice, model="flux-2-klein")
    made = derivation.with_reference(klein, 0)
    assert (made.model, made.tier, made.prompt) == ("flux-2-klein", "draft", "")
    assert made.lineage == Lineage(klein, Origin.REFERENCE, 0)


def test_an_edit_keeps_the_shape_of_its_picture(fox: Generation) -> None:
    made = derivation.edited(fox, 0, "at dusk")
    assert (made.model, made.aspect_ratio) == ("flux-kontext-pro", MATCH)
    assert made.lineage == Lineage(fox, Origin.EDIT, 0)


@pytest.mark.parametrize(
    ("width", "height", "larger"),
    [
        (1000, 1000, (2000, 2000)),
        (2000, 1000, (4000, 2000)),
        (2000, 2000, (2828, 2828)),
        (2828, 2828, None),
        (4096, 512, None),
    ],
)
def test_a_large_picture_gains_less_and_the_largest_nothing(
    fox: Generation, width: int, height: int, larger: tuple[int, int] | None
) -> None:
    Image.update(width=width, height=height).execute()
    assert derivation.enlarged_size(image(fox)) == larger


def test_the_upscaler_is_only_for_upscaling(fox: Generation) -> None:
    made = derivation.upscaled(fox, 0)
    for origin in (Origin.REMIX, Origin.REFERENCE):
        asked = recipe(
            model=made.model,
            tier=made.tier,
            aspect_ratio=MATCH,
            lineage=Lineage(fox, origin),
            reference=UPLOADED["reference"],
        )
        with pytest.raises(Refused) as refusal:
            asked.checked()
        assert refusal.value.field == "model"


def test_what_is_not_done_or_was_deleted_has_no_picture(alice: Account, fox: Generation) -> None:
    waiting = submitted(alice)
    with pytest.raises(Refused):
        derivation.picture(waiting, 0)
    with pytest.raises(Refused):
        derivation.picture(fox, 1)
    archive.delete(fox)
    with pytest.raises(Refused):
        derivation.picture(Generation.get_by_id(fox.id), 0)


def test_an_uploaded_reference_cannot_be_varied_without_it(alice: Account) -> None:
    made = done(alice, **UPLOADED)
    with pytest.raises(Refused, match="not kept"):
        derivation.varied(made)
    assert derivation.source(made) is None


def test_only_what_was_made_of_a_picture_has_it_as_its_source(
    alice: Account, fox: Generation
) -> None:
    for own in (image(fox), None):
        child = done(alice, **UPLOADED, lineage=Lineage(fox, Origin.REMIX, 0), source=own)
        assert derivation.source(child) == own
        assert recipe_of(child, Origin.RETRY).reference is None
    assert len(derivation.children_of(alice, fox)) == 2
