"""The lint of pages finds what it is there to find, and the test browser runs it."""

from __future__ import annotations

import pytest
from flask import Flask

from fluxgen.security import public
from tests.support import pages
from tests.support.making import Visit

BAD = {
    "two ids": '<p id="a"></p><i id="a"></i>',
    "form without action": '<form method="post"></form>',
    "form without method": '<form action="/x"></form>',
    "input without label": '<input name="a" type="text">',
    "textarea without label": '<textarea name="a"></textarea>',
    "button without name": "<button></button>",
    "link without name": '<a href="/x"><img src="/y" alt="" width="1" height="1"></a>',
    "picture without alt": '<img src="/x" width="1" height="1">',
    "picture without size": '<img src="/x" alt="">',
    "style attribute": '<p style="color: red">x</p>',
    "style element": "<style>p {}</style>",
    "handler": '<p onclick="x()">x</p>',
    "htmx handler": '<p hx-on:click="x()">x</p>',
    "inline script": "<script>x()</script>",
    "foreign script": '<script src="https://cdn.test/x.js"></script>',
    "protocol-relative": '<img src="//cdn.test/x" alt="" width="1" height="1">',
    "foreign link": '<a href="https://elsewhere.test/">x</a>',
    "foreign srcset": '<img src="/x" srcset="/x 1w, https://e.test/y 2w" alt="" width="1" height="1">',
    "script address": '<a href="javascript:x()">x</a>',
    "unclosed": "<div><p>x</div>",
    "page without heading": "<!doctype html><html lang='en'><title>x</title></html>",
    "page without title": "<!doctype html><html lang='en'><h1>x</h1></html>",
    "label for nothing": "<!doctype html><html lang='en'><title>x</title><h1>x</h1>"
    "<label for='gone'>x</label></html>",
}
GOOD = (
    '<form method="post" action="/x"><label>Name <input name="a"></label>'
    '<input type="hidden" name="n"><label for="b">B</label><textarea id="b"></textarea>'
    '<button aria-label="Send"><svg><path d="M0 0"/></svg></button></form>'
    '<img src="/x" alt="" width="1" height="1"><a href="mailto:a@example.test">Write</a>'
)


@pytest.mark.parametrize("html", BAD.values(), ids=BAD)
def test_it_finds(html: str) -> None:
    assert pages.faults(html)


def test_it_finds_nothing_where_nothing_is_wrong() -> None:
    assert pages.faults(GOOD) == []


def test_the_browser_of_the_tests_looks_at_every_page(app: Flask, visit: Visit) -> None:
    app.add_url_rule("/bad", view_func=public(lambda: "<p style='x'>bad</p>"), endpoint="bad")
    with pytest.raises(AssertionError, match="style= on <p>"):
        visit(None).get("/bad")
