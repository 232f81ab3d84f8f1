"""What people type: whether there is anything to be seen in it, and whether something hides."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
"""Kinds of characters that show nothing of their own: spaces, joiners, marks upon others."""
EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""What counts as a letter or sign, and is drawn as nothing."""
OVERRIDES = "\u202d\u202e"
"""What turns letters around, so that they read otherwise than they are."""


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen."""
    return all(_is_unseen(character) for character in text)


def is_turned(text: str) -> bool:
    """Whether it reads otherwise than it is; joiners and marks of direction are spelling."""
    return any(mark in text for mark in OVERRIDES)


def _is_unseen(character: str) -> bool:
    return character in EMPTY_LETTERS or unicodedata.category(character) in UNSEEN
