"""A working copy opened in the studio: dropped, chosen, and without scripts."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from fluxgen import pictures
from tests.browser.axe import own_width, violations
from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import choose_model, expect_phase, order
from tests.browser.test_phone import PHONE, SCROLLS_SIDEWAYS
from tests.browser.test_reference import GIVE
from tests.browser.test_selecting import look
from tests.support.drawing import drawn
from tests.support.photographs import photograph

pytestmark = pytest.mark.xdist_group("browser")

RECIPE = {
    "Version": "1",
    "Prompt": "a brass bell",
    "Seed": "4711",
    "Model": "flux-2-klein",
    "Tier": "studio",
    "AspectRatio": "16:9",
}
COPY = pictures.marked(drawn("PNG", (64, 64)), "png", RECIPE)


def file(data: bytes) -> FilePayload:
    return {"name": "bell.png", "mimeType": "image/png", "buffer": data}


def drop(page: Page, data: bytes) -> None:
    page.evaluate(GIVE, [base64.b64encode(data).decode(), "drop"])


def expect_restored(page: Page) -> None:
    expect(page.locator("#prompt")).to_have_value("a brass bell")
    expect(page.locator("[name=seed]").first).to_have_value("4711")
    for name, value in (("model", "flux-2-klein"), ("aspect_ratio", "16:9")):
        expect(page.locator(f"[name={name}][value='{value}']")).to_be_checked()


def test_dropped_on_the_studio_it_fills_the_form(ada: Person) -> None:
    page = ada.open("/studio")
    page.locator("#prompt").fill("something else")
    drop(page, COPY)
    expect_restored(page)
    drop(page, COPY)  # the form that came takes another
    expect_restored(page)


def test_where_a_reference_is_taken_only_a_working_copy_is_opened(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-klein")
    drop(page, photograph("PNG"))
    expect(page.locator("#reference-picture img")).to_be_visible()
    drop(page, COPY)
    expect_restored(page)


def test_a_picture_without_a_recipe_is_said_and_the_words_stay(ada: Person) -> None:
    ada.watch.permit("status of 422")
    page = ada.open("/studio")
    choose_model(page, "flux-schnell")
    page.locator("#prompt").fill("typed before")
    drop(page, drawn("PNG"))
    expect(page.locator("#working-copy-error")).to_contain_text("no recipe of ours")
    expect(page.locator("#working-copy-error")).to_be_in_viewport(ratio=1)
    expect(page.locator("#working-copy-file")).to_be_focused()
    expect(page.locator("#prompt")).to_have_value("typed before")
    look(page, "working-copy-refused-desk")
    assert violations(page, own_width(page)) == []


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
def test_chosen_in_its_panel_it_fills_the_form(person: NewPerson, size: dict[str, object]) -> None:
    one = person(**size).sign_in()
    page = one.open("/studio")
    page.locator("#working-copy summary").click()
    page.locator("#working-copy").scroll_into_view_if_needed()
    look(page, f"working-copy-{'phone' if size else 'desk'}")
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    page.evaluate("scrollTo(0, 0)")  # or a button is half beneath the masthead: too small, says axe
    assert violations(page, own_width(page)) == []
    page.locator("#working-copy-file").set_input_files(file(COPY))
    expect_restored(page)


def test_a_picture_made_downloaded_and_opened_without_scripts(
    person: NewPerson, tmp_path: Path
) -> None:
    one = person().sign_in()
    page = one.open("/studio")
    expect_phase(order(page, "a tin boat"), "done")
    page.goto(f"{one.house.url}/history")
    page.locator(".generation-card__picture").first.click()
    page.locator(".lightbox__download summary").click()
    with page.expect_download() as coming:
        page.locator("a[href*='copy=working']").click()
    kept = tmp_path / coming.value.suggested_filename
    coming.value.save_as(kept)
    plain = person(java_script_enabled=False).sign_in().open("/studio")
    plain.locator("#working-copy summary").click()
    plain.locator("#working-copy-file").set_input_files(kept)
    plain.locator("#working-copy-open").click()
    expect(plain.locator("#prompt")).to_have_value("a tin boat")
