"""The lightbox in a real browser: by key, swipe and click, undo in place, the second yes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import choose, expect_phase, order

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SWIPE = """([from, to]) => {
  const stage = document.querySelector(".lightbox__stage");
  const finger = (x) => new Touch({ identifier: 1, target: stage, clientX: x, clientY: 200 });
  const touch = (type, touches, changed) => stage.dispatchEvent(new TouchEvent(type, {
    bubbles: true, touches, changedTouches: changed }));
  touch("touchstart", [finger(from)], [finger(from)]);
  touch("touchend", [], [finger(to)]);
}"""


ORIGINALS = """() => performance.getEntriesByType("resource")
  .map((one) => new URL(one.name).pathname).filter((path) => path.endsWith("/original"))"""
HAVE_COME = f"(paths) => paths.every((path) => ({ORIGINALS})().includes(path))"


def archive_of(person: Person, *prompts: str, several: str = "") -> Page:
    """History with these pictures, the last one newest; `several` has two."""
    page = person.open("/studio")
    for prompt in prompts:
        if several:
            choose(page, "count", "2" if prompt == several else "1")
        expect_phase(order(page, prompt), "done")
    return person.open("/history")


def heading(page: Page) -> str:
    return page.locator("#lightbox h1").inner_text()


def test_keys_step_star_delete_and_give_the_focus_back(ada: Person) -> None:
    ada.watch.permit("status of 409")  # the question
    page = archive_of(ada, "an old boat", "a kettle", "a new boat")
    box, pictures = page.locator("#lightbox"), page.locator(".generation-card__picture")
    pictures.first.focus()
    page.keyboard.press("ArrowRight")
    expect(pictures.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(box.locator("h1")).to_have_text("Picture 2, 2 of 3")
    own = box.locator("#lightbox-picture").get_attribute("src")
    ahead = box.locator("#lightbox-next").get_attribute("data-picture")
    page.wait_for_function(HAVE_COME, arg=[own, ahead])
    assert set(page.evaluate(ORIGINALS)) == {own, ahead}  # of the neighbours the next one only
    page.keyboard.press("ArrowRight")
    expect(box.locator("h1")).to_have_text("Picture 1, 3 of 3")
    expect(box.locator("[data-live]")).to_have_text("Picture 1, 3 of 3")
    page.keyboard.press("ArrowRight")
    expect(box.locator("[data-live]")).to_have_text("This is the oldest picture.")
    page.keyboard.press("f")
    expect(box.locator("#lightbox-favourite")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".star__button--on")).to_have_count(1)
    page.keyboard.press("Delete")
    ask = page.get_by_role("dialog", name="Delete a favourite")
    expect(ask.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(ask).to_be_hidden()
    expect(box).to_be_visible()
    page.keyboard.press("Delete")
    ask.get_by_role("button", name="Delete").click()
    undo = box.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(box).to_contain_text(re.compile(r"\d+ s left"))
    page.keyboard.press("Enter")
    expect(box.locator("h1")).to_have_text("Picture 1, 3 of 3")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page).to_have_url(re.compile("/history$"))
    expect(pictures.nth(2)).to_be_focused()


def test_one_of_two_is_deleted_in_the_grid_and_nothing_else_moves(ada: Person) -> None:
    page = archive_of(ada, "two boats", "a kettle", several="two boats")
    pictures, kettle = (
        page.locator(".generation-card__picture"),
        page.locator(".generation-card").first,
    )
    before = kettle.bounding_box()
    pictures.nth(1).focus()
    page.keyboard.press("Delete")
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(pictures).to_have_count(2)
    page.keyboard.press("Enter")
    expect(pictures).to_have_count(3)
    expect(pictures.nth(1)).to_be_focused()
    pictures.nth(1).click()
    page.locator("#lightbox-next").click()
    expect(page.locator("#lightbox h1")).to_have_text("Picture 1B, 3 of 3")
    page.go_back()
    expect(pictures.nth(2)).to_be_focused()
    kettle.locator(".generation-card__picture").focus()
    page.keyboard.press("Delete")
    gone = page.locator(".generation-card--deleted")
    expect(gone.get_by_role("button", name="Undo")).to_be_focused()
    after = gone.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["width"] - after["width"]) < 2
    page.keyboard.press("Enter")
    expect(kettle.locator(".star__button")).to_be_attached()
    expect(pictures).to_have_count(3)


def test_each_deletion_keeps_its_own_undo_when_the_lightbox_is_closed(ada: Person) -> None:
    page = archive_of(ada, "two boats", "a kettle", several="two boats")
    pictures, toasts = page.locator(".generation-card__picture"), page.locator(".toast:visible")
    pictures.nth(1).click()
    expect(page.locator("#lightbox [data-lightbox-focus]")).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.locator("#lightbox [data-undo]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(toasts).to_have_count(1)
    pictures.nth(0).focus()
    page.keyboard.press("Delete")
    expect(page.locator(".generation-card--deleted")).to_be_visible()
    expect(toasts).to_have_count(1)
    page.locator("#history-q").fill("boats")
    page.keyboard.press("Enter")
    expect(page.locator(".generation-card--deleted")).to_have_count(0)
    expect(toasts).to_have_count(2)
    toasts.filter(has_text="1A").get_by_role("button", name="Undo").click()
    expect(pictures).to_have_count(2)
    expect(toasts).to_have_count(1)
    toasts.get_by_role("button", name="Undo").click()
    expect(toasts).to_contain_text("Picture 2 is back")
    toasts.get_by_role("link", name="Show").click()
    expect(page.locator("h1")).to_contain_text("Picture 2")


def test_back_leaves_a_picture_that_was_loaded_anew(ada: Person) -> None:
    page = archive_of(ada, "a kettle")
    page.locator(".generation-card__picture").click()
    expect(page.locator("#lightbox")).to_be_visible()
    page.reload()
    expect(page.locator(".lightbox--page")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator(".generation-card__picture")).to_have_count(1)


def test_single_keys_do_nothing_in_fields_or_when_switched_off(ada: Person) -> None:
    page = archive_of(ada, "a kettle")
    page.keyboard.press("/")
    page.keyboard.type("f?/")
    expect(page.locator("#history-q")).to_have_value("f?/")
    expect(page.locator("#keyboard")).to_be_hidden()
    page = ada.open("/account")
    page.get_by_role("button", name="Switch single keys off").click()
    page = ada.open("/history")
    page.locator(".generation-card__picture").focus()
    for key in ("f", "Delete", "?", "/"):
        page.keyboard.press(key)
    expect(page.locator("#keyboard")).to_be_hidden()
    expect(page.locator(".star__button--on, .generation-card--deleted")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#lightbox")).to_be_visible()


def test_swipes_step_on_a_phone(person: NewPerson) -> None:
    ada = person(**PHONE).sign_in()
    page = archive_of(ada, "an old boat", "a new boat")
    page.locator(".generation-card__picture").first.tap()
    expect(page.locator("#lightbox h1")).to_have_text("Picture 2, 1 of 2")
    page.evaluate(SWIPE, [300, 120])
    expect(page.locator("#lightbox h1")).to_have_text("Picture 1, 2 of 2")
    page.evaluate(SWIPE, [120, 300])
    expect(page.locator("#lightbox h1")).to_have_text("Picture 2, 1 of 2")
    page.go_back()
    expect(page.locator("#lightbox")).to_be_hidden()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_without_scripts_a_favourite_goes_after_a_second_yes_and_comes_back(
    person: NewPerson,
) -> None:
    ada = person(java_script_enabled=False).sign_in()
    ada.watch.permit("status of 409")  # the question
    page = ada.open("/studio")
    page.locator("#prompt").fill("a paper boat")
    page.locator("#generate").click()
    page.wait_for_url("**/generations/*")
    page.locator("#lightbox-favourite").click()
    expect(page.locator("#lightbox-favourite")).to_have_attribute("aria-pressed", "true")
    page.locator("#lightbox-alt summary").click()
    page.locator("#alt-words").fill("A boat folded from newspaper")
    page.locator("#alt-save").click()
    expect(page.locator("#lightbox-picture")).to_have_attribute(
        "alt", "A boat folded from newspaper"
    )
    page.get_by_role("button", name="Delete picture").click()
    expect(page.get_by_role("heading", name="Delete a favourite")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(re.compile(r"\d+ s left"))).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".generation-card--done")).to_have_count(1)
