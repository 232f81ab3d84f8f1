"""The whole house by keyboard: whatever is pressed here was reached with Tab, arrows or Escape."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, expect_phase

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

EMAIL = "keys@example.test"
FAR = 90
"""Stops that somebody may have to pass; the studio's form has the most."""
HAS_FOCUS = "(element) => element === document.activeElement"
SEES_FOCUS = """(element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return element.matches(":focus-visible") && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until it has the focus."""
    expect(target).to_be_visible()
    for _ in range(FAR):
        if target.evaluate(HAS_FOCUS):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Reach it, see where one is, and press."""
    tab_to(page, target)
    assert target.evaluate(SEES_FOCUS), f"one does not see the focus on {target}"
    page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def go(page: Page, name: str) -> None:
    """By the masthead, from wherever the focus is."""
    press(page, page.get_by_role("navigation", name="Main").get_by_role("link", name=name))


def come_in(page: Page, person: Person) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.reload()
    press(page, page.get_by_role("link", name="Sign in", exact=True))
    press(page, page.get_by_role("link", name="Sign in with Google"))
    press(page, page.get_by_text("Be somebody else"))
    tab_to(page, page.get_by_role("textbox", name="E-mail"))
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    press(page, page.get_by_label("I am 13 or older"), "Space")
    press(page, page.get_by_label("I accept the terms"), "Space")
    press(page, button(page, "Create my account"))
    expect(page).to_have_url(f"{person.house.url}/studio")
    person.email = EMAIL


def make(page: Page, person: Person) -> None:
    """Two pictures in words; the first after the form was refused and led to its field."""
    press(page, page.locator("#generate"))
    expect(page.locator("#prompt-error")).to_be_visible()
    expect(page.locator("#prompt")).to_be_focused()
    for words in ("a paper boat", "a copper kettle"):
        tab_to(page, page.locator("#prompt"))
        page.keyboard.type(words)
        press(page, page.locator("#generate"))
        expect(card(page, words)).to_be_visible()
        expect_phase(card(page, words), "done")
        page.reload()


def answer_a_look(page: Page, person: Person) -> None:
    go(page, "Looks")
    press(page, page.locator(".look-row h3").get_by_role("link", name="Late counter"))
    press(page, page.get_by_role("link", name="Use this Look"))
    tab_to(page, page.locator("[name='slot.dish']"))
    page.keyboard.type("clams")
    tab_to(page, page.locator("[name='slot.vessel']:checked"))
    before = page.locator("[name='slot.vessel']:checked").get_attribute("value")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='slot.vessel']:checked")).not_to_have_value(str(before))
    press(page, page.locator("[name='slot.trace'][type=checkbox]").first, "Space")
    expect(page.locator("#compose-words")).to_contain_text("Clams in")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    press(page, page.locator("#generate"))
    expect(page.locator("article.generation-card").first).to_contain_text("Clams in")


def look_and_delete(page: Page, person: Person) -> None:
    go(page, "History")
    boat = page.get_by_role("link", name="Picture 1: a paper boat")
    box = page.locator("#lightbox")
    press(page, boat)
    expect(box.locator("h1")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(box.locator("h1")).to_contain_text("Picture 2")
    page.keyboard.press("ArrowRight")
    expect(box.locator("h1")).to_contain_text("Picture 1")
    press(page, page.locator("#lightbox-favourite"), "Space")
    expect(page.locator("#lightbox-favourite")).to_have_attribute("aria-pressed", "true")
    press(page, page.locator("#lightbox-alt > summary"))
    tab_to(page, page.locator("#alt-words"))
    page.keyboard.type("Newspaper, folded")
    press(page, page.locator("#alt-save"))
    expect(page.locator("#lightbox-picture")).to_have_attribute("alt", "Newspaper, folded")
    press(page, page.locator("#delete-all"))
    question = page.get_by_role("dialog", name="Delete a favourite")
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    press(page, question.get_by_role("button", name="Delete"))
    expect(box.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box.locator("h1")).to_contain_text("Picture 1")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(page.get_by_role("link", name="Picture 1: Newspaper, folded")).to_be_focused()


def find(page: Page, person: Person) -> None:
    page.keyboard.press("/")
    expect(page.locator("#history-q")).to_be_focused()
    page.keyboard.type("kettle")
    page.keyboard.press("Enter")
    tiles = page.locator(".generation-card--done")
    expect(tiles).to_have_count(1)
    press(page, page.get_by_role("link", name="Clear", exact=True))
    expect(tiles).to_have_count(3)
    page.keyboard.press("?")
    expect(page.locator("#keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keyboard")).to_be_hidden()


def select(page: Page, person: Person) -> None:
    tiles = page.locator(".generation-card--done:visible")
    press(page, tiles.nth(1).locator("[name=id]"), "Space")
    expect(page.locator("#selection-count")).to_have_text("1 selected")
    press(page, page.locator("#selection-more > summary"))
    tab_to(page, page.locator("#selection-name"))
    page.keyboard.type("Winter")
    press(page, page.locator("#selection-collect"))
    expect(page.locator("#selection-news")).to_contain_text("1 in “Winter”.")
    press(page, tiles.nth(1).locator("[name=id]"), "Space")
    press(page, page.locator("#selection-delete"))
    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    expect(tiles).to_have_count(3)


def settle_in_and_go(page: Page, person: Person) -> None:
    page.reload()
    press(page, page.get_by_role("button", name="account menu"))
    expect(page.locator("#account-menu").get_by_role("link", name="Account")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.locator("[name=theme]:checked"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    theme = page.locator("form").filter(has=page.locator("[name=theme]"))
    press(page, theme.get_by_role("button"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    press(page, page.get_by_role("button", name="account menu"))
    page.keyboard.press("Escape")
    expect(page.locator("#account-menu")).to_be_hidden()
    expect(page.get_by_role("button", name="account menu")).to_be_focused()
    page.keyboard.press("Enter")
    press(page, page.locator("#account-menu").get_by_role("button", name="Sign out"))
    expect(page).to_have_url(f"{person.house.url}/")


STEPS: tuple[Callable[[Page, Person], None], ...] = (
    *(come_in, make, answer_a_look, look_and_delete, find, select, settle_in_and_go),
)


def test_everything_is_there_by_keyboard(person: NewPerson) -> None:
    walker = person()
    walker.watch.permit(rf"elsewhere: {walker.house.sandbox_url}/google/")
    walker.watch.permit("status of 422", "status of 409")  # a refused form, and a question
    page = walker.open("/")
    for step in STEPS:
        step(page, walker)
