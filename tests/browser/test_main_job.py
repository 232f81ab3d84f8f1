"""The main job, in a real browser, with real HTTP between all parts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from fluxgen.archive import GONE_AFTER_S
from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import (
    card,
    choose,
    choose_model,
    expect_balance,
    expect_phase,
    expect_rest,
    order,
    public_id,
)
from tests.support.workers import until

pytestmark = pytest.mark.xdist_group("browser")

PROMPT = "a lighthouse on a low grey coast"
GONE_TIMEOUT_S = GONE_AFTER_S + 25.0


def test_from_the_front_page_to_a_picture_in_the_archive_and_back_to_nothing(
    person: NewPerson,
) -> None:
    visitor = person()
    visitor.watch.permit(rf"elsewhere: {visitor.house.sandbox_url}/google/", r"status of 422")
    _come_in(visitor)
    _answer_the_two_questions(visitor)
    name = _make_a_picture(visitor.page)
    _look_at_it(visitor.page, name)
    _delete_it(visitor, name)


def _come_in(visitor: Person) -> None:
    """No cookie before the sign-in starts; then through Google's chooser."""
    page = visitor.open("/")
    page.get_by_role("link", name="Make a picture").click()
    expect(page).to_have_url(re.compile(r"/signin\?next=/studio$"))
    assert visitor.context.cookies() == []
    page.get_by_role("link", name="Sign in with Google").click()
    expect(page).to_have_url(re.compile(rf"^{visitor.house.sandbox_url}/google/"))
    page.get_by_role("button", name="Alma Reyes").click()


def _answer_the_two_questions(visitor: Person) -> None:
    page = visitor.page
    expect(page.get_by_role("heading", name="Welcome, Alma Reyes")).to_be_visible()
    page.get_by_role("button", name="Create my account").click()
    expect(page.locator("#age13-error")).to_be_visible()
    page.get_by_label("I am 13 or older").check()
    page.get_by_role("button", name="Create my account").click()
    expect(page.locator("#terms-error")).to_be_visible()
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Create my account").click()
    expect(page).to_have_url(f"{visitor.house.url}/studio")
    assert [
        (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"])
        for cookie in visitor.context.cookies()
    ] == [("fluxgen", True, "Lax", -1)]


def _make_a_picture(page: Page) -> str:
    """The price follows the choices; the card and the balance keep themselves up to date."""
    expect_balance(page, 100)
    choose_model(page, "flux-2-pro")
    choose(page, "tier", "print")
    expect(page.locator("#generate")).to_have_text("Generate · 10 credits")
    choose(page, "tier", "draft")
    choose(page, "aspect_ratio", "16:9")
    expect(page.locator("#generate")).to_have_text("Generate · 3 credits")

    shown = order(page, PROMPT)
    expect_phase(shown, "waiting")
    expect_balance(page, 97)
    expect(page.locator("#prompt")).to_have_value("")
    words_again = f"/studio?remix={public_id(shown)}"
    expect(page.locator("#same-words")).to_have_attribute("href", words_again)
    expect_phase(shown, "developing")
    expect(shown.get_by_role("progressbar")).to_be_visible()
    expect_phase(shown, "done")
    expect_rest(page)
    expect_balance(page, 97)
    return public_id(shown)


def _look_at_it(page: Page, name: str) -> None:
    """Opened in place it has the address of its page; Back and Escape close it."""
    page.get_by_role("link", name="History", exact=True).click()
    shown = card(page, PROMPT)
    expect(shown).to_have_class(re.compile(r"\br-16-9\b"))
    picture = shown.locator("a.generation-card__picture")
    picture.click()
    box = page.get_by_role("dialog", name="Picture")
    expect(box).to_be_visible()
    expect(page).to_have_url(re.compile(f"/generations/{name}$"))
    expect(box.locator("#lightbox-prompt")).to_have_text(PROMPT)
    for fact in ("Flux 2 Pro", "Draft", "16:9", "WEBP", "3 credits", "Seed", "Took"):
        expect(box).to_contain_text(fact)
    expect(box).to_contain_text(re.compile(r"[\d,]+ × [\d,]+"))

    page.go_back()
    expect(box).to_be_hidden()
    expect(page).to_have_url(re.compile("/history$"))
    picture.click()
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(picture).to_be_focused()


def _delete_it(visitor: Person, name: str) -> None:
    """An undo brings it back; without one, row, original and thumbnails go."""
    page, house = visitor.page, visitor.house
    assert len(house.files(name)) == 3
    frame, box = page.locator(f"#generation-{name}"), page.get_by_role("dialog")
    _press_delete(page)
    box.get_by_role("button", name="Undo").click()
    expect(box.locator("#lightbox-prompt")).to_have_text(PROMPT)
    page.keyboard.press("Escape")
    expect_phase(frame, "done")

    _press_delete(page)
    page.keyboard.press("Escape")
    expect(frame).to_contain_text("Deleted")
    row = "SELECT 1 FROM generation WHERE public_id = ?"
    until(lambda: not house.rows(row, name) and not house.files(name), GONE_TIMEOUT_S)
    page.reload()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    assert visitor.context.request.get(f"{house.url}/generations/{name}").status == 404


def _press_delete(page: Page) -> None:
    card(page, PROMPT).locator("a.generation-card__picture").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete picture").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Undo")).to_be_focused()
