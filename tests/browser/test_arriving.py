"""What is finished while the archive is open becomes a tile like the others, at its place."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.desk import card, expect_phase, expect_rest, order, public_id
from tests.browser.test_feedback import held
from tests.browser.test_history import COPIES, fill, numbers

pytestmark = pytest.mark.xdist_group("browser")

MARKER_SWAP = """() => {
  document.body.append(Object.assign(document.createElement("p"), { id: "marker" }));
  return htmx.ajax("GET", "/offline", { target: "#marker", select: "h1" });
}"""
"""Whatever came before it has been swapped, too."""
OLDER, POLL = "**/partials/history*", "**/partials/unfinished*"


def test_a_running_one_becomes_its_tile_and_the_numbers_follow(ada: Person) -> None:
    page = ada.open("/studio")
    with ada.house.unlooked_at(public_id(order(page, "a paper boat [slow]"))):
        page.goto(f"{ada.house.url}/history")
        table, total = page.locator("#on-the-table"), page.locator("#history-total")
        expect(table.locator(".generation-card--running")).to_have_count(1)
        boat = card(page, "a paper boat")
        boat.locator("a.generation-card__words").focus()
    expect_phase(boat, "done")
    expect(table.locator(".generation-card")).to_have_count(0)
    expect(page.locator(".day:visible h2")).to_have_text(["Today"])
    expect(boat.locator(".generation-card__picture")).to_be_focused()
    expect(total).to_have_text("1 picture. Only you can see it.")
    expect_rest(page)

    page.keyboard.press("Space")
    expect(page.locator("#selection-count")).to_have_text("1 selected")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(boat.locator(".star__button")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#lightbox h1")).to_have_text("Picture 1, 1 of 1")
    page.locator("#lightbox-alt > summary").click()
    page.locator("#alt-words").fill("Newspaper, folded")
    page.locator("#alt-save").click()
    expect(page.locator("#lightbox-picture")).to_have_attribute("alt", "Newspaper, folded")
    page.keyboard.press("Escape")
    named = page.get_by_role("link", name="Picture 1: Newspaper, folded")
    expect(named).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # ticked and not: Delete is about this one
    ada.watch.permit("status of 409")  # a favourite is asked about
    page.keyboard.press("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(total).to_have_text("")
    page.locator(".generation-card--deleted").get_by_role("button", name="Undo").click()
    expect(named).to_be_visible()
    expect(total).to_have_text("1 picture. Only you can see it.")


def test_what_was_asked_before_a_search_changes_nothing_after_it(ada: Person) -> None:
    """Neither the poll, whose card is gone, nor the older pictures of what was shown before."""
    fill(ada)
    boat = public_id(order(ada.page, "a paper boat [slow]"))
    with ExitStack() as meanwhile:
        meanwhile.enter_context(ada.house.unlooked_at(boat))
        page = ada.open("/history")
        tiles = page.locator(".history .generation-card--done")
        expect(tiles).to_have_count(60)
        older = meanwhile.enter_context(held(page, OLDER))
        polls = meanwhile.enter_context(held(page, POLL))
        with page.expect_request(POLL), page.expect_request(OLDER):
            page.mouse.wheel(0, 50_000)
        page.locator("#history-q").fill("kite")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
        for route in (older.come().pop(), polls.come().pop()):
            with page.expect_response(route.request.url):
                route.continue_()
    page.evaluate(MARKER_SWAP)
    expect(page.locator("#marker")).to_contain_text("No connection")
    expect(tiles).to_have_count(0)


def test_one_that_belongs_further_down_waits_for_its_page(ada: Person) -> None:
    """And neither is missing nor there twice."""
    boat = public_id(order(ada.open("/studio"), "a paper boat [slow]"))
    with ada.house.unlooked_at(boat):
        fill(ada)
        page = ada.open("/history")
    tiles = page.locator(".history .generation-card--done")
    expect(page.locator("#on-the-table .generation-card--done")).to_have_count(1)
    expect(page.locator("#older")).to_be_attached()
    expect(tiles).to_have_count(61)
    page.mouse.wheel(0, 50_000)
    expect(page.locator("#on-the-table .generation-card")).to_have_count(0)
    expect(tiles).to_have_count(COPIES + 2)
    assert numbers(page) == [str(number) for number in range(COPIES + 2, 0, -1)]


def test_an_undo_of_all_brings_back_what_leads_further(ada: Person) -> None:
    fill(ada)
    page = ada.open("/history")
    tiles = page.locator(".generation-card--done:visible")
    page.locator(".generation-card__check input").first.click()
    page.locator(".selection__all").click()
    page.locator("#selection-delete").click()
    expect(page.locator("#toasts")).to_contain_text("71 deleted.")
    expect(tiles).to_have_count(0)
    expect(page.locator("#older")).to_have_count(0)
    expect(page.locator("#history-total")).to_have_text("")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(tiles.first).to_be_visible()
    page.mouse.wheel(0, 50_000)
    expect(tiles).to_have_count(COPIES + 1)
    assert numbers(page) == [str(number) for number in range(COPIES + 1, 0, -1)]
