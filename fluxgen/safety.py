"""Our own rules about words, before anything is sent: `data/safety.toml` says them.

A rule is broken when each of its lists has a word in the text, after what is innocent is taken
out. The text is read in several ways, so that l3tters, s p a c i n g and look-alikes from
other alphabets change nothing. Whoever means harm will find a way past any list; the models' own
filters come behind this one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fluxgen.errors import AgainstRules

DATA = Path(__file__).parent / "data" / "safety.toml"

LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁӏвкмнтгαεοριυκντßæœøłđıѵԛԝցոսօհɑɡɩωηγσ"
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ"
    "🅐🅑🅒🅓🅔🅕🅖🅗🅘🅙🅚🅛🅜🅝🅞🅟🅠🅡🅢🅣🅤🅥🅦🅧🅨🅩"
    "🅰🅱🅲🅳🅴🅵🅶🅷🅸🅹🅺🅻🅼🅽🅾🅿🆀🆁🆂🆃🆄🆅🆆🆇🆈🆉"
    "🇦🇧🇨🇩🇪🇫🇬🇭🇮🇯🇰🇱🇲🇳🇴🇵🇶🇷🇸🇹🇺🇻🇼🇽🇾🇿",
    "aeopcyxijsdlbkmhtraeopiukvtsaooldivqwgnuohagiwnyo"
    "abcdefghijklmnoprstuvwyz" + "abcdefghijklmnopqrstuvwxyz" * 3,
)
"""Letters of other alphabets, small capitals and letters in boxes, as the Latin ones that they
look like."""
DIGITS_AS_LETTERS = (
    str.maketrans("013457@$!|€", "oieastasile"),
    str.maketrans("013457@$!|€", "oleastasile"),
)
INSIDE = re.compile(r"(?<=[^\W\d_])[.\-_*·,'’~+/\\|](?=[^\W\d_])")
"""A mark within a word: na.ked."""
WORD = re.compile(r"\S+")
LETTER = re.compile(r"[a-z]")
SPACED = re.compile(r"(?<!\w)\w(?:(?:\s|\s?[.\-_*·,]\s?)\w(?!\w)){2,}")
BETWEEN = re.compile(r"[^\w]+")
REPEATED = re.compile(r"([a-z])\1{2,}")
NAME = r"[^\W\d_a-z][\w'’]+"
NAMED = re.compile(rf"\b(\w+) (?:of|von|de|di) ({NAME}(?: (?:de|del|von|van|\w\.))*(?: {NAME})+)")
IN_THE_STYLE = frozenset({"style", "manner", "spirit", "stil", "maniere", "estilo", "stile"})


@dataclass(frozen=True)
class Rule:
    """Refused is what has a word of each of these lists."""

    id: str
    words: str
    lists: tuple[tuple[re.Pattern[str], ...], ...]


@dataclass(frozen=True)
class Rules:
    """All of them, and what is innocent whatever stands beside it."""

    rules: tuple[Rule, ...]
    innocent: re.Pattern[str]
    not_a_person: frozenset[str]


def check(text: str, field: str = "prompt") -> None:
    """Raises `AgainstRules` with the rule's own words for the person."""
    rules = load()
    readings = _readings(text, rules)
    for rule in rules.rules:
        if all(_is_in(readings, patterns) for patterns in rule.lists):
            raise AgainstRules(rule.id, rule.words, field)


def _is_in(readings: list[str], patterns: tuple[re.Pattern[str], ...]) -> bool:
    return any(pattern.search(reading) for pattern in patterns for reading in readings)


def _readings(text: str, rules: Rules) -> list[str]:
    """The text as it may be meant, without what is innocent; `{person}` stands for a name."""
    plain = _plain(text)
    readings = [plain, plain.replace("_", " "), INSIDE.sub("", plain)]
    for letters in DIGITS_AS_LETTERS:
        readings += [_with_digits_as_letters(one, letters) for one in readings[:3]]
    readings += [SPACED.sub(lambda found: BETWEEN.sub("", found[0]), one) for one in readings]
    single = [REPEATED.sub(r"\1", one) for one in dict.fromkeys(readings)]
    readings = [rules.innocent.sub(" ", one) for one in dict.fromkeys(single)]
    if _names_somebody(text, rules):
        readings.append("{person}")
    return readings


def _plain(text: str) -> str:
    """Small letters without accents, invisible characters or look-alikes."""
    apart = unicodedata.normalize("NFKD", text).casefold().translate(LOOK_ALIKES)
    apart = unicodedata.normalize("NFKD", apart)
    return "".join(
        letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Me", "Cf"}
    )


def _with_digits_as_letters(plain: str, letters: dict[int, int]) -> str:
    """n4k3d as naked; numbers that stand alone stay numbers."""

    def read(word: re.Match[str]) -> str:
        return word[0].translate(letters) if LETTER.search(word[0]) else word[0]

    return WORD.sub(read, plain)


def _names_somebody(text: str, rules: Rules) -> bool:
    """Whether something is "of Firstname Lastname": not in their style, and nobody out of a myth."""
    for before, name in NAMED.findall(unicodedata.normalize("NFKC", text)):
        words = {_plain(word) for word in name.split()}
        if _plain(before) not in IN_THE_STYLE and not words & rules.not_a_person:
            return True
    return False


@cache
def load() -> Rules:
    """The rules of this release."""
    with DATA.open("rb") as file:
        data = tomllib.load(file)
    lists = {name: _patterns(listed) for name, listed in data["lists"].items()}
    for name, listed in data["lists"].items():
        if "extends" in listed:
            lists[name] += lists[listed["extends"]]
    return Rules(
        rules=tuple(
            Rule(row["id"], row["words"], tuple(lists[name] for name in row["all"]))
            for row in data["rules"]
        ),
        innocent=re.compile(_any(data["innocent"])),
        not_a_person=frozenset(data["not_a_person"]),
    )


def _patterns(listed: dict[str, Any]) -> tuple[re.Pattern[str], ...]:
    """One pattern for all terms of a list, and one for each regular expression."""
    terms = [_any(listed["terms"])] if "terms" in listed else []
    return tuple(re.compile(one) for one in terms + listed.get("patterns", []))


def _any(terms: Sequence[str]) -> str:
    """Any of these whole words or phrases; `*` stands for any ending, and in front for any
    beginning: scripts without spaces need that."""
    whole = "|".join(_written(term) for term in terms if not term.startswith("*"))
    within = [_written(term[1:]) for term in terms if term.startswith("*")]
    return "|".join([rf"(?<!\w)(?:{whole})(?!\w)", *within])


def _written(term: str) -> str:
    return re.escape(_plain(term)).replace(r"\*", r"\w*").replace(r"\ ", r"[\s\-]*")
