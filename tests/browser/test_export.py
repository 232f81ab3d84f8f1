"""An export in a real browser: asked for, watched, fetched, unpacked, opened by double-click."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, choose_model, expect_phase, order
from tests.browser.watch import watched

pytestmark = pytest.mark.xdist_group("browser")

PROMPT = "a lighthouse & a <b>gull</b> at dusk"


def fetched(person: Person, folder: Path) -> Path:
    """The unpacked export of somebody who asks for one on their account page."""
    page = person.open("/account")
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator("#export-status h1")).to_have_text("Your export is ready")
    with page.expect_download() as download:
        page.locator("#fetch").click()
    path = folder / "export.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "export")
    return folder / "export"


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Page]:
    """A browser without any network and without JavaScript, that only reads files."""
    with watched(chromium, "", offline=True, java_script_enabled=False) as (context, _):
        yield context.new_page()


def test_it_is_packed_fetched_and_opens_without_a_network(
    ada: Person, reader: Page, tmp_path: Path
) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-schnell")
    order(page, PROMPT)
    expect_phase(card(page, PROMPT), "done")
    folder = fetched(ada, tmp_path)

    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto((folder / "index.html").as_uri())
    expect(reader.locator(".frame__words")).to_have_text(PROMPT)
    picture = reader.locator(".frame__picture img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None and box["height"] > 100
    faces = reader.locator(".cover h1")
    assert faces.is_visible()
    for name in ("Months", "Purchases", "Statement", "Everything else", "Pictures"):
        reader.get_by_role("navigation", name="Archive").get_by_role("link", name=name).click()
        expect(reader.locator("nav [aria-current=page]")).to_have_text(name)
    reader.locator(".frame__picture").click()
    assert reader.url.endswith("/pictures/000001-1.webp")
    assert {url.partition(":")[0] for url in asked} == {"file"}
    assert any(url.endswith(".woff2") for url in asked)


def test_it_works_without_javascript(person: NewPerson, tmp_path: Path) -> None:
    plain = person(java_script_enabled=False).sign_in()
    folder = fetched(plain, tmp_path)  # the page refreshes by itself
    assert "There are no pictures" in (folder / "index.html").read_text()
