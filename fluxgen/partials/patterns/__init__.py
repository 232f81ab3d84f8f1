"""Every component with sample data, each in its states: what `/-/patterns` shows in development.

Nothing here asks the database for anything: the samples are rows that are never stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from fluxgen.partials.patterns import (
    account,
    archive,
    cards,
    frame,
    lightbox,
    looks,
    money,
    studio,
)
from fluxgen.partials.patterns.samples import Patterns, States

GROUPS: dict[str, Callable[[], Patterns]] = {
    "Frame": frame.patterns,
    "Pictures": cards.patterns,
    "Studio": studio.patterns,
    "Lightbox": lightbox.patterns,
    "History": archive.patterns,
    "Looks": looks.patterns,
    "Money": money.patterns,
    "Account": account.patterns,
}
ANSWERS = {
    "compose_options_answer": "the options, and the reference image's field",
    "export_status_answer": "how an export stands, and a word for those who listen",
    "generation_back": "the card or tile that came back, or a toast",
    "generation_changed": "a card, the question for what is unfinished, the balance",
    "generation_created": "the emptied form, the new card, the question, the balance",
    "generation_deleted": "the crossed frame, and its toast",
    "generation_in_grid": "a card or a tile, whichever the page has",
    "generation_rerun": "two cards, the question, the balance",
    "history_older": "the rest of a day, further days, the way to the next",
    "lightbox_back": "the lightbox, and what lies under it",
    "lightbox_described": "the description, and the picture that has it",
    "picture_deleted": "what is left of a generation, and the toast",
    "purchase_status_answer": "how a purchase stands, and the balance",
    "result_begun": "a card, the question, the balance",
    "selection_answer": "the news, the stars, the collections",
    "selection_matching": "how many all are, and up to which moment",
    "unfinished_answer": "the question, the cards it asked for, the balance",
}
"""Fragments that only join others: an answer to htmx, and what is in it."""
UNSEEN = {
    "lightbox_dialog": "the empty box that a lightbox opens in",
    "purse": "puts the balance in its place",
    "spoken": "a sentence for those who listen",
    "unfinished": "the page's one question, hidden",
}
"""Fragments with nothing to look at."""

SPECIMEN_LEVEL = 4
HEADING = re.compile(r"<h([1-6])")
NAMING = re.compile(
    r'(?<![\w-])(id|for|form|name|aria-labelledby|aria-describedby|popovertarget)="([^"]*)"'
)


@dataclass(frozen=True)
class Specimen:
    """One state of one component."""

    state: str
    html: Markup

    @property
    def heading_offset(self) -> int:
        """How far its headings are moved down, for its first to be under its own name."""
        first = HEADING.search(self.html)
        return max(0, SPECIMEN_LEVEL - int(first[1])) if first else 0


@dataclass(frozen=True)
class Pattern:
    """A component: named as its fragment."""

    name: str
    specimens: list[Specimen]


@dataclass(frozen=True)
class Group:
    """Components that belong together."""

    title: str
    patterns: list[Pattern]


def groups() -> Iterator[Group]:
    """Everything there is to look at."""
    for title, room in GROUPS.items():
        yield Group(title, [_pattern(name, states) for name, states in room().items()])


def _pattern(name: str, states: States) -> Pattern:
    return Pattern(
        name,
        [
            Specimen(
                state, _apart(render_template(f"partials/{name}.html", **taken), f"{name}-{n}")
            )
            for n, (state, taken) in enumerate(states.items(), 1)
        ],
    )


def _apart(html: str, suffix: str) -> Markup:
    """A fragment that may stand on one page with others of its kind: names of its own, opened
    where it would wait to be, and taking nobody's focus."""
    ids = set(re.findall(r'(?<![\w-])id="([^"]*)"', html))

    def renamed(found: re.Match[str]) -> str:
        kind, words = found[1], found[2].split()
        if kind == "name":
            return f'name="{found[2]}--{suffix}"'
        kept = [f"{word}--{suffix}" for word in words if word in ids]
        return f'{kind}="{" ".join(kept)}"' if kept else ""

    html = NAMING.sub(renamed, html).replace("<dialog ", "<dialog open ")
    return Markup(re.sub(r"\sautofocus\b", "", html))
