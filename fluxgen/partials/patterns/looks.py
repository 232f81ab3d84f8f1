"""Looks in the gallery and on their pages."""

from __future__ import annotations

from fluxgen import looks
from fluxgen.partials.looks import LookRow, tiles
from fluxgen.partials.patterns.samples import Patterns


def patterns() -> Patterns:
    """Each fragment of the gallery."""
    look = looks.find("two-inks")
    return {
        "look_row": {"usual": {"row": LookRow(look)}},
        "look_sample": {"usual": {"sample": tiles(look)[0]}},
    }
