"""Looks: small versioned recipes, each for one job a person has.

A Look asks a few plain questions and turns the answers into one deterministic text for models
it has been tested on. Everything about them is data (`data/looks/`).
"""

from __future__ import annotations

from fluxgen.looks.answers import Form, defaults, fields, fill, read, shuffle, variations
from fluxgen.looks.library import JOBS, can_show, every, explain, find, gallery, offered, source
from fluxgen.looks.look import Look, Sample, Status, alt_text, compose, pieces
from fluxgen.looks.slots import Kind, Option, Slot, Values
from fluxgen.looks.template import Piece

unpack = compose
"""An ordinary prompt: what was sent is what one goes on writing with."""

__all__ = [
    "JOBS",
    "Form",
    "Kind",
    "Look",
    "Option",
    "Piece",
    "Sample",
    "Slot",
    "Status",
    "Values",
    "alt_text",
    "can_show",
    "compose",
    "defaults",
    "every",
    "explain",
    "fields",
    "fill",
    "find",
    "gallery",
    "offered",
    "pieces",
    "read",
    "shuffle",
    "source",
    "unpack",
    "variations",
]
