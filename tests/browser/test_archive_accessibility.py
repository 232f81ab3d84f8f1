"""axe-core finds nothing in the archive, whatever is open or has just been done there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import BOTH, DESK, PHONE, violations
from tests.browser.conftest import Person
from tests.browser.desk import expect_phase, order
from tests.browser.test_lightbox import archive_of

pytestmark = pytest.mark.xdist_group("browser")


def look(page: Page, state: str, *widths: int) -> None:
    """This state as it is, in both themes: on a phone and on a desk, or at this width only."""
    assert violations(page, widths or BOTH) == [], state


def test_an_archive_that_is_empty_looked_through_or_compared(ada: Person) -> None:
    page = ada.open("/history")
    look(page, "empty")
    look(ada.open("/collections"), "no collections")
    page = ada.open("/studio")
    first, second = (order(page, words) for words in ("a copper kettle", "سفينة في البحر"))
    for made in (first, second):
        expect_phase(made, "done")
    names = [
        (made.get_attribute("id") or "").removeprefix("generation-") for made in (first, second)
    ]
    look(ada.open(f"/history/compare?a={names[0]}&b={names[1]}"), "compare two")
    look(ada.open(f"/history/compare?a={names[0]}"), "compare with others")
    look(ada.open("/history?favourite=yes"), "no favourites")
    page = ada.open("/history?q=nothing+like+this&model=flux-dev&from=2026-01-01")
    look(page, "no match, filters folded")
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.locator(".history-search__filters > summary").click()
    look(page, "no match, filters open", PHONE)
    page.set_viewport_size({"width": DESK, "height": 900})
    page.locator(".history-search__more > summary").click()
    look(page, "no match, more filters open", DESK)


def test_a_picture_that_is_looked_at_and_described(ada: Person) -> None:
    page = archive_of(ada, "a copper kettle", "a paper boat")
    page.locator(".generation-card__picture").first.click()
    expect(page.locator("#lightbox h1")).to_be_attached()
    page.locator(".collections-of > summary").click()
    page.locator("#lightbox-alt > summary").click()
    look(page, "lightbox, description being written")
    page.locator("#alt-words").fill("A boat of newspaper")
    page.locator("#alt-save").click()
    expect(page.locator("#alt-hint")).to_have_text("Saved.")
    page.locator(".lightbox__download > summary").click()
    look(page, "lightbox, described, copies offered")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keyboard")).to_be_visible()
    look(page, "keys")


def test_pictures_that_are_collected_and_deleted(ada: Person) -> None:
    page = archive_of(ada, "a copper kettle", "a paper boat")
    tiles = page.locator(".generation-card--done:visible")
    tiles.first.locator("[name=id]").check()
    look(page, "selected")
    page.locator("#selection-more > summary").click()
    page.locator("#selection-name").fill("Winter")
    look(page, "collecting")
    page.locator("#selection-collect").click()
    expect(page.locator("#selection-news")).to_contain_text("1 in “Winter”.")
    page.locator("#selection-news a").focus()  # so that it stays
    look(page, "collected")
    page.keyboard.press("Enter")
    expect(tiles).to_have_count(1)
    look(page, "a collection")
    look(ada.open("/collections"), "collections")

    page = ada.open("/history")
    tiles.first.locator(".generation-card__picture").focus()
    page.keyboard.press("Delete")
    expect(page.locator(".generation-card--deleted")).to_be_visible()
    look(page, "deleted, undo in place")
    tiles.first.locator("[name=id]").check()
    page.locator("#selection-delete").click()
    expect(page.locator("#toasts")).to_contain_text("1 deleted.")
    look(page, "deleted together, undo in a toast")
