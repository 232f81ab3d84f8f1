"""From a result in a real browser: varied, edited, enlarged, used as a reference; with its lineage."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, choose_model, expect_balance, expect_phase, order
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS

pytestmark = pytest.mark.xdist_group("browser")


def _large(page: Page, prompt: str) -> None:
    """Open the finished picture with these words in the lightbox."""
    shown = card(page, prompt).first
    expect_phase(shown, "done")
    shown.locator("a.generation-card__picture").first.click()
    expect(page.locator("#lightbox")).to_be_visible()


@pytest.mark.parametrize("place", [{}, PHONE], ids=["desk", "phone"])
def test_a_picture_is_varied_edited_and_enlarged_in_place(
    person: NewPerson, place: dict[str, object]
) -> None:
    ada = person(**place).sign_in()
    page = ada.open("/studio")
    first = order(page, "a red door")
    expect_phase(first, "done")
    _large(page, "a red door")
    page.locator("#vary").click()
    expect(page.locator("#lightbox")).to_be_hidden()
    expect(card(page, "a red door")).to_have_count(2)
    expect_balance(page, 92)

    _large(page, "a red door")
    page.locator("#result-more > summary").click()
    page.locator("#edit-instruction").fill("make it dusk")
    dear, usual = (page.locator(".result-more__editor").nth(place) for place in (1, 0))
    for editor, price in ((dear, "Edit · 8 credits"), (usual, "Edit · 4 credits")):
        editor.click()
        expect(page.locator("#edit")).to_have_text(price)
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    page.locator("#edit").click()
    expect(page.locator("#lightbox")).to_be_hidden()
    _large(page, "make it dusk")
    expect(page.locator("#lineage")).to_contain_text("Edited from")
    page.locator("#result-more > summary").click()
    page.locator("#upscale").click()
    expect(page.locator("#lightbox")).to_be_hidden()
    expect(card(page, "make it dusk")).to_have_count(2)
    expect_phase(card(page, "make it dusk").first, "done")
    expect_balance(page, 86)


def test_a_price_that_is_no_longer_true_is_said_and_the_next_press_is_right(ada: Person) -> None:
    ada.watch.permit("status of 409")
    page = ada.open("/studio")
    order(page, "a red door")
    _large(page, "a red door")
    page.evaluate("document.querySelector('#vary').form.elements.shown_credits.value = '3'")
    page.locator("#vary").click()
    expect(page.locator("#result-notice")).to_contain_text("This costs 4 credits")
    expect(page.locator("#lightbox")).to_be_visible()
    assert ada.generations() == 1
    page.locator("#vary").click()
    expect(page.locator("#lightbox")).to_be_hidden()
    expect(card(page, "a red door")).to_have_count(2)


def test_words_about_what_cannot_be_done_stand_in_the_lightbox(ada: Person) -> None:
    ada.watch.permit("status of 422")
    page = ada.open("/studio")
    order(page, "a red door")
    _large(page, "a red door")
    page.locator("#result-more > summary").click()
    page.locator("#edit-instruction").fill("as a nude child")
    page.locator("#edit").click()
    expect(page.locator("#result-notice")).to_contain_text("under 18")
    expect(page.locator("#lightbox")).to_be_visible()
    expect(page.locator("#edit-instruction")).to_have_value("as a nude child")
    assert ada.generations() == 1


def test_a_picture_is_a_reference_until_another_is_chosen_or_it_is_removed(ada: Person) -> None:
    page = ada.open("/studio")
    order(page, "a red door")
    _large(page, "a red door")
    page.locator("#result-more > summary").click()
    page.locator("#use-as-reference").click()
    expect(page.locator("#reference-own img")).to_be_visible()
    choose_model(page, "flux-2-klein")
    expect(page.locator("#reference-own")).to_be_visible()
    page.locator("#prompt").fill("the same door from inside")
    nobody = page.locator("#reference-person-no")
    nobody.check(force=True)
    page.locator("#generate").click()
    expect_phase(card(page, "the same door from inside"), "done")
    expect(nobody).to_be_checked()  # said of the same picture still
    page.locator("#reference-drop").click()
    expect(page.locator("#reference-own")).to_have_count(0)
    expect(page.locator("#reference-field")).to_be_visible()


def test_the_same_by_plain_forms(person: NewPerson) -> None:
    plain = person(java_script_enabled=False).sign_in()
    page = plain.open("/studio")
    page.locator("#prompt").fill("a red door")
    page.locator("#generate").click()
    first = page.url
    page.locator("#vary").click()  # the page refreshes by itself until there is a picture
    expect(page).to_have_url(re.compile("/generations/"))
    expect(page).not_to_have_url(first)
    expect(page.locator("#lineage")).to_contain_text("A variation of")
    page.locator("#lineage a").first.click()
    expect(page).to_have_url(first)
    page.locator("#result-more > summary").click()
    page.locator("#edit-instruction").fill("make it dusk")
    page.locator("#edit").click()
    expect(page.locator("#lightbox-prompt")).to_have_text("make it dusk")
    expect(page.locator("#lineage")).to_contain_text("Edited from")
    expect(page.locator("#remix")).to_be_visible()
    page.locator("#remix").click()
    expect(page.locator("#prompt")).to_have_value("make it dusk")
    expect(page.locator("#reference-own")).to_be_visible()
