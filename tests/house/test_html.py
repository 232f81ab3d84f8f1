"""The Nu HTML checker finds no error: on each page and fragment that the list of routes has, signed
in and out, on what refused forms and questions are answered with, on error pages, in mails, in the
pages of an export and on those of the sandboxes."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from flask import Flask

from fluxgen import outbox
from fluxgen.models import Account
from tests.support import buying, mails, vnu
from tests.support.addresses import shown
from tests.support.cast import HTMX, order, penniless
from tests.support.exporting import built, opened
from tests.support.failing import ERRORS, plant_errors
from tests.support.making import Visit, image, make
from tests.support.sandboxes import SANDBOX_PAGES, SandboxServer
from tests.support.studio import filled
from tests.support.workers import Workers

FRAME = (
    '<!doctype html><html lang="en"><head><title>Fragment</title></head>'
    '<body><h1>Fragment</h1><form id="selection"></form>{}</body></html>'
)
"""With what fragments find on their pages: a heading, and the form of History's boxes."""
OF_HTMX = re.compile(r"(?<=\s)hx-(?=[a-z-]+(?:=|[\s>]))")
"""htmx reads its attributes with and without `data-` before them; HTML knows the former only."""
REFUSED: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("/generations", 422, order(prompt="")),
    ("/generations", 422, order(prompt="a fox", seed="x")),
    ("/generations", 422, filled(**{"slot.who": "", "tier": "draft"})),
    ("/generations", 402, order(prompt="a fox")),
    ("/account/limit", 422, {"daily_limit": "x"}),
    ("/account/name", 422, {"name": ""}),
    ("/account/theme", 422, {"theme": "pink"}),
    ("/purchases", 422, {"pack": "usual"}),
    ("/collections", 422, {"name": ""}),
    ("/account/erasure", 422, {"what": "account", "when": "day", "typed": "no"}),
    ("/history/selected/delete", 422, {}),
)
"""Forms of somebody without credits, with what they are answered."""


@pytest.fixture
def failing(app: Flask) -> Flask:
    """With addresses that fail; before anything is asked."""
    plant_errors(app)
    return app


def collected(app: Flask, visit: Visit, alice: Account, things: dict[str, str]) -> dict[str, str]:
    """What each address answers with, signed in and, where anybody may come, signed out."""
    with app.app_context():
        addresses = shown(app, things)
    found = {}
    for address, is_public in [*addresses.items(), *((error, True) for error in ERRORS)]:
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


def errors(documents: dict[str, str]) -> list[str]:
    """What the checker calls an error in any of them."""
    findings = vnu.check({name: whole(html) for name, html in documents.items()})
    return [str(one) for one in findings if one.is_error]


def test_no_page_has_an_error(
    failing: Flask, visit: Visit, alice: Account, things: dict[str, str]
) -> None:
    documents = collected(failing, visit, alice, things)
    assert len(documents) > 40
    assert set(ERRORS) <= set(documents)
    assert errors(documents) == []


def test_no_answer_to_a_form_has_an_error(
    app: Flask, visit: Visit, alice: Account, workers: Workers
) -> None:
    found: dict[str, str] = {}

    def send(account: Account, address: str, data: dict[str, Any], *statuses: int) -> None:
        for way, headers in (("page", {}), ("fragment", HTMX)):
            answer = visit(account).post(address, data=data, headers=headers)
            assert answer.status_code in statuses, address
            found[f"{address} {way} {len(found)}"] = answer.text

    for address, status, data in REFUSED:
        send(penniless(f"bob{len(found)}"), address, data, status)
    generation = make(visit(alice), workers)
    page = f"/generations/{generation.public_id}"
    send(alice, f"/pictures/{image(generation).public_id}/alt", {"alt": "x" * 2000}, 422)
    visit(alice).post(f"{page}/favourite")
    for from_where in ({}, {"from": "lightbox"}):
        send(alice, f"{page}/delete", from_where, 409)
    send(alice, "/history/selected/delete", {"id": generation.public_id}, 409, 200)
    assert errors(found) == []


def test_no_mail_export_or_page_of_a_sandbox_has_an_error(
    app: Flask, visit: Visit, alice: Account, workers: Workers, sandbox_server: SandboxServer
) -> None:
    found = {
        f"mail {kind} {number}": mails.letter(kind, facts).html
        for number, (kind, facts) in enumerate(mails.MAILS)
    }
    session_id = buying.order(visit(alice)).session_id
    make(visit(alice), workers)
    export = opened(built(alice, workers))
    pages = [name for name in export.zip.namelist() if name.endswith(".html")]
    assert "index.html" in pages
    found |= {f"export {name}": export.text(name) for name in pages}
    outbox.queue("restriction", alice, key="sample", facts={"restricted": True})
    chooser = visit(None).get("/signin/google").location
    told = [*SANDBOX_PAGES, f"/stripe/pay/{session_id}"]
    for address in [chooser, *(sandbox_server.url + path for path in told)]:
        answer = httpx.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.text
    assert errors(found) == []


def test_an_error_is_found() -> None:
    planted = FRAME.format('<p id="a"><i id="a">twice</i></p>')
    (said,) = [one for one in vnu.check({"planted": planted}) if one.is_error]
    assert "Duplicate ID" in str(said) and said.name == "planted"
