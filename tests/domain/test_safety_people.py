"""Our own rules about people: photographs are not undressed, nobody named is shown naked or defiled,
and what only sounds like it passes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from fluxgen import looks, safety
from fluxgen.errors import AgainstRules

PHOTOGRAPH = "A real person. "
"""How the rules are told of a reference image."""
WORDS = tomllib.loads((Path(__file__).parent / "safety_words.toml").read_text(encoding="utf-8"))


def _refused(words: str) -> str:
    """The rule that refuses this, or nothing."""
    try:
        safety.check(words)
    except AgainstRules as refusal:
        return refusal.rule
    return ""


def test_nobody_is_undressed_or_defiled_beside_a_photograph_in_any_language() -> None:
    assert [words for words in WORDS["undressing"] if not _refused(PHOTOGRAPH + words)] == []


def test_nobody_named_is_shown_naked_or_defiled_in_whatever_order_and_case() -> None:
    assert [words for words in WORDS["named"] if _refused(words) != "real_people"] == []


def test_what_only_sounds_like_undressing_passes_beside_a_picture_and_without() -> None:
    alone = WORDS["innocent_beside_a_picture"]
    tried = [*alone, *(PHOTOGRAPH + words for words in alone)]
    assert [words for words in tried if _refused(words)] == []


def test_art_places_makers_and_everyday_words_pass() -> None:
    assert [words for words in WORDS["innocent"] if _refused(words)] == []


def test_every_look_passes_beside_a_picture() -> None:
    for look in looks.offered():
        for sample in look.samples:
            values = looks.fill(look, looks.fields(look, sample.values), has_reference=True)
            assert not _refused(PHOTOGRAPH + looks.compose(look, values)), look.slug
