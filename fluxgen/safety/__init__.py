"""Our own rules about words, before anything is sent: `data/safety.toml` says them.

A rule is broken when each of its lists has a word in the text, after what is innocent is taken
out. The text is read in several ways (`reading`), and names are looked for (`names`). Whoever
means harm will find a way past any list; the models' own filters come behind this one.
"""

from __future__ import annotations

import re

from fluxgen.errors import AgainstRules
from fluxgen.safety import names
from fluxgen.safety.reading import readings
from fluxgen.safety.rules import load

__all__ = ["check", "load"]


def check(text: str, field: str = "prompt") -> None:
    """Raises `AgainstRules` with the rule's own words for the person."""
    read = readings(text, load().innocent)
    read += names.marks(text, read)
    for rule in load().rules:
        if any(all(_is_in(read, found) for found in lists) for lists in rule.either):
            raise AgainstRules(rule.id, rule.words, field)


def _is_in(read: list[str], patterns: tuple[re.Pattern[str], ...]) -> bool:
    return any(pattern.search(one) for pattern in patterns for one in read)
