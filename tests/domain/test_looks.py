"""What a Look sends: one text, the same for ever, whatever is written into it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxgen import looks
from fluxgen.errors import Refused
from fluxgen.looks import template
from fluxgen.looks.look import TEXT_MAX

NASTY = st.text(
    alphabet=st.sampled_from("ab {}[]<>\"'“”,.\n\t\u202e\u200b\x00\u2028é猫"), max_size=80
)


def composed(slug: str, **answers: str | list[str]) -> str:
    look = looks.find(slug)
    form = {
        f"slot.{name.replace('__', '.')}": [value] if isinstance(value, str) else value
        for name, value in answers.items()
    }
    return looks.compose(look, looks.read(look, form))


def test_the_answers_make_one_paragraph() -> None:
    text = composed(
        "window-light",
        who="a retired ferry captain",
        hour="late gold",
        side="from the left",
        wall__other="a shelf of charts",
        face="far away",
        crop="half figure",
    )
    assert text == (
        "A natural portrait of a retired ferry captain, eyes far away in thought, half figure with "
        "the hands in view, lit only by a window to the left, late in the day when the light is low "
        "and golden; behind them a shelf of charts. Skin with pores and small flaws, quiet colour, "
        "seen from where a friend would sit, 50 mm lens. No retouching."
    )


SENT = {
    "before-breakfast": "0e26eeb4b1f6c8a8",
    "bench-shot": "a0a10053a811f675",
    "cutaway": "5ae3d178351ca68a",
    "felt-friend": "b896ac194413b400",
    "field-plate": "386eb990d83ca4da",
    "late-counter": "b4b81cbee868b38f",
    "paper-stage": "6d765e290db31625",
    "rain-carriage": "77313b651f56a9d1",
    "repeat": "f33378e8e4553236",
    "small-sign": "8c7fcc4f3ac25c46",
    "two-inks": "3d2bffd1d7fdefef",
    "window-light": "c01baad001b2b857",
}
"""Of each Look's first version: twenty texts, hashed."""


@pytest.mark.parametrize("slug", SENT)
def test_the_same_version_and_answers_give_the_same_bytes_for_ever(slug: str) -> None:
    """Old records rely on it, so neither drawing nor composing may ever change."""
    look = looks.find(slug, 1)
    drawn = [looks.shuffle(look, {}, (), seed) for seed in range(20)]
    texts = "\n".join(looks.compose(look, values) for values in drawn)
    assert hashlib.sha256(texts.encode()).hexdigest()[:16] == SENT[slug]


def test_a_segment_vanishes_when_its_slot_is_empty_or_means_none() -> None:
    with_both = composed("repeat", motif="cut figs", **{"with": "tiny stars"})
    assert "of cut figs and tiny stars in bold lino cut" in with_both
    assert "of cut figs in bold lino cut" in composed("repeat", motif="cut figs")
    framed = composed("paper-stage", scene="a fox", frame="arch")
    assert ", framed by a cut-paper arch." in framed
    assert "framed" not in composed("paper-stage", scene="a fox", frame="none")


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ([""], "one gentle shadow"),
        (["twine"], ", beside it a loop of twine, composed"),
        (["twine", "offcuts"], ", beside it a few offcuts and a loop of twine, composed"),
        (
            ["twine", "dried leaf", "offcuts"],
            ", beside it a few offcuts, a loop of twine and a single dried leaf, composed",
        ),
    ],
)
def test_several_are_joined_by_the_templates_own_rule(chosen: list[str], words: str) -> None:
    text = composed("bench-shot", thing="a salt pot", beside=chosen)
    assert words in text
    assert ("beside it" in text) is (chosen != [""])


@pytest.mark.parametrize(
    ("room", "words"),
    [
        ("attic", "Interior of an attic in"),
        ("greenhouse", "Interior of a greenhouse in"),
        ("the old laundry", "Interior of the old laundry in"),
        ("hour room", "Interior of an hour room in"),
        ("university library", "Interior of a university library in"),
        ("my study", "Interior of my study in"),
    ],
)
def test_a_or_an_stands_before_what_brings_none(room: str, words: str) -> None:
    assert words in composed("before-breakfast", room__other=room)


