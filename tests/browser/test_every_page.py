"""axe-core finds nothing on any page: each route and state, both themes, phone and desk, signed in
and out, errors, sandboxes and patterns. The pages come from the list of routes, so that a new one
is among them; what only shows after a click is in test_accessibility.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from fluxgen import outbox
from fluxgen.models import Account
from fluxgen.security import FRAGMENTS
from tests.browser.axe import violations
from tests.browser.serving import Served, opened, serving
from tests.browser.watch import Watch
from tests.support import buying
from tests.support.addresses import shown
from tests.support.failing import ERRORS, FAILING, plant_errors
from tests.support.making import Visit
from tests.support.sandboxes import SANDBOX_PAGES, SandboxServer

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]

PATTERNS = "/-/patterns"
OF_MANY = {"landmark-unique": {"enabled": False}, "heading-order": {"enabled": False}}
"""The patterns page has the same landmark many times, and headings that axe does not know to be
moved down (`headingoffset`): that is what it is for."""
ABSENT = r"status of 404 .*/static/0{12}/img/not-there\.webp\)$"
"""The patterns page shows what a sample without its picture looks like."""
REFUSED = {"/erasures/": 404, "/generations/sheets/new": 422}
"""What is no page of anybody's, or one that lacks what its address should say: by its beginning."""


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    plant_errors(app)
    with serving(app) as served:
        yield served


def expected(path: str) -> int:
    """What a page of this address answers with."""
    if path.startswith(FAILING):
        return int(path.rpartition("/")[2])
    if "?" in path:
        return 200
    return next((status for start, status in REFUSED.items() if path.startswith(start)), 200)


def examine(page: Page, home: str, paths: list[str], watch: Watch) -> None:
    """Open each and look; all that was found in one list."""
    found: list[str] = []
    for path in paths:
        status = expected(path)
        if status >= 400:
            watch.permit_answer(home + path, status)
        answer = page.goto(home + path)
        assert answer is not None
        if answer.status != status:
            found.append(f"{path} answers with {answer.status}")
        found += violations(page, rules=OF_MANY if path == PATTERNS else None)
    assert found == []


def test_pages_of_visitors(
    served: Served, chromium: Browser, things: dict[str, str], app: Flask
) -> None:
    with app.app_context():
        public = [address for address, is_public in shown(app, things).items() if is_public]
    with opened(chromium, served, None) as (page, watch):
        watch.permit(ABSENT)
        watch.permit(r"status of 401 .*/images/forgotten\?")  # a sample's; for members only
        examine(page, served.url, [*public, *ERRORS], watch)


@pytest.mark.parametrize("is_public", [False, True], ids=["their own", "everybody's"])
def test_pages_of_people(
    served: Served,
    chromium: Browser,
    things: dict[str, str],
    app: Flask,
    alice: Account,
    is_public: bool,
) -> None:
    with app.app_context():
        every = [address for address, public in shown(app, things).items() if public is is_public]
    # what is on the patterns page is the same for everybody, and much: visitors look at it
    pages = [path for path in every if not path.startswith(FRAGMENTS) and path != PATTERNS]
    with opened(chromium, served, alice) as (page, watch):
        examine(page, served.url, [*pages, f"{FAILING}/404"], watch)


def test_pages_of_the_sandboxes(
    served: Served,
    chromium: Browser,
    sandbox_server: SandboxServer,
    visit: Visit,
    alice: Account,
) -> None:
    session_id = buying.order(visit(alice)).session_id
    outbox.queue("restriction", alice, key="sample", facts={"restricted": True})
    home = sandbox_server.url
    with opened(chromium, served, None, home) as (page, watch):
        watch.permit(f"elsewhere: {served.url}")
        page.goto(f"{served.url}/signin/google")
        chooser = page.url.removeprefix(home)
        examine(page, home, [chooser, *SANDBOX_PAGES, f"/stripe/pay/{session_id}"], watch)
