"""The pictures of the landing page: which words make each, and who made what is shown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluxgen import catalogue, looks

SOURCE = Path(__file__).parent / "data" / "landing.toml"
SHOWN_LOOK = "before-breakfast"
"""Its first sample, with three answers to one question, stands for what a Look is."""
ASKED_SLOT = "main"
DRAWN = "drawn"
"""Made by a program of ours: a stand-in, and the page says so."""


@dataclass(frozen=True)
class Frame:
    """A picture of the landing page: `size` in pixels, `text` as it is sent to the model."""

    name: str
    aspect_ratio: str
    size: tuple[int, int]
    model: str
    tier: str
    text: str
    made_by: str

    @property
    def is_stand_in(self) -> bool:
        """Whether no model has made it yet."""
        return self.made_by == DRAWN

    @property
    def edge(self) -> str:
        """The model's name, which stands on the film; empty for a stand-in."""
        return "" if self.is_stand_in else catalogue.model(self.made_by).title


@cache
def frames() -> dict[str, Frame]:
    """Every picture by its name: its file is `img/NAME.webp` below static/."""
    data = tomllib.loads(SOURCE.read_text())
    return {
        name: Frame(
            name,
            row["aspect_ratio"],
            (row["size"][0], row["size"][1]),
            row["model"],
            row["tier"],
            row.get("prompt") or _answered(row["answer"]),
            data["made_by"][name],
        )
        for name, row in data["frames"].items()
    }


def _answered(answer: str) -> str:
    """The shown Look's first sample, with one other answer."""
    look = looks.find(SHOWN_LOOK)
    other = looks.read(look, {f"slot.{ASKED_SLOT}": [answer]})
    return looks.compose(look, look.samples[0].values | {ASKED_SLOT: other[ASKED_SLOT]})
