"""A contact sheet by hand: from the question to its price, and to the answers side by side."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, NewPerson
from tests.browser.desk import expect_balance, expect_phase
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS

pytestmark = pytest.mark.xdist_group("browser")

PLACES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "phone, plain": {**PHONE, "java_script_enabled": False},
}
ANSWERS = ["no shadow", "contact shadow", "long shadow"]


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_to_one_question_is_priced_confirmed_and_seen(
    person: NewPerson, place: str
) -> None:
    somebody = person(**PLACES[place]).sign_in()
    page = somebody.open("/studio?look=small-sign&sample=4")
    page.locator("#slot-shadow-every").click()
    expect(page.get_by_role("heading", name="Shadow, every answer")).to_be_visible()
    expect(page.locator(".contact-sheet__price")).to_have_text("3 pictures, 3 credits")
    assert somebody.generations() == 0
    page.get_by_role("button", name="Make all 3").click()
    page.wait_for_url(re.compile(r"/generations/sheets/[\w-]{22}$"))
    expect(page.locator(".contact-sheet__answer")).to_have_text(ANSWERS)
    for frame in page.locator("article.generation-card").all():
        expect_phase(frame, "done")
    expect_balance(page, 97)
    assert somebody.generations() == 3
    if place == "phone, plain":  # without scripts nothing can be evaluated either
        return
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    page.locator("a.generation-card__picture").first.click()
    expect(page.locator("dialog#lightbox")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/generations/sheets/[\w-]{22}$"))
