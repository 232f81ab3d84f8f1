"""On a small phone: a thumb hits every control, and no page moves sideways, whatever is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import expect_phase, order, public_id

pytestmark = pytest.mark.xdist_group("browser")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
OTHER_WIDTHS = (320, 640, 768, 2560)
"""The smallest phone, 1280 pixels at 200 %, a tablet, a large screen."""
SIGNED_OUT = (
    *("/", "/signin", "/looks", "/looks/window-light", "/pricing", "/journal", "/promises"),
    *("/journal/what-fluxgen-is", "/privacy", "/terms", "/contact", "/nowhere"),
)
SIGNED_IN = (
    *("/studio", "/studio?look=small-sign&sample=1", "/history", "/history?q=heron"),
    *("/collections", "/credits", "/account", "/account/erasure", "/pricing"),
)
SCROLLS_SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
TOO_SMALL = """() => {
  const LEAST = 43.9, seen = [];
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const isWithinText = (element) => element.matches("a") && getComputedStyle(element).display === "inline"
    && [...element.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim().length > 2);
  const top = document.querySelector("dialog[open]") ?? document;
  for (const element of top.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    const label = element.matches("[type=radio], [type=checkbox]") ? element.closest("label") : null;
    if (!shown(label ?? element) || element.closest(".skip, .vh") || isWithinText(element)) continue;
    const box = (label ?? element).getBoundingClientRect();
    if (box.width < LEAST || box.height < LEAST) {
      seen.push(`${element.outerHTML.slice(0, 120)}: ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
    }
  }
  return seen;
}"""
"""Controls below 44 by 44 CSS pixels; a box to tick counts with its label, a link within a sentence
is as high as its line (WCAG 2.5.5 and 2.5.8 leave it out as well)."""


def check(page: Page, place: str) -> None:
    """Every control of what is shown can be hit, and nothing moves sideways at any width."""
    assert page.evaluate(TOO_SMALL) == [], place
    assert not page.evaluate(SCROLLS_SIDEWAYS), place
    with back_to_size(page):
        for width in OTHER_WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            assert not page.evaluate(SCROLLS_SIDEWAYS), (place, width)


@contextmanager
def back_to_size(page: Page) -> Iterator[None]:
    size = page.viewport_size
    assert size
    yield
    page.set_viewport_size(size)


@pytest.fixture
def caller(person: NewPerson) -> Person:
    return person(**PHONE)


def test_every_control_of_every_page_is_large_enough_for_a_thumb(caller: Person) -> None:
    caller.watch.permit("status of 404")
    for path in SIGNED_OUT:
        check(caller.open(path), path)
    caller.sign_in()
    for path in SIGNED_IN:
        check(caller.open(path), path)


def _menu(page: Page) -> None:
    page.get_by_role("button", name="account menu").click()


def _filters(page: Page) -> None:
    page.get_by_text("Filters", exact=True).click()


def _selection(page: Page) -> None:
    page.get_by_label("Select", exact=False).first.check()
    page.locator("#selection-more > summary").click()


def _lightbox(page: Page) -> None:
    page.locator(".generation-card__picture").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.locator(".lightbox__download > summary").click()


def _toast(page: Page) -> None:
    page.locator(".generation-card__picture").first.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".generation-card--deleted")).to_be_visible()
    page.locator("#history-q").fill("thumb")
    page.keyboard.press("Enter")  # the frame with its undo goes
    expect(page.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()


OPENED: dict[str, Callable[[Page], None]] = {
    "menu": _menu,
    "filters": _filters,
    "selection": _selection,
    "lightbox": _lightbox,
    "toast": _toast,
}


def test_what_opens_is_large_enough_too(caller: Person) -> None:
    page = caller.sign_in().open("/studio")
    shown = order(page, "a picture for the thumb")
    check(page, "waiting")
    expect_phase(shown, "done")
    check(page, "done")
    picture = public_id(shown)
    expect_phase(order(page, "[fail] on a phone"), "ended")
    check(page, "failed")
    check(caller.open(f"/generations/{picture}"), "a picture's page")
    for name, open_it in OPENED.items():
        page = caller.open("/history")
        open_it(page)
        check(page, name)
