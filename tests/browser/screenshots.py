"""Photographs every page, from phone to wall, in both themes: `make screenshots`.

They land in `test-results/screenshots`, to be looked at. The pages come from the list of routes, so
that a new one is among them; states that have no address of their own are in `openings.py`, people in
`lives.py`. This is no test, and is run by its name only.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from fluxgen import announcements, outbox, policies, suspension
from fluxgen import settings as house_settings
from fluxgen.jobs import mail
from fluxgen.models import Account, Erasure, Export
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.supervisor import ROOT
from fluxgen.security import FRAGMENTS
from fluxgen.settings import Settings
from tests.browser import lives
from tests.browser.openings import OPENED, WELCOME, Act
from tests.browser.serving import Served, serving
from tests.support import buying, cast, erasing, exporting
from tests.support.addresses import shown
from tests.support.failing import ERRORS, plant_errors
from tests.support.making import Visit
from tests.support.sandboxes import SANDBOX_PAGES, SandboxServer
from tests.support.workers import Workers

pytestmark = pytest.mark.timeout(3600)

FOLDER = ROOT / "test-results" / "screenshots"
Sizes = Mapping[int, int]
TOUCHED, POINTED = {360: 740, 768: 1024}, {1440: 900, 2560: 1440}
"""Widths and heights of windows in CSS pixels."""
LONGEST = 12_000
QUALITY = 82
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
NEWCOMERS = ("/studio", "/history", "/collections", "/credits", "/account", "/pricing")
LOADED = """async () => {
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
  await document.fonts.ready;
}"""
"""Everything is there, also what waits until it is scrolled to."""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
Sights = Mapping[str, tuple[str, Act | None]]


@dataclass(frozen=True)
class Camera:
    """Photographs what one house shows."""

    browser: Browser
    served: Served

    def take(self, sights: Sights, account: Account | None = None) -> None:
        """Open each as this person, on every device."""
        for sizes in (TOUCHED, POINTED):
            context = self.browser.new_context(
                has_touch=sizes is TOUCHED, reduced_motion="reduce", color_scheme="light"
            )
            if account is not None:
                self.served.sign_in(context, account)
            for name, (address, act) in sights.items():
                page = context.new_page()
                page.set_viewport_size(_window(*min(sizes.items())))
                page.goto(address if ":" in address else self.served.url + address)
                if act is not None:
                    act(page)
                _expose(page, sizes, _slug(name))
                page.close()
            context.close()


def _expose(page: Page, sizes: Sizes, name: str) -> None:
    """The page as it stands, at these sizes: as long as it is, unless something lies above it."""
    for width, height in sizes.items():
        page.set_viewport_size(_window(width, height))
        if not page.locator("dialog[open]").count():
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size(_window(width, max(height, min(whole, LONGEST))))
        page.evaluate(LOADED)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.evaluate(PAINTED)
            path = FOLDER / f"{name}-{width}-{theme}.jpg"
            page.screenshot(path=path, type="jpeg", quality=QUALITY)


def _window(width: int, height: int) -> ViewportSize:
    return {"width": width, "height": height}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "landing"


def named(addresses: list[str], things: Mapping[str, str]) -> Sights:
    """Addresses with names that are the same every time."""
    ids = [value for value in things.values() if len(value) > 20]
    found: dict[str, tuple[str, Act | None]] = {}
    for address in addresses:
        name = address
        for value in ids:
            name = name.replace(value, "")
        found[name] = (address, None)
    return found


def plain(addresses: Mapping[str, str]) -> Sights:
    """Pages that are looked at as they are."""
    return {name: (address, None) for name, address in addresses.items()}


@pytest.fixture
def sandbox(sandbox_server: SandboxServer) -> Iterator[Sandbox]:
    """Paints as well as it can."""
    with sandbox_server.fresh(painter="full") as fresh:
        yield fresh


@pytest.fixture
def alice(visit: Visit, workers: Workers, sandbox: Sandbox) -> Account:
    """Has an archive."""
    return lives.with_an_archive(visit, workers, sandbox)


@pytest.fixture
def camera(app: Flask, settings: Settings, chromium: Browser) -> Iterator[Camera]:
    plant_errors(app)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with serving(app) as served:
        house_settings.use(Settings(**{**settings.model_dump(), "public_url": served.url}))
        yield Camera(chromium, served)


@pytest.fixture(scope="module", autouse=True)
def anew() -> None:
    """Nothing is left of the last time."""
    shutil.rmtree(FOLDER, ignore_errors=True)


def test_pages(
    camera: Camera, app: Flask, things: dict[str, str], alice: Account, workers: Workers
) -> None:
    workers.work()
    with app.app_context():
        every = shown(app, things)
    camera.take(named([*(one for one in every if every[one]), *ERRORS], things))
    theirs = [one for one in every if not every[one] and not one.startswith(FRAGMENTS)]
    camera.take(named(theirs, things), alice)


def test_what_opens(camera: Camera, alice: Account) -> None:
    camera.take(OPENED, alice)


def test_lives(camera: Camera, visit: Visit, workers: Workers) -> None:
    camera.take({"welcome": WELCOME})  # before the clock moves: tokens live by the real one
    newcomer, maker = cast.penniless("noor"), lives.with_every_card(visit, workers)
    buyer, purchases = lives.with_every_purchase()
    leaver = lives.leaving()
    camera.take(plain({f"newcomer{path}": path for path in NEWCOMERS}), newcomer)
    made = ("/studio", "/history", "/history?status=ended", "/account")
    camera.take(plain({f"maker{path}": path for path in made}), maker)
    camera.take(plain(purchases | {"buyer credits": "/credits"}), buyer)
    for name, (packer, address) in lives.with_every_export().items():
        camera.take(plain({name: address, f"{name}, account": "/account"}), packer)
    erasure = Erasure.get(Erasure.account == leaver)
    told = {f"leaver{path}": path for path in ("/studio", "/account", "/account/erasure")}
    camera.take(plain({**told, "erasure planned": f"/erasures/{erasure.public_id}"}), leaver)
    announcements.announce(_newest_version(), "to be photographed", "It was forgotten.")
    camera.take(plain({f"announced{path}": path for path in ("/studio", "/pricing")}), newcomer)


def test_elsewhere(
    camera: Camera,
    sandbox: Sandbox,
    sandbox_server: SandboxServer,
    visit: Visit,
    alice: Account,
    workers: Workers,
    tmp_path: Path,
) -> None:
    """The sandboxes' pages, letters, and the pages in an export."""
    session_id = buying.order(visit(alice)).session_id
    packed: Export = exporting.built(alice, workers)
    exporting.opened(packed).zip.extractall(tmp_path)
    leaver = lives.leaving()
    erased = erasing.erased(cast.join("gone"))
    outbox.queue("restriction", leaver, key="sample", facts={"is_begun": True})
    suspension.suspend(cast.join("closed"), "to be photographed")
    announcements.announce(_newest_version(), "to be photographed", "It was forgotten.")
    while outbox.due(1):
        mail.deliver(outbox.due(1)[0])
    pages = {f"sandbox{path}": sandbox_server.url + path for path in SANDBOX_PAGES}
    pages["sandbox checkout"] = f"{sandbox_server.url}/stripe/pay/{session_id}"
    pages["sandbox google"] = "/signin/google"
    pages["erasure done"] = f"/erasures/{erased.public_id}"
    for one in sandbox.mail.received:
        pages[f"letter {one.message['Subject']}"] = (
            f"{sandbox_server.url}/mail/messages/{one.number}"
        )
    for path in sorted(tmp_path.rglob("*.html")):
        pages[f"packed {path.stem}"] = path.as_uri()
    camera.take(plain(pages))


def _newest_version() -> str:
    return max(one.version for one in policies.versions("privacy"))
