"""Photographs every page, on a phone, a tablet and a desk, in both themes: `make screenshots`.

They land in `test-results/screenshots`, to be looked at. The house is a real one, with the
sandboxes; the pictures on the pages are the sandbox's paintings.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.house import House
from benchmarks.visitor import Visitor
from fluxgen.sandbox.supervisor import ROOT
from tests.support.chromium import find

FOLDER = ROOT / "test-results" / "screenshots"
SIZES = {360: 740, 768: 1024, 1440: 900}
"""Widths and heights of windows in CSS pixels."""
THEMES = ("light", "dark")
SIGNED_OUT = (
    "/",
    "/signin",
    "/looks",
    "/looks/window-light",
    "/pricing",
    "/privacy",
    "/terms",
    "/journal",
    "/journal/what-fluxgen-is",
    "/promises",
    "/contact",
    "/nowhere",
    "/offline",
)
SIGNED_IN = (
    "/studio",
    "/studio?look=before-breakfast",
    "/history",
    "/history?q=heron",
    "/collections",
    "/credits",
    "/account",
    "/account/erasure",
)
PROMPTS = (
    "Three lemons and a blue jug on white linen, hard window light",
    "Swimming pool from the diving board, one dark lane line, afternoon",
    "Dunes at first light with long soft shadows",
    "A dahlia with every petal open, salmon to ember",
    "Indigo ink and peach dye meeting in milk",
    "A stair in a bare rose-coloured concrete house, a ball in a stripe of sun",
)
READY_TIMEOUT_S = 120.0


def main() -> int:
    """Photograph everything anew; 1 where there is no browser."""
    browser_path = find()
    if browser_path is None:
        print("No Chromium found.")
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    settings = {"SANDBOX_PACE": "0.2", "POLL_S": "0.5", "SWEEP_S": "0.5"}
    with (
        tempfile.TemporaryDirectory() as folder,
        House(Path(folder), workers=1, settings=settings) as house,
        Visitor(house.url, "ada") as ada,
        sync_playwright() as playwright,
    ):
        ids = _pictures_of(ada.sign_in())
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        everywhere = [*SIGNED_IN, f"/generations/{ids[0]}"]
        for theme in THEMES:
            for width in SIZES:
                _photograph(browser, house, None, SIGNED_OUT, width, theme)
                _photograph(browser, house, ada, everywhere, width, theme)
        browser.close()
    print(f"{len(list(FOLDER.iterdir()))} photographs in {FOLDER.relative_to(ROOT)}")
    return 0


def _pictures_of(visitor: Visitor) -> list[str]:
    """Some finished pictures; their public ids."""
    ids = [visitor.ask_for(prompt) for prompt in PROMPTS]
    give_up = time.monotonic() + READY_TIMEOUT_S
    while time.monotonic() < give_up:
        pages = [visitor.http.get(f"/generations/{id_}").text for id_ in ids]
        if all("/original" in page for page in pages):
            return ids
        time.sleep(1)
    raise SystemExit("The pictures did not arrive.")


def _photograph(
    browser: Browser,
    house: House,
    visitor: Visitor | None,
    paths: Iterable[str],
    width: int,
    theme: str,
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=width < 1000,
    )
    if visitor is not None:
        _sign_in(context, house, visitor)
    page = context.new_page()
    for path in paths:
        page.goto(house.url + path)
        _settle(page)
        name = re.sub(r"[^a-z0-9]+", "-", re.sub(r"generations/.*", "generation", path)).strip("-")
        page.screenshot(path=FOLDER / f"{name or 'home'}-{width}-{theme}.png", full_page=True)
    context.close()


def _sign_in(context: BrowserContext, house: House, visitor: Visitor) -> None:
    """The browser carries on with the visitor's session."""
    cookies = visitor.http.cookies.jar
    context.add_cookies(
        [{"name": each.name, "value": each.value or "", "url": house.url} for each in cookies]
    )


def _settle(page: Page) -> None:
    """Everything loaded, also what waits until it is scrolled to."""
    page.evaluate("""async () => {
        for (const image of document.images) image.loading = "eager";
        await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
        await document.fonts.ready;
    }""")


if __name__ == "__main__":
    sys.exit(main())
