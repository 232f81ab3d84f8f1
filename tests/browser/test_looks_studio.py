"""Looks in the studio by hand: shuffling, unpacking, marked words, keys, what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, NewPerson, Person
from tests.browser.desk import answer, card, choose, expect_phase, sentence
from tests.browser.test_history import fill
from tests.browser.test_phone import PHONE

pytestmark = pytest.mark.xdist_group("browser")

PLACES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": DESK},
    "desk, plain": {"viewport": DESK, "java_script_enabled": False},
}
SCROLL = """() => {
  scrollTo(0, 300);
  return new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
}"""


@pytest.mark.parametrize("place", PLACES)
def test_shuffle_keeps_what_is_locked_and_unpack_keeps_the_text(
    person: NewPerson, place: str
) -> None:
    page = person(**PLACES[place]).sign_in().open("/studio?look=late-counter")
    answer(page, "pick", "slot.glow", "violet")
    lock = page.locator("#slot-glow-lock")
    page.locator("label").filter(has=lock).click()
    expect(lock).to_be_checked()
    for number in ("7", "8", "9"):
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        page.locator("#shuffle-number").fill(number)
        expect(page.locator("#shuffle-number")).to_have_value(number)
        page.locator("#shuffle").click()
        expect(page.locator("[name=shuffled]")).to_have_value(number)
        expect(page.locator("[name='slot.glow'][value=violet]")).to_be_checked()
        expect(lock).to_be_checked()
    text = sentence(page).inner_text()
    assert "violet" in text
    page.locator("#unpack").click()
    expect(page.locator("#prompt")).to_have_value(text)
    expect(page.locator("#compose-look")).to_have_count(0)


def test_shuffle_leaves_the_page_where_it_is_on_a_phone(person: NewPerson) -> None:
    one = person(**PHONE).sign_in()
    fill(one)
    page = one.open("/studio?look=window-light")
    page.evaluate(SCROLL)
    page.locator("#shuffle").tap()
    expect(page.locator("[name=shuffled]")).not_to_have_value("")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    assert page.evaluate("scrollY") == 300


def test_a_marked_word_leads_to_its_question(ada: Person) -> None:
    page = ada.open("/studio?look=late-counter")
    page.locator("a.blank[href='#slot-view']").click()
    expect(page.locator("[name='slot.view']:checked")).to_be_focused()


def test_a_fourth_of_three_cannot_be_ticked(ada: Person) -> None:
    page = ada.open("/studio?look=bench-shot")
    for value in ("offcuts", "tools", "twine"):
        answer(page, "pick", "slot.beside", value)
    expect(page.locator("[name='slot.beside'][value='dried leaf']")).to_be_disabled()
    page.locator("label").filter(has=page.locator("[value=twine]")).click()
    expect(page.locator("[name='slot.beside'][value='dried leaf']")).to_be_enabled()


def test_enter_in_a_question_costs_nothing(ada: Person) -> None:
    page = ada.open("/studio?look=late-counter")
    page.locator("[name='slot.dish']").fill("clams in broth")
    page.keyboard.press("Enter")
    expect(sentence(page)).to_contain_text("Clams in broth")
    page.wait_for_load_state("networkidle")
    assert ada.generations() == 0
    page.locator("[name='slot.dish']").focus()
    page.keyboard.press("Control+Enter")
    expect_phase(card(page, "Clams in broth"), "done")
    assert ada.generations() == 1


def test_choosing_a_look_and_a_tier_changes_the_price_and_the_model(ada: Person) -> None:
    page = ada.open("/studio")
    page.locator("#prompt").fill("words of my own")
    page.locator("#way-two-inks").click()
    expect(page.locator("#compose-look h2")).to_have_text("Two Inks")
    expect(page.locator("#generate-cost")).to_have_text("4 credits")
    choose(page, "tier", "draft")
    expect(page.locator("#look-model")).to_contain_text("Flux Schnell")
    expect(page.locator("#generate-cost")).to_have_text("1 credit")
    page.locator("#way-words").click()
    expect(page.locator("#prompt")).to_have_value("words of my own")


def test_what_is_typed_is_there_after_another_page_and_gone_after_signing_out(
    person: NewPerson,
) -> None:
    ada = person().sign_in()
    page = ada.open("/studio")
    page.locator("#prompt").fill("half a thought")
    choose(page, "aspect_ratio", "16:9")
    ada.open("/history")
    ada.open("/studio")
    expect(page.locator("#prompt")).to_have_value("half a thought")
    expect(page.locator("[name=aspect_ratio][value='16:9']")).to_be_checked()
    page.locator("#way-late-counter").click()
    answer(page, "fill", "slot.dish", "clams in broth")
    answer(page, "pick", "slot.glow", "jade")
    ada.open("/history")
    ada.open("/studio")
    expect(page.locator("[name='slot.dish']")).to_have_value("clams in broth")
    expect(page.locator("[name='slot.glow'][value=jade]")).to_be_checked()
    ada.context.clear_cookies()  # the session ends, and nobody signs out
    ada.sign_in(ada.email).open("/studio")
    expect(page.locator("[name='slot.dish']")).to_have_value("clams in broth")
    page.get_by_role("button", name="account menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{ada.house.url}/")
    ada.sign_in(ada.email)
    ada.open("/studio")
    expect(page.locator("#prompt")).to_have_value("")
    page.locator("#prompt").fill("for nobody else")
    ada.context.clear_cookies()
    ada.sign_in("somebody-else@example.test").open("/studio")
    expect(page.locator("#prompt")).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('studio')") is None


def test_refused_words_are_at_their_question_with_the_focus(ada: Person) -> None:
    ada.watch.permit("status of 422")
    page = ada.open("/studio?look=late-counter")
    page.locator("[name='slot.dish']").fill("{soup}")
    page.locator("#generate").click()
    expect(page.locator("#slot-dish-error")).to_contain_text("Plain words")
    expect(page.locator("[name='slot.dish']")).to_be_focused()
    expect(page.locator("[name='slot.dish']")).to_have_value("{soup}")
    page.locator("#slot-dish-lock, [name=locked]").first.evaluate("(box) => box.click()")
    expect(page.locator("#slot-dish-error")).to_be_visible()
    page.locator("[name='slot.dish']").fill("soup")  # what is being mended is red no more
    expect(page.locator("#slot-dish-error, [name='slot.dish'][aria-invalid]")).to_have_count(0)
    assert ada.generations() == 0
