"""axe-core finds nothing on any page: each route and state, both themes, phone and desk, signed in
and out, errors, sandboxes and patterns. The pages come from the list of routes, so that a new one
is among them; what only shows after a click is in test_accessibility.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from fluxgen import outbox
from fluxgen.models import Account
from fluxgen.security import FRAGMENTS
from tests.browser.serving import ERRORS, FAILING, Served, opened, plant_errors, serving
from tests.browser.watch import Watch
from tests.support import buying
from tests.support.addresses import shown
from tests.support.making import Visit
from tests.support.sandboxes import SandboxServer

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]

SIGHTS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (390, "dark"))
"""Either theme on either kind of device; the four combinations are in test_accessibility.py."""
RULES = {"target-size": {"enabled": True}}
"""Of WCAG 2.2, and not among what axe looks for unasked."""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
OF_MANY = {"landmark-unique": {"enabled": False}, "heading-order": {"enabled": False}}
"""The patterns page has the same landmark many times, and headings that axe does not know to be
moved down (`headingoffset`): that is what it is for."""
SANDBOX_PAGES = ("/", "/mail/", "/stripe/", "/stripe/control")
PROVOKED = ("status of 4", "status of 5")


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    plant_errors(app)
    with serving(app) as served:
        yield served


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe has against the page as it stands, which is not loaded again."""
    page.evaluate(Axe().axe_script)
    found = []
    for width, scheme in SIGHTS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(PAINTED)
        options = {"resultTypes": ["violations"], "rules": rules}
        answer = page.evaluate("(options) => axe.run(document, options)", options)
        found += [
            f"{page.url}, {width} px, {scheme}: {one['id']}: {node['target']}"
            for one in answer["violations"]
            for node in one["nodes"]
        ]
    return found


def examine(page: Page, addresses: list[str], watch: Watch) -> None:
    """Open each and look; all that was found in one list."""
    watch.permit(*PROVOKED)
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        found += violations(page, RULES | (OF_MANY if address.endswith("/-/patterns") else {}))
    assert found == []
    assert watch.complaints == []


def test_pages_of_visitors(
    served: Served, chromium: Browser, things: dict[str, str], app: Flask
) -> None:
    with app.app_context():
        public = [address for address, is_public in shown(app, things).items() if is_public]
    with opened(chromium, served, None) as context:
        page, watch = context.new_page(), Watch(context, served.url)
        examine(page, [served.url + address for address in [*public, *ERRORS]], watch)


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
    pages = [served.url + address for address in every if not address.startswith(FRAGMENTS)]
    with opened(chromium, served, alice) as context:
        page, watch = context.new_page(), Watch(context, served.url)
        examine(page, [*pages, f"{served.url}{FAILING}/404"], watch)


def test_pages_of_the_sandboxes(
    served: Served,
    chromium: Browser,
    sandbox_server: SandboxServer,
    visit: Visit,
    alice: Account,
) -> None:
    session_id = buying.order(visit(alice)).session_id
    outbox.queue("restriction", alice, key="sample", facts={"restricted": True})
    with opened(chromium, served, None) as context:
        page, watch = context.new_page(), Watch(context, sandbox_server.url)
        watch.permit(f"elsewhere: {served.url}")
        page.goto(f"{served.url}/signin/google")
        pages = [page.url, *(sandbox_server.url + path for path in SANDBOX_PAGES)]
        examine(page, [*pages, f"{sandbox_server.url}/stripe/pay/{session_id}"], watch)
