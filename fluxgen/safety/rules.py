"""The rules of this release, from `data/safety.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fluxgen.safety.reading import bare, plain

DATA = Path(__file__).parent.parent / "data" / "safety.toml"
PART = re.compile(r"<(\w+)>")
"""What patterns have in common, written once under `parts`."""

Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Rule:
    """Refused is what has a word of each list of one of these groups."""

    id: str
    words: str
    either: tuple[tuple[Patterns, ...], ...]


@dataclass(frozen=True)
class Rules:
    """All of them, and what is innocent whatever stands beside it."""

    rules: tuple[Rule, ...]
    innocent: re.Pattern[str]
    not_a_person: frozenset[str]
    explicit: Patterns


@cache
def load() -> Rules:
    """The rules of this release."""
    with DATA.open("rb") as file:
        data = tomllib.load(file)
    lists: dict[str, Patterns] = {}
    for name, listed in data["lists"].items():
        lists[name] = _patterns(listed, data["parts"])
        for other in listed.get("extends", []):
            lists[name] += lists[other]
    return Rules(
        rules=tuple(
            Rule(
                row["id"],
                row["words"],
                tuple(tuple(lists[name] for name in group) for group in row["either"]),
            )
            for row in data["rules"]
        ),
        innocent=re.compile(_any(data["innocent"])),
        not_a_person=frozenset(plain(name) for name in data["not_a_person"]),
        explicit=lists["explicit"],
    )


def _patterns(listed: Mapping[str, Any], parts: Mapping[str, str]) -> Patterns:
    """One pattern for all terms of a list, and one for each regular expression."""
    terms = [_any(listed["terms"])] if "terms" in listed else []
    written = [_whole(one, parts) for one in listed.get("patterns", [])]
    return tuple(re.compile(one) for one in [*terms, *written])


def _whole(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with its parts, in the letters that texts are read in."""
    while (filled := PART.sub(lambda found: parts[found[1]], pattern)) != pattern:
        pattern = filled
    return bare(pattern)


def _any(terms: Sequence[str]) -> str:
    """Any of these whole words or phrases; `*` stands for any ending, and in front for any
    beginning: scripts without spaces need that."""
    whole = "|".join(_written(term) for term in terms if not term.startswith("*"))
    within = [_written(term[1:]) for term in terms if term.startswith("*")]
    return "|".join([rf"(?<!\w)(?:{whole})(?!\w)", *within])


def _written(term: str) -> str:
    return re.escape(plain(term)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s\-]*")
