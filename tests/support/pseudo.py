"""A language in which every sentence stands in ⟦ ⟧, and the reader that finds words outside.

It is Esperanto to the program, because a language has to exist; nobody translates into it here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import flask_babel
from babel import Locale, dates
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

import fluxgen
from benchmarks import messages
from fluxgen import journal

NAME = "eo"
ASKING = {"Accept-Language": NAME}
OPENS, CLOSES = "⟦", "⟧"
SPOKEN = frozenset(
    {"aria-label", "title", "placeholder", "alt", "data-copied", "data-title", "data-says"}
)
SILENT = frozenset({"script", "style", "pre", "code", "kbd", "textarea", "time"})
NAMES = {"FluxGen", "Google", "Replicate", "Stripe", "PNG", "JPEG", "WebP", "CSV", "ZIP", "JSON"}
UNITS = {"px", "kB", "MB", "UTC", "FLUXGEN", "SAFETY"}
"""On the edges of film, and beside numbers."""
REFERENCE = re.compile(r"https?://\S+|[\w-]{16,}|[\w.+-]+@[\w.-]+")
"""Names in addresses and of payments; addresses of mail."""
WORD = re.compile(r"[^\W\d_]{2,}")
VOID = frozenset({"br", "img", "input", "link", "meta", "hr", "path", "use", "base", "col"})


def learn(app: Flask, folder: Path) -> None:
    """Give this app the language beside English."""
    place = folder / NAME / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, _catalogue())
    app.config["LANGUAGES"] = (*app.config["LANGUAGES"], NAME)
    flask_babel.get_babel(app).translation_directories[:] = [str(folder)]


def _catalogue() -> Catalog:
    catalogue = Catalog(locale=NAME)
    for message in messages.template():
        if isinstance(message.id, tuple):
            catalogue.add(message.id, [f"{OPENS}{words}{CLOSES}" for words in message.id])
        elif message.id:
            catalogue.add(message.id, f"{OPENS}{message.id}{CLOSES}")
    return catalogue


def content() -> set[str]:
    """What is no word of the interface: names, and all that stands in `fluxgen/data`."""
    data = Path(fluxgen.__file__).parent / "data"
    known = NAMES | UNITS | {"Alice", "Bob"}
    for path in data.rglob("*.toml"):
        known |= set(_strings(tomllib.loads(path.read_text())))
    known |= {one.post.title for one in journal.published()}
    for width in ("wide", "abbreviated"):
        known |= {str(name) for name in dates.get_month_names(width, locale=NAME).values()}
        known |= {str(name) for name in dates.get_day_names(width, locale=NAME).values()}
    return known | {Locale(NAME).currency_symbols[code] for code in ("EUR", "USD")}


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield from (value, value.lower())
            pieces = (piece.strip() for piece in re.split(r"[\[\]{}]", value))
            yield from (piece for piece in pieces if WORD.search(piece))
        case dict():
            for inner in value.values():
                yield from _strings(inner)
        case list():
            for inner in value:
                yield from _strings(inner)


class Reader(HTMLParser):
    """Collects the words of a page that stand outside ⟦ ⟧."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.outside: list[str] = []
        self._depth = 0
        self._silent: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        spoken = [value for name, value in given.items() if name in SPOKEN]
        if tag == "meta" and (given.get("name") or given.get("property", "")) in {
            *("description", "og:description", "og:title", "og:image:alt"),
        }:
            spoken.append(given["content"])
        for value in spoken:
            self.outside += self._strip(value, 0)[0]
        if tag in SILENT and tag not in VOID:
            self._silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        outside, self._depth = self._strip(data, self._depth)
        if not self._silent:
            self.outside += outside

    def _strip(self, text: str, depth: int) -> tuple[list[str], int]:
        pieces, piece = [], ""
        for letter in text:
            if letter == OPENS:
                depth += 1
            elif letter == CLOSES:
                depth -= 1
            elif depth == 0:
                piece += letter
                continue
            pieces.append(piece)
            piece = ""
        return [one.strip() for one in (*pieces, piece) if one.strip()], depth


def unwrapped(html: str, *own: str) -> list[str]:
    """Words that nobody could translate; `own` are the person's."""
    known = sorted(content() | set(own), key=len, reverse=True)
    found = []
    for piece in Reader(html).outside:
        rest = REFERENCE.sub("", piece)
        for words in known:
            rest = rest.replace(words, "")
        if WORD.search(rest):
            found.append(piece)
    return found