@pytest.mark.parametrize("creature", ["fox", "a fox", "The fox"])
def test_an_article_is_taken_away_where_the_sentence_has_one(creature: str) -> None:
    assert composed("felt-friend", creature=creature).startswith("A needle-felted fox, small")


def test_a_colour_prints_its_name_and_keeps_its_shade() -> None:
    look = looks.find("small-sign")
    values = looks.read(look, {"slot.thing": ["bell"], "slot.tones": ["pine and mint"]})
    assert values["tones"] == {"name": "pine and mint", "hex": ["#1f5c3f", "#bfe6d2"]}
    assert "in two tones, pine green and pale mint, seen" in looks.compose(look, values)


def test_lettering_stands_between_quotes_that_nobody_closes() -> None:
    text = composed("two-inks", subject="a heron", headline='GO" and a cat "')
    assert text.count('"') == 2
    assert "the headline \"GO' and a cat '\" set large" in text


def test_a_text_at_the_beginning_gets_a_capital() -> None:
    text = composed("late-counter", dish="élan soup.")
    assert text.startswith("Élan soup in a chipped stoneware bowl")


@given(written=NASTY)
def test_nothing_written_in_a_slot_changes_the_template(written: str) -> None:
    look = looks.find("window-light")
    empty = looks.compose(look, {**looks.defaults(look), "who": "x"})
    head, tail = empty.split("x,", 1)
    text = looks.compose(look, {**looks.defaults(look), "who": written})
    assert not set(text) & set('{}[]<>"\n\t\u202e\u200b\x00\u2028')
    if looks.find("window-light").slot("who").phrases(written):
        assert text.startswith(head) and text.endswith(tail)
        assert len(text) <= TEXT_MAX


def test_a_placeholder_written_in_a_slot_is_only_words() -> None:
    look = looks.find("window-light")
    text = looks.compose(look, {**looks.defaults(look), "who": "{wall} [and {hour}]"})
    assert "portrait of (wall) (and (hour)), the face" in text


def test_every_look_composes_every_option() -> None:
    for look in looks.offered():
        values = look.samples[0].values
        for slot in look.slots:
            for other in looks.variations(look, values, slot.name) if slot.options else []:
                assert 40 < len(looks.compose(look, other)) <= TEXT_MAX


def test_the_pieces_say_whose_words_they_are() -> None:
    look = looks.find("repeat")
    values = looks.read(look, {"slot.motif": ["cut figs"]})
    pieces = looks.pieces(look, values)
    assert "".join(piece.text for piece in pieces if not piece.is_blank) == looks.compose(
        look, values
    )
    assert [piece.text for piece in pieces if piece.slot == "motif"] == ["cut figs"]
    assert [piece.is_blank for piece in pieces if piece.slot == "with"] == [True]


def test_unpacking_gives_the_text_that_was_sent() -> None:
    look = looks.find("cutaway")
    values = look.samples[0].values
    assert looks.unpack(look, values) == looks.compose(look, values)


def test_a_reference_is_mentioned_when_one_is_attached() -> None:
    look = looks.find("before-breakfast")
    values = looks.read(look, {}, has_reference=True)
    assert "keeping the layout of the room in the reference picture" in looks.compose(look, values)
    assert "reference" not in looks.compose(look, looks.read(look, {}))


def test_the_alt_text_says_what_is_shown() -> None:
    look = looks.find("late-counter")
    alt = looks.alt_text(look, look.samples[0].values)
    assert alt.startswith("Buckwheat noodles with a soft egg in a chipped stoneware bowl")
    assert "coral-red light" in alt


@pytest.mark.parametrize("bad", ["{who", "who}", "[a [b] c]", "{Who}", "{the who}", "]"])
def test_a_template_with_a_stray_brace_is_no_template(bad: str) -> None:
    with pytest.raises(ValueError, match="astray"):
        template.parse(bad)


def test_a_tier_that_a_look_lacks_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        looks.find("window-light").model("poster")
    assert refusal.value.field == "tier"
    assert "Draft" in refusal.value.words


def test_the_least_price_is_that_of_its_cheapest_tier() -> None:
    look = looks.find("two-inks")
    assert look.from_credits == look.cost_credits("draft") < look.cost_credits("print", 2)
