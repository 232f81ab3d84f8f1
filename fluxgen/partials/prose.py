"""Our own Markdown as HTML: headings one can point at, pictures with their size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from PIL import Image

from fluxgen.assets import STATIC, asset


@dataclass(frozen=True)
class Heading:
    """A heading of the second level, and the name under which it is pointed at."""

    anchor: str
    words: str


@dataclass(frozen=True)
class Prose:
    """A text ready for a page."""

    html: Markup
    headings: list[Heading]


def prose(markdown: str, *, origin: str = "") -> Prose:
    """Our own text as HTML; raw HTML in it stays text. `origin` makes every address absolute."""
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
    tokens = parser.parse(markdown)
    headings = list(_name_headings(tokens))
    _resolve(tokens, origin)
    html = parser.renderer.render(_pictures_alone(tokens), parser.options, {})
    return Prose(Markup(html), headings)


def _name_headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            anchor = re.sub(r"[^a-z0-9]+", "-", inline.content.lower()).strip("-")
            opening.attrSet("id", anchor)
            yield Heading(anchor, inline.content)


def _resolve(tokens: Sequence[Token], origin: str) -> None:
    """Pictures are our own static files; addresses may have to stand alone, as in a feed."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                source = str(child.attrs["src"])
                width, height = _size(source)
                child.attrSet("src", origin + asset(source))
                child.attrSet("width", str(width))
                child.attrSet("height", str(height))
                child.attrSet("loading", "lazy")
                child.attrSet("decoding", "async")
            elif child.type == "link_open" and str(child.attrs["href"]).startswith("/"):
                child.attrSet("href", origin + str(child.attrs["href"]))


def _pictures_alone(tokens: Sequence[Token]) -> list[Token]:
    """A paragraph that is nothing but a picture becomes a figure."""
    written = list(tokens)
    for index, token in enumerate(written):
        children = token.children or []
        if token.type == "inline" and [child.type for child in children] == ["image"]:
            for neighbour in (written[index - 1], written[index + 1]):
                neighbour.tag = "figure"
    return written


@cache
def _size(filename: str) -> tuple[int, int]:
    with Image.open(STATIC / filename) as picture:
        return picture.size
