"""A text in all the ways it may be meant, so that l3tters, s p a c i n g and look-alikes from
other alphabets change nothing."""

from __future__ import annotations

import re
import unicodedata

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
DROPPED = frozenset({"Mn", "Me", "Cf"})
INSIDE = re.compile(r"(?<=[^\W\d_])[.\-_*·,'’~+/\\|](?=[^\W\d_])")
"""A mark within a word: na.ked."""
JOINED = re.compile(r"[_\-]")
WORD = re.compile(r"\S+")
LETTER = re.compile(r"[a-z]")
SPACED = re.compile(r"(?<!\w)\w(?:(?:\s|\s?[.\-_*·,]\s?)\w(?!\w)){2,}")
BETWEEN = re.compile(r"[^\w]+")
REPEATED = re.compile(r"([a-z])\1{2,}")


def readings(text: str, innocent: re.Pattern[str]) -> list[str]:
    """The text as it may be meant, without what is innocent."""
    once = plain(text)
    read = [once, JOINED.sub(" ", once), INSIDE.sub("", once)]
    for letters in DIGITS_AS_LETTERS:
        read += [_with_digits_as_letters(one, letters) for one in read[:3]]
    read += [SPACED.sub(lambda found: BETWEEN.sub("", found[0]), one) for one in read]
    single = [REPEATED.sub(r"\1", one) for one in dict.fromkeys(read)]
    return [innocent.sub(" ", one) for one in dict.fromkeys(single)]


def plain(text: str) -> str:
    """Small letters without accents, invisible characters or look-alikes."""
    return bare(unicodedata.normalize("NFKD", text).casefold())


def bare(text: str) -> str:
    """The same with its large letters, for patterns, in which those mean something."""
    apart = unicodedata.normalize("NFKD", text).translate(LOOK_ALIKES)
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKD", apart):
        if unicodedata.category(letter) not in DROPPED or _is_a_vowel(letter, kept):
            kept.append(letter)
    return "".join(kept)


def _is_a_vowel(letter: str, before: list[str]) -> bool:
    """Whether this mark spells a word in a script of India, where it is no accent."""
    return bool(before) and "\u0900" <= letter <= "\u0dff" and "\u0900" <= before[-1] <= "\u0dff"


def _with_digits_as_letters(plain: str, letters: dict[int, int]) -> str:
    """n4k3d as naked; numbers that stand alone stay numbers."""

    def read(word: re.Match[str]) -> str:
        return word[0].translate(letters) if LETTER.search(word[0]) else word[0]

    return WORD.sub(read, plain)
