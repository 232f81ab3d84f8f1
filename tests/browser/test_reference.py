"""A reference image in a real browser: chosen, dropped, pasted, made smaller, kept, removed."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, choose_model, expect_phase
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS
from tests.support.photographs import encoded, photograph, scene

pytestmark = pytest.mark.xdist_group("browser")

SIZES: list[dict[str, Any]] = [{}, PHONE]
PICTURE: FilePayload = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
GIVE = """([data, way]) => {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const carrier = new DataTransfer();
  carrier.items.add(new File([bytes], "given.png", { type: "image/png" }));
  const event = way === "paste"
    ? new ClipboardEvent("paste", { clipboardData: carrier, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: carrier, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}"""


def _sizes(page: Page) -> list[int]:
    """The bytes of the files that the form would send."""
    sizes: list[int] = page.evaluate(
        "[...document.querySelector('#reference').files].map((file) => file.size)"
    )
    return sizes


def _had_reference(person: Person) -> list[bool]:
    question = """SELECT had_reference FROM generation
        JOIN account ON account.id = generation.account_id WHERE account.email = ?"""
    return [bool(row[0]) for row in person.house.rows(question, person.email)]


def test_a_chosen_picture_is_shown_kept_through_a_refusal_and_used(ada: Person) -> None:
    ada.watch.permit("status of 422")
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    page.locator("#reference").set_input_files(PICTURE)
    shown = page.locator("#reference-picture img")
    expect(shown).to_be_visible()
    assert re.match("blob:", shown.get_attribute("src") or "")
    assert page.evaluate("document.querySelector('#reference-picture img').naturalWidth") == 640

    page.locator("#prompt").fill("the red door at night")
    page.locator("#generate").click()
    expect(page.locator("#reference-error")).to_contain_text("Say whether")
    expect(shown).to_be_visible()
    expect(page.locator("#reference-again")).to_have_count(0)
    assert _sizes(page) == [len(photograph())]

    page.get_by_label("No", exact=True).check(force=True)
    page.locator("#generate").click()
    expect_phase(card(page, "the red door at night"), "done")
    assert _had_reference(ada) == [True]


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_it_may_be_dropped_or_pasted_and_removed(ada: Person, way: str) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    page.evaluate(GIVE, [base64.b64encode(photograph("PNG")).decode(), way])
    expect(page.locator("#reference-picture img")).to_be_visible()
    assert len(_sizes(page)) == 1
    page.locator("#reference-remove").click()
    expect(page.locator("#reference-picture img")).to_have_count(0)
    assert _sizes(page) == []


def test_a_large_one_is_made_smaller_before_it_is_sent(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    data = encoded(scene((5000, 4000)), "JPEG", quality=95)
    large: FilePayload = {**PICTURE, "buffer": data}
    page.locator("#reference").set_input_files(large)
    shown = page.locator("#reference-picture img")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 2048)
    assert _sizes(page)[0] < len(data)


def test_what_is_no_picture_is_said_at_once(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    page.locator("#reference").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"}
    )
    expect(page.locator("#reference-facts")).to_contain_text("not a PNG, JPEG or WebP")
    assert _sizes(page) == []

    ada.watch.permit("status of 422")
    damaged: FilePayload = {**PICTURE, "buffer": photograph()[:200]}
    page.locator("#reference").set_input_files(damaged)
    expect(page.locator("#reference-facts")).to_contain_text("cannot read that picture")
    expect(page.locator("#reference-remove")).to_be_visible()
    page.locator("#prompt").fill("from what is not whole")
    page.get_by_label("No", exact=True).check(force=True)
    page.locator("#generate").click()  # the server is the judge
    expect(page.locator("#reference-error")).to_contain_text("not a whole PNG, JPEG or WebP")
    expect(page.locator("#connection")).to_be_hidden()
    page.locator("#reference").set_input_files(PICTURE)
    expect(page.locator("#reference-error")).to_have_count(0)
    expect(page.locator("#reference-picture img")).to_be_visible()


def test_it_stays_while_models_change(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    page.locator("#reference").set_input_files(PICTURE)
    expect(page.locator("#reference-picture img")).to_be_visible()
    choose_model(page, "flux-schnell")
    expect(page.locator("#reference")).to_have_count(0)
    choose_model(page, "flux-2-klein")
    expect(page.locator("#reference-picture img")).to_be_visible()
    assert _sizes(page) == [len(photograph())]


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_consent_is_said_of_one_picture_and_goes_with_it(
    person: NewPerson, size: dict[str, Any]
) -> None:
    one = person(**size).sign_in()
    one.watch.permit("status of 422")
    page = one.open("/studio?look=window-light")
    page.locator("#reference").set_input_files(PICTURE)
    ticks = [page.locator("#reference-consented"), page.locator("#reference-adult")]
    for tick in ticks:
        tick.check()
    page.locator("#generate").click()  # nobody is described yet
    expect(page.locator("#slot-who-error")).to_be_visible()
    for tick in ticks:  # the same picture is still there
        expect(tick).to_be_checked()
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    other: FilePayload = {**PICTURE, "buffer": photograph("PNG", (320, 240)), "name": "you.png"}
    page.locator("#reference").set_input_files(other)
    for tick in ticks:
        expect(tick).not_to_be_checked()
    page.locator("#slot-who-words").fill("a baker")
    for tick in ticks:
        tick.check()
    page.goto(one.house.url + "/history")
    page.goto(one.house.url + "/studio")
    expect(page.locator("#slot-who-words")).to_have_value("a baker")  # kept, and nothing else
    for tick in ticks:
        expect(tick).not_to_be_checked()
    page.locator("#reference").set_input_files(other)
    for tick in ticks:
        tick.check()
    page.locator("#generate").click()
    expect(page.locator("article.generation-card").first).to_be_visible()
    assert _had_reference(one) == [True]


@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
def test_without_scripts_it_is_a_plain_file_field(person: NewPerson, size: dict[str, Any]) -> None:
    plain = person(java_script_enabled=False, **size).sign_in()
    plain.watch.permit("status of 422")
    page = plain.open("/studio?look=window-light")
    page.locator("#slot-who-words").fill("a baker")
    page.locator("#reference").set_input_files(PICTURE)
    page.locator("#generate").click()
    expect(page.locator("#reference-error")).to_contain_text("Tick both")
    expect(page.locator("#reference-again")).to_be_visible()
    expect(page.locator("#reference-consented")).not_to_be_checked()
    page.locator("#reference").set_input_files(PICTURE)
    page.locator("#reference-consented").check()
    page.locator("#reference-adult").check()
    page.locator("#generate").click()
    expect(page).to_have_url(re.compile("/generations/"))
    assert _had_reference(plain) == [True]
