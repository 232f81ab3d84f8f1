"""The Nu HTML checker finds no error on any page, fragment, error page or mail."""

from __future__ import annotations

import re

from flask import Flask

from fluxgen.models import Account
from tests.support import vnu
from tests.support.addresses import shown
from tests.support.making import Visit

FRAME = (
    '<!doctype html><html lang="en"><head><title>Fragment</title></head>'
    '<body><h1>Fragment</h1><form id="selection"></form>{}</body></html>'
)
"""With what fragments find on their pages: a heading, and the form of History's boxes."""
OF_HTMX = re.compile(r"(?<=\s)hx-(?=[a-z-]+(?:=|[\s>]))")
"""htmx reads its attributes with and without `data-` before them; HTML knows the former only."""


def collected(app: Flask, visit: Visit, alice: Account, things: dict[str, str]) -> dict[str, str]:
    """What each address answers with, signed in and, where anybody may come, signed out."""
    with app.app_context():
        addresses = shown(app, things)
    found = {}
    for address, is_public in [*addresses.items(), ("/nowhere", True)]:
        for name, account in {"": alice, " (visitor)": None}.items():
            if account is None and not is_public:
                continue
            answer = visit(account).get(address, follow_redirects=False)
            if answer.mimetype == "text/html" and answer.text and answer.status_code // 100 != 3:
                found[f"{address}{name}"] = answer.text
    return found


def whole(html: str) -> str:
    """A fragment in a document around it; a page as it is."""
    document = html if html.lstrip().lower().startswith("<!doctype") else FRAME.format(html)
    return OF_HTMX.sub("data-hx-", document)


def test_no_page_has_an_error(
    app: Flask, visit: Visit, alice: Account, things: dict[str, str]
) -> None:
    documents = collected(app, visit, alice, things)
    assert len(documents) > 40
    findings = vnu.check({name: whole(html) for name, html in documents.items()})
    assert [str(one) for one in findings if one.is_error] == []


def test_an_error_is_found() -> None:
    planted = FRAME.format('<p id="a"><i id="a">twice</i></p>')
    (said,) = [one for one in vnu.check({"planted": planted}) if one.is_error]
    assert "Duplicate ID" in str(said) and said.name == "planted"
