"""On a phone: nothing sideways, and the button within reach."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, expect_phase

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

FROM_TOP_TO_BOTTOM = """() => {
  const parts = { facts: ".lightbox .specs", acts: ".lightbox__acts", words: "#lightbox-prompt" };
  const top = (name) => document.querySelector(parts[name]).getBoundingClientRect().top;
  return Object.keys(parts).sort((one, other) => top(one) - top(other));
}"""


@pytest.fixture
def caller(person: NewPerson) -> Person:
    return person(**PHONE)


def test_no_page_scrolls_sideways(caller: Person) -> None:
    caller.watch.permit("status of 404")
    for path in ("/", "/signin", "/privacy", "/terms", "/pricing", "/nowhere"):
        assert not caller.open(path).evaluate(SCROLLS_SIDEWAYS), path
    caller.sign_in()
    for path in ("/studio", "/history", "/credits"):
        assert not caller.open(path).evaluate(SCROLLS_SIDEWAYS), path


def test_the_button_is_within_reach_and_the_picture_fits(caller: Person) -> None:
    page = caller.sign_in().open("/studio")
    expect(page.locator("#generate")).to_be_in_viewport(ratio=1)
    page.locator("#prompt").fill("in one hand")
    page.locator("#generate").tap()
    shown = card(page, "in one hand")
    expect_phase(shown, "done")
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    for act in ("Download picture 1", "Remix 1"):  # nothing hovers here
        expect(shown.get_by_role("link", name=act)).to_be_visible()
    shown.locator("a.generation-card__picture").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    assert page.evaluate(FROM_TOP_TO_BOTTOM) == ["words", "acts", "facts"]
    expect(page.locator(".lightbox__surround")).to_be_hidden()
    page.get_by_role("dialog").get_by_role("link", name="Close").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
