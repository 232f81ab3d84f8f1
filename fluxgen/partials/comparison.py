"""Two pictures compared: which slots, words and settings differ; and others of the same Look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from fluxgen import archive
from fluxgen.generations import images_of
from fluxgen.models import Account, Generation
from fluxgen.partials import looks
from fluxgen.partials.cards import Card
from fluxgen.partials.picture_view import PictureView, picture_view
from fluxgen.presentation import plural
from fluxgen.words import _

NOTHING = "–"
WORDS = re.compile(r"\S+\s*")
EFFORT_MAX = 2_000_000
"""Pairs of the same word, times words: above this, in prompts that repeat themselves without end,
setting word against word takes seconds."""
Piece = tuple[str, bool]
"""Words, and whether only this side has them."""


@dataclass(frozen=True)
class Side:
    """One of the two: its name, where it is, its pictures."""

    number: int
    url: str
    pictures: list[PictureView]


@dataclass(frozen=True)
class Row:
    """One fact of both; `is_slot` where it answers a question of their Look."""

    label: str
    a: str
    b: str
    is_slot: bool = False

    @property
    def is_changed(self) -> bool:
        return self.a != self.b


@dataclass(frozen=True)
class Other:
    """Another picture of the same Look, and what it has otherwise."""

    side: Side
    changes: list[Row]
    url: str

    @property
    def words(self) -> str:
        """How much differs: "one change", "the same answers"."""
        slots = [row for row in self.changes if row.is_slot]
        return plural(len(slots), "change") if slots else _("the same answers")


def compared(
    account: Account, a: Generation | None = None, b: Generation | None = None
) -> dict[str, Any]:
    """What the page shows of two, of one with others of its Look, or of none yet."""
    found = rows(a, b) if a and b else []
    return {
        "sides": sides(*(row for row in (a, b) if row)),
        "changed": [row for row in found if row.is_changed],
        "same": [row for row in found if not row.is_changed],
        "words": words(a, b) if a and b and not same_look(a, b) else None,
        "others": others(account, a) if a else [],
        "has_look": a is not None and a.look is not None,
        "swapped_url": _url(b, a) if a and b else None,
    }


def side(generation: Generation, pictures: Sequence[PictureView]) -> Side:
    """A generation as one side."""
    return Side(int(generation.number), Card(generation).page_url, list(pictures))


def sides(*rows: Generation) -> list[Side]:
    """These generations as sides, their pictures read at once."""
    images = images_of(rows)
    return [
        side(row, [picture_view(row, image) for image in images.get(row.id, [])]) for row in rows
    ]


def rows(a: Generation, b: Generation) -> list[Row]:
    """Every fact of both, the answers to their Looks' questions first."""
    of_a, of_b = _facts(a), _facts(b)
    return [*_slots(a, b), *(Row(label, of_a[label], of_b[label]) for label in of_a)]


def _slots(a: Generation, b: Generation) -> list[Row]:
    """Their answers side by side; a question that only one was asked stands there, too."""
    of_a, of_b = _answers(a), _answers(b)
    return [
        Row(label, of_a.get(label, NOTHING), of_b.get(label, NOTHING), is_slot=True)
        for label in dict.fromkeys([*of_a, *of_b])
    ]


def _answers(generation: Generation) -> dict[str, str]:
    filled = looks.answered(generation)
    return dict(filled.answers) if filled else {}


def _facts(generation: Generation) -> dict[str, str]:
    card, filled = Card(generation), looks.answered(generation)
    return {
        _("Look"): _("%(look)s, version %(version)s", look=filled.title, version=filled.version)
        if filled
        else _("Own words"),
        _("Model"): card.model_title,
        _("Quality"): card.tier_title,
        _("Shape"): card.shape_title,
        _("Seed"): NOTHING if card.seed is None else str(card.seed),
        _("Reference"): _("With a reference") if generation.had_reference else _("None"),
    }


def same_look(a: Generation, b: Generation) -> bool:
    """Whether their answers say all that differs in their words."""
    return a.prompt == b.prompt or (
        a.look is not None and (a.look, a.look_version) == (b.look, b.look_version)
    )


def words(a: Generation, b: Generation) -> tuple[list[Piece], list[Piece]]:
    """Both prompts, what only one has marked."""
    one, other = (WORDS.findall(row.prompt) for row in (a, b))
    of_a: list[Piece] = []
    of_b: list[Piece] = []
    for kind, a_from, a_to, b_from, b_to in _opcodes(_bare(one), _bare(other)):
        is_own = kind != "equal"
        of_a.append(("".join(one[a_from:a_to]), is_own))
        of_b.append(("".join(other[b_from:b_to]), is_own))
    return [piece for piece in of_a if piece[0]], [piece for piece in of_b if piece[0]]


def _opcodes(a: list[str], b: list[str]) -> list[tuple[str, int, int, int, int]]:
    """What became of which words; all of them, where finding out would take too long."""
    often = Counter(b)
    if sum(often[word] for word in a) * max(len(a), len(b)) > EFFORT_MAX:
        return [("replace", 0, len(a), 0, len(b))]
    return list(SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes())


def _bare(said: list[str]) -> list[str]:
    return [word.strip() for word in said]


def others(account: Account, generation: Generation) -> list[Other]:
    """What else the person made with the same Look: one change first, then the newest."""
    found = archive.of_same_look(account, generation)
    shown = [
        Other(
            its, [row for row in rows(generation, row_) if row.is_changed], _url(generation, row_)
        )
        for row_, its in zip(found, sides(*found), strict=True)
    ]
    return sorted(shown, key=lambda other: sum(row.is_slot for row in other.changes) or 99)


def url(a: str, b: str = "") -> str:
    """The address that compares these two, or finds something to compare the first with."""
    return f"/history/compare?a={a}" + (f"&b={b}" if b else "")


def _url(a: Generation, b: Generation) -> str:
    return url(a.public_id, b.public_id)
