"""Downloads in a real browser: a file where there is one, our words where the store is silent."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.desk import expect_phase, order, public_id

pytestmark = pytest.mark.xdist_group("browser")


def test_a_silent_store_is_said_on_a_page_and_back_returns(ada: Person) -> None:
    ada.watch.permit("status of 503")
    made = order(ada.open("/studio"), "a copper kettle")
    expect_phase(made, "done")
    page = ada.open("/history")
    tile = page.locator(".generation-card")
    tile.hover()
    with page.expect_download() as coming:
        tile.get_by_role("link", name="Download picture 1").click()
    assert coming.value.suggested_filename.startswith("fluxgen-1-1.")

    (original,) = [file for file in ada.house.files(public_id(made)) if file.stem == "original"]
    original.rename(original.with_name("aside"))
    original.mkdir()  # as a disk that cannot be read
    tile.get_by_role("link", name="Download picture 1").click()
    expect(page.get_by_text("The picture is safe, but its store does not answer.")).to_be_visible()
    page.go_back()
    tile.locator(".generation-card__picture").click()
    page.locator(".lightbox__download summary").click()
    page.get_by_role("link", name="Share copy").click()
    expect(page.get_by_text("The picture is safe, but its store does not answer.")).to_be_visible()
    page.go_back()
    expect(page.locator(".lightbox--page")).to_be_visible()
    page.goto(f"{ada.house.url}/history")
    page.locator(".generation-card__check input").click()
    page.locator("#selection-download").click()
    expect(page.get_by_text("safe, but their store does not answer")).to_be_visible()
