"""What a generation can be found by: its words and facts as terms, each beginning with its owner.

The same function makes the terms of what is stored and of what is asked, on both databases, so
the databases only compare. No case, no accents. Writing without spaces (Chinese, Japanese, Thai)
and emoji are cut into pairs of characters. An owner's terms are an owner's only: no search ever
touches somebody else's words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WORD_MAX = 40
"""Letters of a word that count."""
QUERY_MAX = 400
WORDS_MAX = 12
"""Characters and terms of a search that count."""
BEGINNING_MIN = 2
"""From this many letters on, the beginning of a word finds it."""

LETTER_MARKS = frozenset({0, 7, 8, 9})
"""Combining classes that are part of a letter (nuktas, kana voicing, viramas), not accents."""
VARIANTS = range(0xFE00, 0xFE10)
"""Say whether a pictogram is in colour."""
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
RUN = re.compile(rf"([{UNSPACED}]+)|[^{UNSPACED}\s]+")
SLUG = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


@dataclass(frozen=True)
class Term:
    """One thing to be found by; `begins` where it may be the beginning of a longer one."""

    text: str
    begins: bool = False


def stored(texts: Iterable[str]) -> list[str]:
    """The words of these texts as the index keeps them, each once."""
    kept: dict[str, None] = {}
    for run, is_unspaced in _runs(" ".join(texts)):
        for word in _pieces(run) if is_unspaced else [run[:WORD_MAX]]:
            kept[f"w{word}"] = None
    return list(kept)


def asked(text: str) -> list[Term]:
    """What a search looks for, all of it; nothing where there is no letter in it."""
    wanted: dict[Term, None] = {}
    for run, is_unspaced in _runs(text[:QUERY_MAX]):
        if not is_unspaced:
            wanted[Term(f"w{run[:WORD_MAX]}", BEGINNING_MIN <= len(run) < WORD_MAX)] = None
        elif len(run) == 1:
            wanted[Term(f"w{run}", begins=True)] = None
        else:
            wanted |= {Term(f"w{pair}"): None for pair in _pieces(run)[:-1]}
    return list(wanted)[:WORDS_MAX]


def look(slug: str) -> str:
    """Of this Look, whatever its version."""
    return f"l{_named(slug)}"


def model(slug: str) -> str:
    """Made by this model."""
    return f"m{_named(slug)}"


def tier(slug: str) -> str:
    """Made at this quality."""
    return f"t{_named(slug)}"


def slot(name: str, answer: str) -> str:
    """One answer to one question of a Look; a hash, because people may have written it."""
    said = f"{name}={_folded(answer)}".encode("utf-8", "replace")
    return f"s{hashlib.blake2s(said, digest_size=10).hexdigest()}"


def collection(public_id: str) -> str:
    """In this collection; a hash, because capitals mean nothing in a term."""
    return f"c{hashlib.blake2s(public_id.encode('utf-8', 'replace'), digest_size=10).hexdigest()}"


def ending(kind: str) -> str:
    """Ended without a picture in this way."""
    return f"x{_named(kind)}"


FAVOURITE = "f"
REFERENCE = "r"
EVERY = "e"
"""The term of all there are."""


def owned(account_id: int, term: str, *, is_ended: bool) -> str:
    """The term with its owner before it; what ended without a picture is kept apart."""
    return f"{account_id}{'-' if is_ended else '.'}{term}"


def _named(slug: str) -> str:
    """A slug as it may stand in a term; what cannot be one is found by nothing."""
    return slug if SLUG.fullmatch(slug) else "-"


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Words, and stretches of unspaced writing."""
    spaced = "".join(map(_spaced, _folded(text)))
    for found in RUN.finditer(spaced):
        yield found[0], found[1] is not None or not found[0][0].isalnum()


def _spaced(character: str) -> str:
    """Letters, digits and marks as they are, a pictogram alone, everything else a space."""
    category = unicodedata.category(character)
    if category[0] in "LN" or category in {"Mn", "Mc"}:
        return character
    return f" {character} " if category == "So" else " "


def _pieces(run: str) -> list[str]:
    """Pairs of neighbours, and the last one alone: so one character finds it, too."""
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]


def _folded(text: str) -> str:
    """Without case, accents, and ways to write the same letter."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    letters = (
        letter
        for letter in apart
        if unicodedata.combining(letter) in LETTER_MARKS and ord(letter) not in VARIANTS
    )
    return unicodedata.normalize("NFC", "".join(letters))
