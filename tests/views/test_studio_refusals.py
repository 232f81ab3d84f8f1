"""A Look's form that does not fit: words at the field, everything else kept, nothing held."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen.models import Account, Entry, Generation
from tests.support.cast import HTMX, order
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.studio import chosen, filled, post, value

BAD = {
    "nothing": ({"slot.who": ""}, "slot-who"),
    "spaces": ({"slot.who": " \t "}, "slot-who"),
    "81 characters": ({"slot.who": "x" * 81}, "slot-who"),
    "10,001 characters": ({"slot.who": "x" * 10_001}, "slot-who"),
    "no words": ({"slot.who": "..."}, "slot-who"),
    "no words of its own": ({"slot.wall.other": " ;:. "}, "slot-wall"),
    "braces": ({"slot.who": "{who}"}, "slot-who"),
    "brackets": ({"slot.who": "[x]"}, "slot-who"),
    "html": ({"slot.who": "<img src=x onerror=alert(1)>"}, "slot-who"),
    "control characters": ({"slot.who": "a\x00b\x1b"}, "slot-who"),
    "hidden direction": ({"slot.who": "a\u202eb"}, "slot-who"),
    "unknown option": ({"slot.hour": "teatime"}, "slot-hour"),
    "two of one": ({"slot.hour": ["late gold", "blue dusk"]}, "slot-hour"),
    "41 of its own": ({"slot.wall.other": "x" * 41}, "slot-wall"),
    "unknown slot": ({"slot.mood": "sad"}, "form-error"),
    "other where there is none": ({"slot.hour.other": "teatime"}, "form-error"),
    "unknown tier": ({"tier": "poster"}, "tier"),
    "a ratio of other Looks": ({"aspect_ratio": "21:9"}, "aspect_ratio"),
    "count 0": ({"count": "0"}, "count"),
    "count 5": ({"count": "5"}, "count"),
    "count x": ({"count": "x"}, "count"),
    "negative seed": ({"seed": "-1"}, "seed"),
    "seed too large": ({"seed": str(2**31)}, "seed"),
    "seed of digits": ({"seed": "9" * 400}, "seed"),
    "unknown version": ({"look_version": "99"}, "form-error"),
    "version x": ({"look_version": "x"}, "form-error"),
}


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(("changes", "place"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_words_at_its_field_and_the_rest_is_kept(
    visit: Visit, alice: Account, changes: dict[str, Any], place: str, headers: dict[str, str]
) -> None:
    form = filled(**{"slot.face": "direct", **changes})
    page = post(visit(alice), form, 422, headers=headers)
    shown = page.by_id(place if place == "form-error" else f"{place}-error")
    assert len(shown.words) > 10
    assert chosen(page, "slot.face") == ["direct"]
    if "slot.who" not in changes:
        assert value(page, "slot.who") == "a retired ferry captain"
    elif "\x00" not in changes["slot.who"]:
        assert value(page, "slot.who") == changes["slot.who"]
    assert Generation.select().count() == 0
    assert Account.get_by_id(alice.id).held == 0
    assert Entry.select().where(Entry.generation.is_null(False)).count() == 0


def test_up_to_three_of_many(visit: Visit, alice: Account) -> None:
    many = ["offcuts", "tools", "twine", "dried leaf"]
    form = order(look="bench-shot", tier="studio", **{"slot.thing": "a jug", "slot.beside": many})
    page = post(visit(alice), {**form, "aspect_ratio": "4:5"}, 422)
    assert page.by_id("slot-beside-error").words
    assert chosen(page, "slot.beside") == many


def test_letters_are_refused_where_the_model_cannot_spell(visit: Visit, alice: Account) -> None:
    form = order(look="two-inks", tier="draft", aspect_ratio="2:3")
    form |= {"slot.subject": "a swimmer", "slot.headline": "SWIM LATE"}
    page = post(visit(alice), form, 422)
    assert page.by_id("slot-headline-error").words
    assert value(page, "slot.headline") == "SWIM LATE"
    assert "Studio" in page.by_id("slot-headline-note").words


def test_an_unknown_look_is_said_beside_the_looks_and_the_words_are_kept(
    visit: Visit, alice: Account
) -> None:
    client = visit(alice)
    page = post(client, order(look="nonsense", prompt="keep these"), 422)
    assert page.by_id("look-error").words
    assert page.by_id("prompt").words == "keep these"
    answers = {"slot.thing": "a bell", "slot.light": "dusk", "slot.reference.adult": "yes"}
    page = post(client, order(look="nonsense", prompt="", **answers), 422)
    assert page.by_id("prompt").words == "a bell, dusk"
    assert post(client, order(prompt="keep these", intent="look:x"), 422).has_id("look-error")
    assert parse(client.get("/studio?look=nonsense").text).has_id("look-error")
