"""Reads the HTML that tests open, and finds what no page of ours may have.

`parse` gives the elements with their attributes and words, `faults` the list of what is wrong.
The test browser runs `faults` over every page and fragment it receives.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(  # HTML standard, 13.1.2
    (
        *("area", "base", "br", "col", "embed", "hr", "img"),
        *("input", "link", "meta", "param", "source", "track", "wbr"),
    )
)
SIGNED = "&X-Amz-Signature="
LOADING = (
    "src",
    "href",
    "action",
    "formaction",
    "poster",
    "data",
    "hx-get",
    "hx-post",
    "hx-delete",
)
NAMED_OTHERWISE = ("aria-label", "aria-labelledby")
SPECIMEN = "pattern__box"
"""On the patterns page: a component that stands for itself, headings and all."""
UNLABELLED_TYPES = {"hidden", "submit"}
ABSOLUTE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
SCHEME = re.compile(r"^\s*(?:javascript|data|vbscript|blob):", re.IGNORECASE)


@dataclass
class Element:
    """One element: what it is, where it stands, and the words directly and indirectly in it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    pieces: list[str | Element] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.attributes

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    @property
    def words(self) -> str:
        """All text inside, its white space made single."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for piece in self.pieces:
            yield from piece._texts() if isinstance(piece, Element) else (piece,)

    def inside(self, tag: str) -> bool:
        """Whether an element of this kind is around this one."""
        return any(above.tag == tag for above in self._above())

    def inside_of(self, other: Element) -> bool:
        """Whether the other one is around this one."""
        return any(above is other for above in self._above())

    def _above(self) -> Iterator[Element]:
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


class Page(HTMLParser):
    """The elements of a page or fragment, in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.is_whole = html.lstrip().lower().startswith("<!doctype html>")
        self.elements: list[Element] = []
        self.unbalanced: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.unbalanced += [f"<{element.tag}> is never closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._open[-1] if self._open else None
        element = Element(tag, {name: value or "" for name, value in attrs}, parent)
        self.elements.append(element)
        if parent is not None:
            parent.pieces.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.unbalanced.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].pieces.append(data)

    def all(self, tag: str = "", *, css: str = "") -> list[Element]:
        """The elements of this kind that have this class."""
        return [
            element
            for element in self.elements
            if tag in ("", element.tag) and (not css or css in element.classes)
        ]

    def one(self, tag: str = "", *, css: str = "") -> Element:
        """The only such element. Raises `AssertionError`."""
        found = self.all(tag, css=css)
        assert len(found) == 1, f"{len(found)} elements <{tag}> .{css}"
        return found[0]

    def by_id(self, id_: str) -> Element:
        """The element of this id. Raises `AssertionError`."""
        found = [element for element in self.elements if element.get("id") == id_]
        assert found, f"nothing has the id {id_}"
        return found[0]

    def has_id(self, id_: str) -> bool:
        return any(element.get("id") == id_ for element in self.elements)

    def checked(self, name: str) -> str:
        """The value of the radio button or box that is chosen under this name, or ""."""
        for element in self.all("input"):
            if element.get("name") == name and element.has("checked"):
                return element["value"]
        return ""


def parse(html: str) -> Page:
    return Page(html)


def faults(html: str) -> list[str]:
    """What is wrong with a page or fragment, in words; an empty list when nothing is."""
    page = Page(html)
    found = [*page.unbalanced, *_ids(page), *_forms(page), *_labels(page), *_pictures(page)]
    found += [*_inline(page), *_addresses(page)]
    if page.is_whole:
        found += _frame(page)
    return found


def _frame(page: Page) -> Iterator[str]:
    titles = [title for title in page.all("title") if title.words]
    if len(titles) != 1:
        yield f"{len(titles)} titles"
    headings = [
        heading.words
        for heading in page.all("h1")
        if not any(SPECIMEN in above.classes for above in heading._above())
    ]
    if len(headings) != 1 or not headings[0]:
        yield f"h1: {headings}"
    if not page.one("html").get("lang"):
        yield "no language"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(element["id"] for element in page.elements if element.has("id"))
    yield from (f"{count} elements have the id {id_}" for id_, count in ids.items() if count > 1)
    for element in page.elements if page.is_whole else []:
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget", "form"):
            missing = set(element.get(name).split()) - set(ids)
            yield from (f"{name}={id_} names nothing" for id_ in missing)


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if form.get("method") == "dialog":
            continue
        if form.get("method") not in {"get", "post"} or not form.get("action"):
            yield f"form without method or action: {form.attributes}"


def _labels(page: Page) -> Iterator[str]:
    named = {label.get("for") for label in page.all("label")}
    for tag in ("input", "textarea", "select"):
        for element in page.all(tag):
            otherwise = any(element.get(name) for name in NAMED_OTHERWISE)
            labelled = element.inside("label") or element.get("id", "?") in named or otherwise
            if not labelled and element.get("type") not in UNLABELLED_TYPES:
                yield f"{tag} without a label: {element.attributes}"
    for element in page.all("button") + page.all("a"):
        pictured = any(
            picture.get("alt") for picture in page.all("img") if picture.parent is element
        )
        if not (element.words or pictured or any(element.get(name) for name in NAMED_OTHERWISE)):
            yield f"{element.tag} without a name: {element.attributes}"


def _pictures(page: Page) -> Iterator[str]:
    for picture in page.all("img"):
        lacking = [name for name in ("alt", "width", "height") if not picture.has(name)]
        if lacking:
            yield f"img without {', '.join(lacking)}: {picture.get('src')}"


def _inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        for name in element.attributes:
            if name == "style" or name.startswith(("on", "hx-on")):
                yield f"{name}= on <{element.tag}>"
        if element.tag == "style" or (element.tag == "script" and not element.get("src")):
            yield f"inline <{element.tag}>"


def _addresses(page: Page) -> Iterator[str]:
    for element in page.elements:
        listed = [part.split()[0] for part in element.get("srcset").split(",") if part.strip()]
        for address in [*(element.get(name) for name in LOADING), *listed]:
            if element.tag == "img" and SIGNED in address:
                continue  # from the bucket, which the policy names
            if element.get("rel") == "canonical":
                continue  # a name, which nothing loads
            if ABSOLUTE.match(address) or SCHEME.match(address):
                yield f"<{element.tag}> goes elsewhere: {address}"
