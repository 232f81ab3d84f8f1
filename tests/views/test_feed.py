"""The journal's feed is what RFC 4287 says that a feed is, read by its rules and not by ours."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask

from fluxgen import journal, settings
from tests.support.cast import ORIGIN
from tests.support.making import Visit

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = ("how-the-promises-are-kept", "what-a-look-is", "what-fluxgen-is")
DRAFT = "new-privacy-page-and-terms"

Elements = tuple[set[str], set[str], set[str]]

# RFC 4287, 4.1.1 and 4.1.2: what must be there once, what may be there once, what as often as liked
FEED: Elements = (
    {"id", "title", "updated"},
    {"subtitle", "generator", "icon", "logo", "rights"},
    {"author"},
)
ENTRY: Elements = (
    {"id", "title", "updated"},
    {"published", "summary", "content", "rights", "source"},
    set(),
)
OFTEN = {"author", "contributor", "category", "link"}
# 3.3, and RFC 3339: seconds are there, and so is the zone
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# RFC 4151: a name that is ours, a day on which it was, and what is meant
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[\w./-]+")
TEXT = {"text", "html", "xhtml"}


def read(visit: Visit) -> Element:
    answer = visit(None).get("/journal/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    assert answer.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root: Element = fromstring(answer.data)
    assert root.tag == f"{ATOM}feed"
    return root


def children(parent: Element, name: str) -> list[Element]:
    return parent.findall(f"{ATOM}{name}")


def text(parent: Element, name: str) -> str:
    (found,) = children(parent, name)
    assert found.text and found.text == found.text.strip()
    return found.text


def check_structure(one: Element, must: set[str], may: set[str], more: set[str]) -> None:
    """Every element is of Atom's, and there as often as it may be."""
    counted = Counter(child.tag for child in one)
    assert all(tag.startswith(ATOM) for tag in counted)
    named = Counter({tag.removeprefix(ATOM): n for tag, n in counted.items()})
    assert {name for name in must | more if named[name] < 1} == set()
    assert {name for name in must | may if named[name] > 1} == set()
    assert set(named) <= must | may | OFTEN | {"entry"}
    for name in ("title", "subtitle", "summary", "rights"):
        assert all(found.get("type", "text") in TEXT for found in children(one, name))
    for name in ("updated", "published"):
        assert all(MOMENT.fullmatch(found.text or "") for found in children(one, name))
    assert TAG.fullmatch(text(one, "id")), "4.2.6: an IRI, absolute"


def check_links(one: Element, rels: set[str]) -> None:
    """4.2.7: whole addresses; 4.1.1 and 4.1.2: no two alternates of one type and language."""
    links = children(one, "link")
    assert {link.get("rel", "alternate") for link in links} == rels
    kinds = Counter((link.get("rel"), link.get("type"), link.get("hreflang")) for link in links)
    assert set(kinds.values()) == {1}
    for link in links:
        assert (link.get("href") or "").startswith(f"{ORIGIN}/")


def test_the_feed_has_what_a_feed_has_and_nothing_else(visit: Visit) -> None:
    root = read(visit)
    check_structure(root, *FEED)
    check_links(root, {"self", "alternate"})
    assert [author.findtext(f"{ATOM}name") for author in children(root, "author")] == ["FluxGen"]
    (itself,) = (link for link in children(root, "link") if link.get("rel") == "self")
    assert itself.get("href") == f"{ORIGIN}/journal/feed.xml"


def test_each_entry_has_what_an_entry_has_with_its_whole_text(visit: Visit) -> None:
    client = visit(None)
    entries = children(read(visit), "entry")
    assert len(entries) == len(FIRST)
    for entry in entries:
        check_structure(entry, *ENTRY)
        check_links(entry, {"alternate"})
        (content,) = children(entry, "content")
        assert content.get("type") == "html"
        assert "<h2" in (content.text or "") and len(text(entry, "summary")) > 20
        addresses = re.findall(r'(?:src|href)="([^"]*)"', content.text or "")
        assert addresses and all(one.startswith("http") for one in addresses), "none is relative"
        for address in {one for one in addresses if one.startswith(f"{ORIGIN}/")}:
            parts = urlsplit(address)
            assert client.get(f"{parts.path}?{parts.query}").status_code in {200, 302, 303}, address


def test_names_are_apart_and_stay_whatever_the_port(visit: Visit) -> None:
    root = read(visit)
    names = [text(one, "id") for one in (root, *children(root, "entry"))]
    assert len(set(names)) == len(names)
    settings.use(settings.current().model_copy(update={"public_url": f"{ORIGIN}:8444"}))
    moved = read(visit)
    assert [text(one, "id") for one in (moved, *children(moved, "entry"))] == names


def test_the_newest_comes_first_and_a_correction_moves_the_feed(
    app: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = read(visit)
    entries = children(root, "entry")
    public = [datetime.fromisoformat(text(entry, "published")) for entry in entries]
    assert public == sorted(public, reverse=True)
    moments = [text(entry, "updated") for entry in entries]
    assert text(root, "updated") == max(moments)
    assert all(text(entry, "updated") >= text(entry, "published") for entry in entries)
    (corrected,) = (entry for entry in entries if text(entry, "id").endswith(FIRST[1]))
    assert text(corrected, "updated") > text(corrected, "published")
    assert "corrected on" in visit(None).get(f"/journal/{FIRST[1]}").text
    app.test_cli_runner().invoke(args=["journal", "publish", DRAFT, "--reason", "x"])
    later = read(visit)
    newest, *rest = children(later, "entry")
    assert text(newest, "id").endswith(DRAFT)
    assert text(later, "updated") == text(newest, "updated") > text(root, "updated")
    assert [text(entry, "id") for entry in rest] == [text(entry, "id") for entry in entries]
    monkeypatch.setattr(journal, "published", list)
    check_structure(read(visit), *FEED)
