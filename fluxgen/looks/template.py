"""Templates: sentences with blanks, and `[segments]` that vanish when their blank is empty.

{name}          the answer's phrase; several are joined by commas
{name, and}     several are joined as "one, two and three"
{a name}        with "a" or "an" before it, unless it brings an article of its own
{bare name}     without the article that somebody may have written
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

BLANK = re.compile(r"\{(?:(a|bare) )?([a-z]+)(?:, ([a-z]+))?\}")
SEGMENT = re.compile(r"\[([^\[\]]*)\]")
DETERMINERS = "a an the my our your his her its their this that some no one two three four"
DETERMINED = re.compile(rf"(?:{DETERMINERS.replace(' ', '|')}|\d+)\s", re.IGNORECASE)
ARTICLE = re.compile(r"(?:a|an|the)\s+", re.IGNORECASE)
AN = re.compile(r"(?!one|uni(?!n)|eu|use|ewe)[aeiou]|hour|honest|heir", re.IGNORECASE)


@dataclass(frozen=True)
class Blank:
    """A place where an answer is printed, and how."""

    name: str
    article: str
    join: str


@dataclass(frozen=True)
class Segment:
    """A stretch of the template; an optional one vanishes when a blank in it is empty."""

    parts: tuple[str | Blank, ...]
    is_optional: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of the finished text. `slot` says whose answer it is; "" means it is fixed.

    A blank piece is not part of the text: it marks where an empty slot would stand.
    """

    text: str
    slot: str = ""
    is_blank: bool = False


@cache
def parse(template: str) -> tuple[Segment, ...]:
    """The template's segments. Raises `ValueError` where a brace or bracket is astray."""
    segments, end = [], 0
    for found in SEGMENT.finditer(template):
        segments.append(Segment(_parts(template[end : found.start()]), is_optional=False))
        segments.append(Segment(_parts(found[1]), is_optional=True))
        end = found.end()
    segments.append(Segment(_parts(template[end:]), is_optional=False))
    return tuple(segment for segment in segments if segment.parts)


def blanks(template: str) -> list[Blank]:
    """Every place where an answer is printed, in order."""
    parts = (part for segment in parse(template) for part in segment.parts)
    return [part for part in parts if isinstance(part, Blank)]


def pieces(template: str, phrases: Mapping[str, list[str]]) -> list[Piece]:
    """The template with these phrases by slot; its text begins with a capital."""
    found = [piece for segment in parse(template) for piece in _pieces(segment, phrases)]
    for number, piece in enumerate(found):
        if piece.text and not piece.is_blank:
            capital = piece.text[0].upper() + piece.text[1:]
            found[number] = Piece(capital, piece.slot)
            break
    return found


def text(pieces: list[Piece]) -> str:
    """What the pieces say together."""
    return "".join(piece.text for piece in pieces if not piece.is_blank)


def _pieces(segment: Segment, phrases: Mapping[str, list[str]]) -> Iterator[Piece]:
    blanks = [part for part in segment.parts if isinstance(part, Blank)]
    empty = [blank for blank in blanks if not phrases.get(blank.name)]
    if segment.is_optional and empty:
        yield from (Piece("", blank.name, is_blank=True) for blank in empty)
        return
    for part in segment.parts:
        if isinstance(part, str):
            yield Piece(part)
        elif part in empty:
            yield Piece("", part.name, is_blank=True)
        else:
            yield Piece(_printed(part, phrases[part.name]), part.name)


def _printed(blank: Blank, phrases: list[str]) -> str:
    words = ", ".join(phrases)
    if blank.join and len(phrases) > 1:
        words = f"{', '.join(phrases[:-1])} {blank.join} {phrases[-1]}"
    if blank.article == "a" and not DETERMINED.match(words):
        return f"{'an' if AN.match(words) else 'a'} {words}"
    return ARTICLE.sub("", words, count=1) if _begins_with_article(blank, words) else words


def _begins_with_article(blank: Blank, words: str) -> bool:
    return blank.article == "bare" and ARTICLE.match(words) is not None


def _parts(stretch: str) -> tuple[str | Blank, ...]:
    parts: list[str | Blank] = []
    end = 0
    for found in BLANK.finditer(stretch):
        parts += [stretch[end : found.start()], Blank(found[2], found[1] or "", found[3] or "")]
        end = found.end()
    parts.append(stretch[end:])
    if any(set(part) & set("{}[]") for part in parts if isinstance(part, str)):
        raise ValueError(f"a brace or bracket is astray in: {stretch}")
    return tuple(part for part in parts if part)
