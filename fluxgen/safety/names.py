"""Whether a text names somebody: `data/names.toml` has the words that tell.

`{person}`: something is "of Firstname Lastname". `{name}`: a given name and, beside it, what is
no common word, also in small letters. `{capitals}`: two neighbouring words with capitals, which
no grammar, place or maker explains.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fluxgen.safety.reading import plain
from fluxgen.safety.rules import load

DATA = Path(__file__).parent.parent / "data" / "names.toml"
NAME = r"[^\W\d_a-z][\w'’]+"
NAMED = re.compile(rf"\b(\w+) (?:of|von|de|di) ({NAME}(?: (?:de|del|von|van|\w\.))*(?: {NAME})+)")
STYLE = frozenset({"style", "manner", "spirit", "stil", "maniere", "estilo", "stile"})
SENTENCE = re.compile(r"[.!?:;\n]+(?:\s|$)")
CLAUSE = re.compile(r"[,()\[\]\"“”„«»/|]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
OWNED = re.compile(r"['’]s$")
PARTICLES = frozenset(
    {"de", "del", "della", "di", "da", "dos", "von", "van", "der", "den", "la", "le", "bin", "el"}
)
CHANGED = ("ing", "ed", "ly")
TITLE_WORDS_MIN = 5
TITLE_SHARE = 0.6
LONG = 4


@dataclass(frozen=True)
class Known:
    """Words that tell, in small letters: given names, what is no name, what may be one with a
    capital, and after which words somebody made or a place is."""

    given: frozenset[str]
    common: frozenset[str]
    family: frozenset[str]
    before_others: frozenset[str]


def marks(text: str, readings: list[str]) -> list[str]:
    """The marks of the ways in which somebody is named; `readings` are in small letters."""
    written = unicodedata.normalize("NFKC", text).replace("_", " ")
    found = {
        "{person}": _is_of_somebody(written),
        "{name}": any(_has_given_name(one) for one in [written, *readings]),
        "{capitals}": _has_capitals(written),
    }
    return [mark for mark, is_there in found.items() if is_there]


def _is_of_somebody(text: str) -> bool:
    """Whether something is "of Firstname Lastname": not in their style, and nobody out of a myth."""
    for before, name in NAMED.findall(text):
        words = {plain(word) for word in name.split()}
        if plain(before) not in STYLE and not words & load().not_a_person:
            return True
    return False


def _has_given_name(text: str) -> bool:
    """Kate Moss, kate moss, but not "anna standing" or "in the style of Anna Atkins"."""
    known, is_titled = _known(), _is_titled(text)
    for clause in CLAUSE.split(SENTENCE.sub(",", text)):
        words = _words(clause)
        small = [plain(word) for word in words]
        for place, name in enumerate(small[:-1]):
            if name not in known.given or _is_made(small, place):
                continue
            after = place + 1
            while after < len(small) - 1 and small[after] in PARTICLES:
                after += 1
            if words[after].islower() and small[after].endswith(CHANGED):
                continue
            is_family = words[after][0].isupper() and not is_titled and small[after] in known.family
            if is_family or not _is_common(small[after]):
                return True
    return False


def _has_capitals(text: str) -> bool:
    """Two neighbours with capitals within a sentence, or at its beginning beside an explicit
    word; none in a text whose words all have capitals."""
    if _is_titled(text):
        return False
    for sentence in SENTENCE.split(text):
        for nth, clause in enumerate(CLAUSE.split(sentence)):
            words = _words(clause)
            small = [plain(word) for word in words]
            if any(_is_a_name(words, small, place, nth) for place in range(len(words) - 1)):
                return True
    return False


def _is_a_name(words: list[str], small: list[str], place: int, clause: int) -> bool:
    if not all(word[0].isupper() and len(word) > 1 for word in words[place : place + 2]):
        return False
    if _is_made(small, place) or any(_is_common(word) for word in small[place : place + 2]):
        return False
    if place > 0:
        return small[place - 1] not in _known().before_others
    beside = " ".join(small[2:4])
    return clause > 0 or any(one.search(beside) for one in load().explicit)


def _is_made(small: list[str], place: int) -> bool:
    """Whether the name tells whose style it is, or who made it."""
    before, after = small[max(0, place - 3) : place], small[place + 2 : place + 3]
    is_by = bool(before) and before[-1] in {"by", "after", "nach", "par", "por", "d"}
    return is_by or bool(STYLE & {*before, *after})


def _is_common(small: str) -> bool:
    is_known = small in _known().common or small in load().not_a_person
    return is_known or any(one.search(small) for one in load().explicit)


def _is_titled(text: str) -> bool:
    long = [word for word in WORD.findall(text) if len(word) >= LONG]
    capitals = sum(word[0].isupper() for word in long)
    return len(long) >= TITLE_WORDS_MIN and capitals > TITLE_SHARE * len(long)


def _words(clause: str) -> list[str]:
    return [OWNED.sub("", word) for word in WORD.findall(clause)]


@cache
def _known() -> Known:
    with DATA.open("rb") as file:
        data = tomllib.load(file)
    sets = {name: frozenset(plain(" ".join(lines)).split()) for name, lines in data.items()}
    return Known(**sets)
