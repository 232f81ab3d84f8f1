"""Answers: read from a form and refused at the right field; shuffled, varied, given back."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from fluxgen import looks
from fluxgen.errors import Refused
from fluxgen.looks import Look
from fluxgen.looks.slots import Values

WHO = {"slot.who": ["a night nurse"]}
AGREED = {"slot.reference.consented": ["yes"], "slot.reference.adult": ["yes"]}


def refused(slug: str, form: dict[str, list[str]], **more: object) -> Refused:
    with pytest.raises(Refused) as refusal:
        looks.read(looks.find(slug), form, **more)  # type: ignore[arg-type]
    return refusal.value


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "slot.who"),
        ({"slot.who": ["   \n "]}, "slot.who"),
        ({"slot.who": ["x" * 81]}, "slot.who"),
        ({"slot.who": ["a {wall}"]}, "slot.who"),
        ({"slot.who": ["a [nurse]"]}, "slot.who"),
        ({"slot.who": ["<b>nurse</b>"]}, "slot.who"),
        ({"slot.who": ["a\x00nurse"]}, "slot.who"),
        ({"slot.who": ["a\x1b[0mnurse"]}, "slot.who"),
        ({"slot.who": ["a \u202enurse"]}, "slot.who"),
        ({"slot.who": ["a \u2066nurse"]}, "slot.who"),
        ({"slot.who": ["a nu\u200brse"]}, "slot.who"),
        ({"slot.who": ["a", "b"]}, "slot.who"),
        ({**WHO, "slot.hour": ["midnight"]}, "slot.hour"),
        ({**WHO, "slot.hour": ["late gold", "blue dusk"]}, "slot.hour"),
        ({**WHO, "slot.hour.other": ["midnight"]}, "slot.hour.other"),
        ({**WHO, "slot.wall.other": ["x" * 41]}, "slot.wall"),
        ({**WHO, "slot.wall.other": ["{who}"]}, "slot.wall"),
        ({**WHO, "slot.nothing": ["x"]}, "slot.nothing"),
        ({**WHO, "slot.": ["x"]}, "slot."),
        ({**WHO, "slot.who.consented": ["yes"]}, "slot.who.consented"),
        ({**WHO, "slot.wall.other.other": ["x"]}, "slot.wall.other.other"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(form: dict[str, list[str]], field: str) -> None:
    refusal = refused("window-light", form)
    assert refusal.field == field
    assert refusal.words.endswith(".")


def test_at_most_three_of_many_and_at_least_one_where_it_is_required() -> None:
    thing = {"slot.thing": ["a cup"]}
    four = {**thing, "slot.beside": ["offcuts", "tools", "twine", "dried leaf"]}
    assert refused("bench-shot", four).field == "slot.beside"
    assert refused("bench-shot", {**thing, "slot.beside": ["gold"]}).field == "slot.beside"
    look = looks.find("bench-shot")
    assert looks.read(look, {**thing, "slot.beside": [""]})["beside"] == []
    assert looks.read(look, thing)["beside"] == ["offcuts"]
    plate = {"slot.species": ["a hen"], "slot.shows": [""]}
    assert refused("field-plate", plate).field == "slot.shows"


def test_lettering_is_only_taken_where_a_model_can_spell() -> None:
    look = looks.find("two-inks")
    form = {"slot.subject": ["a heron"], "slot.headline": ["SWIM LATE"]}
    assert not look.letters_at("draft") and look.letters_at("studio")
    refusal = refused("two-inks", form, tier="draft")
    assert refusal.field == "slot.headline"
    assert "Flux Schnell does not spell well" in refusal.words
    assert looks.read(look, form, tier="studio")["headline"] == "SWIM LATE"
    assert "headline" not in looks.read(look, {"slot.subject": ["a heron"]}, tier="draft")
    assert refused("two-inks", {**form, "slot.headline": ["x" * 25]}).field == "slot.headline"


@pytest.mark.parametrize("missing", list(AGREED))
def test_a_person_has_to_agree_and_be_an_adult(missing: str) -> None:
    form = {**WHO, **{name: value for name, value in AGREED.items() if name != missing}}
    assert refused("window-light", form, has_reference=True).field == "slot.reference"
    values = looks.read(looks.find("window-light"), {**WHO, **AGREED}, has_reference=True)
    assert values["reference"] is True
    assert "reference" not in looks.read(looks.find("window-light"), {**WHO, **AGREED})


def test_a_thing_need_not_agree() -> None:
    values = looks.read(looks.find("bench-shot"), {"slot.thing": ["a cup"]}, has_reference=True)
    assert values["reference"] is True


def test_line_breaks_and_runs_of_space_become_single_spaces() -> None:
    look = looks.find("window-light")
    assert looks.read(look, {"slot.who": [" a\r\n night\t\u2028 nurse "]})["who"] == "a night nurse"


@pytest.mark.parametrize(
    "written", ["猫を抱いた女性", "кондуктор", "خباز شاب", "a fan of 👩‍🚀 suits"]
)
def test_other_scripts_and_emoji_are_words_too(written: str) -> None:
    look = looks.find("window-light")
    values = looks.read(look, {"slot.who": [written]})
    assert values["who"] == written
    assert written in looks.compose(look, values)


def test_own_words_win_over_the_option_beside_them() -> None:
    look = looks.find("window-light")
    values = looks.read(look, {**WHO, "slot.wall": ["limewash"], "slot.wall.other": ["blue tiles"]})
    assert values["wall"] == {"other": "blue tiles"}


@pytest.mark.parametrize("look", looks.offered(), ids=lambda look: look.slug)
def test_answers_are_plain_json_and_a_form_gives_them_back(look: Look) -> None:
    for sample in look.samples:
        kept: Values = json.loads(json.dumps(sample.values))
        assert looks.compose(look, kept) == looks.compose(look, sample.values)
        assert looks.read(look, looks.fields(look, kept)) == kept


@pytest.mark.parametrize("look", looks.offered(), ids=lambda look: look.slug)
def test_a_preview_never_refuses_and_keeps_what_fits(look: Look) -> None:
    form = {slot.field: ["{no}\x00" * 40] for slot in look.slots} | {"slot.nothing": ["x"]}
    assert looks.fill(look, form) == looks.defaults(look)
    sample = look.samples[-1].values
    assert looks.fill(look, looks.fields(look, sample)) == sample


@pytest.mark.parametrize("look", looks.offered(), ids=lambda look: look.slug)
def test_a_seed_always_draws_the_same(look: Look) -> None:
    drawn = [looks.shuffle(look, {}, (), seed) for seed in range(40)]
    assert drawn == [looks.shuffle(look, {}, (), seed) for seed in range(40)]
    for values in drawn:
        assert looks.read(look, looks.fields(look, values)) == values
    texts = [looks.compose(look, values) for values in drawn]
    assert len(set(texts)) > 35
    assert any(one != other for one, other in pairwise(texts))


def test_what_a_seed_draws_is_the_same_on_every_machine() -> None:
    values = looks.shuffle(looks.find("window-light"), {}, (), 7)
    assert values == {
        "who": "a night nurse",
        "hour": "blue dusk",
        "side": "from the right",
        "wall": "dark green paint",
        "face": "direct",
        "crop": "head and shoulders",
    }


def test_shuffle_keeps_what_is_locked_and_what_was_written() -> None:
    look = looks.find("window-light")
    form = {**WHO, "slot.hour": ["blue dusk"], "slot.wall.other": ["blue tiles"]}
    before = looks.read(look, form)
    free = [looks.shuffle(look, before, (), seed) for seed in range(30)]
    held = [looks.shuffle(look, before, {"hour"}, seed) for seed in range(30)]
    assert {values["hour"] for values in held} == {"blue dusk"}
    assert {values["hour"] for values in free} > {"blue dusk"}
    for values, other in zip(free, held, strict=True):
        assert (values["who"], values["wall"]) == (before["who"], before["wall"])
        assert {**values, "hour": "blue dusk"} == other  # a lock does not change the other draws


def test_an_empty_required_text_gets_one_of_the_looks_examples() -> None:
    look = looks.find("cutaway")
    drawn = {looks.shuffle(look, {}, (), seed)["object"] for seed in range(60)}
    assert drawn == set(look.slot("object").examples)


def test_a_contact_sheet_has_each_option_once() -> None:
    look = looks.find("two-inks")
    values = look.samples[0].values
    sheet = looks.variations(look, values, "first")
    assert [other["first"]["name"] for other in sheet] == ["tomato", "ink blue", "forest", "black"]
    assert len({looks.compose(look, other) for other in sheet}) == 4
    for other in sheet:
        assert {**other, "first": values["first"]} == values


@pytest.mark.parametrize("name", ["subject", "headline", "nothing"])
def test_only_what_has_options_can_be_varied(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        looks.variations(looks.find("two-inks"), {}, name)
    assert refusal.value.field == f"slot.{name}"
