"""What people write into a slot: checked when it is read, tamed when it is printed.

It is data and stays data: nothing written in a slot can change the template around it.
"""

from __future__ import annotations

import re
import unicodedata

from fluxgen import typed
from fluxgen.errors import Refused
from fluxgen.words import _

TEMPLATE_MARKS = "{}[]<>"
JOINERS = "\u200c\u200d"
"""Invisible but needed: emoji, Persian and Indic scripts are spelt with them."""
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
BREAKS = re.compile(r"[\s\u0085\u2028\u2029]+")
TAMED = str.maketrans('{}[]<>"“”„‟«»', "()()()'''''''")


def checked(written: str, most: int, field: str) -> str:
    """The words in one line, at most `most` characters. Raises `Refused` at this field."""
    words = one_line(written)
    if any(_is_invisible(mark) for mark in words):
        raise Refused(_("There are hidden characters in this. Type the words anew."), field)
    if set(words) & set(TEMPLATE_MARKS):
        raise Refused(_("Plain words, please: leave out { } [ ] < and >."), field)
    if len(words) > most:
        raise Refused(
            _(
                "This is %(length)s characters long. At most %(most)s fit here.",
                length=len(words),
                most=most,
            ),
            field,
        )
    if words and typed.is_blank(tamed(words)):
        raise Refused(_("There are no words in this. Write some."), field)
    return words


def one_line(written: str) -> str:
    """Line breaks and runs of white space as single spaces, composed as Unicode composes it."""
    return BREAKS.sub(" ", unicodedata.normalize("NFC", written)).strip()


def tamed(words: str) -> str:
    """The words as they stand in a sentence: no braces, quotes, breaks or hidden characters."""
    visible = "".join(mark for mark in one_line(words) if not _is_invisible(mark))
    return visible.translate(TAMED).strip(" .,;:")


def _is_invisible(mark: str) -> bool:
    return unicodedata.category(mark) in INVISIBLE and mark not in JOINERS
