"""Selecting in the archive: by click, range and keyboard, on a phone, and without scripts."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import own_width, violations
from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import expect_phase, order
from tests.browser.test_history import fill
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS

pytestmark = pytest.mark.xdist_group("browser")


KEEPS_WHAT_IS_SAID = """() => {
  const live = document.querySelector("#live");
  window.said = [live.textContent];
  new MutationObserver(() => { if (live.textContent) said.push(live.textContent); })
    .observe(live, { childList: true });
}"""


def boxes(page: Page) -> list[bool]:
    """Which of the first ten are ticked."""
    found = page.locator(".generation-card__check input")
    return [found.nth(at).is_checked() for at in range(10)]


def picture(page: Page, at: int) -> Locator:
    return page.locator(".generation-card__picture").nth(at)


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_click_range_and_keyboard_then_delete_and_undo(ada: Person) -> None:
    fill(ada)
    page = ada.open("/history")
    bar = page.locator("#selection")
    expect(bar).to_be_hidden()
    page.locator(".generation-card__check input").nth(1).click()
    expect(bar).to_be_visible()
    expect(page.locator("#selection-count")).to_have_text("1 selected")
    expect(page.locator("#selection-compare")).to_be_hidden()
    picture(page, 4).click(modifiers=["Shift"])
    expect(page.locator("#selection-count")).to_have_text("4 selected")
    assert boxes(page)[:6] == [False, True, True, True, True, False]
    picture(page, 2).click()
    expect(page.locator("#selection-count")).to_have_text("3 selected")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    picture(page, 0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#selection-count")).to_have_text("3 selected")
    expect(picture(page, 2)).to_be_focused()
    look(page, "selected-desk-light")
    expect(page.locator("#live")).to_have_text("3 selected")
    page.evaluate(KEEPS_WHAT_IS_SAID)
    page.locator("#selection-delete").click()
    expect(page.locator("#toasts")).to_contain_text("3 deleted.")
    expect(bar).to_be_hidden()
    expect(page.locator(".generation-card--done:visible")).to_have_count(57)
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.evaluate("fluxgen.say('A marker')")  # said after whatever was on its way
    expect(page.locator("#live")).to_have_text("A marker")
    assert page.evaluate("said") == ["3 selected", "A marker"]  # nothing over the news
    look(page, "deleted-desk")
    undo.click()
    expect(page.locator("#selection-news")).to_contain_text("3 are back.")
    expect(page.locator(".generation-card--done:visible")).to_have_count(60)


def test_who_unticks_one_of_all_keeps_it(ada: Person) -> None:
    fill(ada)
    page = ada.open("/history")
    page.locator(".generation-card__check input").nth(1).click()
    page.locator(".selection__all").click()
    expect(page.locator("#selection-all-words")).to_have_text("All 71 pictures")
    picture(page, 2).click()
    page.locator(".generation-card__check input").nth(4).click()
    expect(page.locator("#selection-all")).not_to_be_checked()
    expect(page.locator("#selection-count")).to_have_text("58 selected")
    page.locator("#selection-delete").click()
    expect(page.locator("#toasts")).to_contain_text("58 deleted.")
    # the two that were kept, and the older eleven that came into sight
    expect(page.locator(".generation-card--done:visible")).to_have_count(13)


def test_two_deletions_in_a_row_are_undone_each_by_itself(ada: Person) -> None:
    fill(ada)
    page = ada.open("/history")
    toasts, tiles = page.locator(".toast"), page.locator(".generation-card--done:visible")
    for count in (1, 2):
        for at in range(count):
            page.locator(".generation-card__check input:visible").nth(at).click()
        page.locator("#selection-delete").click()
        expect(toasts).to_have_count(count)
    expect(tiles).to_have_count(57)
    toasts.filter(has_text="1 deleted.").get_by_role("button").click()
    expect(tiles).to_have_count(58)
    page.locator("#history-q").fill("no such words")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    expect(toasts).to_have_count(1)
    page.get_by_role("link", name="Show all pictures").click(trial=True)
    with page.expect_response(lambda answer: "/history?" in answer.url):
        toasts.get_by_role("button").click()
    expect(toasts).to_have_count(0)
    page.goto(f"{ada.house.url}/history")
    expect(tiles).to_have_count(60)


def test_what_is_selected_goes_into_a_new_collection(ada: Person) -> None:
    expect_phase(order(ada.open("/studio"), "a copper kettle"), "done")
    page = ada.open("/history")
    page.locator(".generation-card__check input").first.click()
    page.locator("#selection-more summary").click()
    page.locator("#selection-name").fill("Winter")
    look(page, "collect-desk-dark")
    assert violations(page, own_width(page)) == []
    page.locator("#selection-collect").click()
    expect(page.locator("#selection-news")).to_contain_text("1 in “Winter”.")
    page.locator("#selection-news a").click()
    expect(page.locator(".generation-card--done")).to_have_count(1)
    page.goto(f"{ada.house.url}/collections")
    look(page, "collections-desk-dark")
    assert violations(page, own_width(page)) == []


def test_all_that_match_and_the_zip_on_a_phone(person: NewPerson, tmp_path: Path) -> None:
    caller = person(**PHONE).sign_in()
    fill(caller)
    page = caller.open("/history")
    page.locator(".generation-card__check").nth(0).tap()
    expect(page.locator("#selection-delete")).to_be_in_viewport(ratio=1)
    picture(page, 1).tap()
    expect(page.locator("#selection-count")).to_have_text("2 selected")
    expect(page.locator("#selection-compare")).to_be_in_viewport(ratio=1)
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    look(page, "selected-phone-light")
    assert violations(page, own_width(page)) == []
    with page.expect_download() as coming:
        page.locator("#selection-download").tap()
    with zipfile.ZipFile(coming.value.path()) as found:
        assert len(found.namelist()) == 2
        assert found.testzip() is None
    page.locator(".selection__all").tap()
    expect(page.locator("#selection-all-words")).to_have_text("All 71 pictures")
    page.locator("#selection-favourite").tap()
    expect(page.locator("#selection-news")).to_contain_text("71 made favourites.")
    expect(page.locator(".star__button--on")).to_have_count(60)
    page.locator(".generation-card__check").nth(0).tap()
    page.emulate_media(color_scheme="dark")
    page.locator("#selection-delete").tap()
    expect(page.locator("#selection-news")).to_contain_text("favourite")
    expect(page.locator("#selection-sure")).to_be_in_viewport(ratio=1)
    look(page, "question-phone-dark")
    page.locator("#selection-keep").tap()
    expect(page.locator("#selection-news")).to_be_empty()
    page.locator("#selection-clear").tap()
    picture(page, 0).press("Space")
    picture(page, 1).press("Space")
    page.locator("#selection-compare").tap()
    expect(page.locator(".comparison__sides").first.locator("figure")).to_have_count(2)


def test_without_scripts_the_boxes_are_a_form(person: NewPerson) -> None:
    plain = person(java_script_enabled=False).sign_in()
    page = plain.open("/studio")
    page.locator("#prompt").fill("on paper")
    page.locator("#generate").click()
    page.goto(f"{plain.house.url}/history")
    for _ in range(60):
        if page.locator(".generation-card--done").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.locator(".generation-card__check input").first.check()
    expect(page.locator("#selection-delete")).to_be_visible()
    expect(page.locator("#selection-compare")).to_be_visible()
    look(page, "selected-plain")
    page.locator("#selection-delete").click()
    expect(page.locator("#selection-news")).to_contain_text("1 deleted.")
    page.locator("#selection-undo").click()
    expect(page.locator(".generation-card--done")).to_have_count(1)
    with page.expect_download() as coming:
        page.locator(".generation-card__picture").click()
        page.locator(".lightbox__download summary").click()
        page.locator("a[href*='copy=working']").click()
    assert coming.value.suggested_filename.startswith("fluxgen-1-1-working")
