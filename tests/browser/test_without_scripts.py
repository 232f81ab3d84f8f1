"""The same main job where JavaScript is switched off: plain forms, and a page that refreshes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, choose, expect_balance, expect_phase

pytestmark = pytest.mark.xdist_group("browser")

PROMPT = "three lemons and a blue jug"


@pytest.fixture
def plain(person: NewPerson) -> Person:
    """A browser without scripts."""
    return person(java_script_enabled=False)


def test_the_main_job_works_by_plain_forms(plain: Person) -> None:
    plain.watch.permit(rf"elsewhere: {plain.house.sandbox_url}/google/")
    _sign_in(plain)
    page = plain.page
    expect_balance(page, 100)
    choose(page, "model", "flux-schnell")
    page.get_by_role("button", name="Update choices").click()
    expect(page.locator("#generate")).to_have_text("Generate · 1 credit")
    page.locator("#prompt").fill(PROMPT)
    page.locator("#generate").click()

    expect(page).to_have_url(re.compile("/generations/"))
    expect(page.get_by_text("Download", exact=True)).to_be_visible()  # it refreshes by itself
    expect(page.locator("#lightbox-prompt")).to_have_text(PROMPT)
    expect_balance(page, 99)
    _delete_with_undo(plain)


def test_the_same_form_sent_twice_is_one_generation(plain: Person) -> None:
    page = plain.sign_in().open("/studio")
    page.locator("#prompt").fill("pressed twice")
    with page.expect_request("**/generations") as sent:
        page.locator("#generate").click()
    expect(page).to_have_url(re.compile("/generations/"))
    again = plain.context.request.post(
        sent.value.url,
        data=sent.value.post_data_buffer or b"",
        headers={**plain.ours, "Content-Type": sent.value.headers["content-type"]},
    )
    assert again.url == page.url
    assert plain.generations() == 1


def test_a_failure_is_tried_again_by_a_form(plain: Person) -> None:
    page = plain.sign_in().open("/studio")
    page.locator("#prompt").fill("[fail] plainly")
    page.locator("#generate").click()
    first = page.url
    expect(page.get_by_text("Nothing was charged")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page).to_have_url(re.compile("/generations/"))
    expect(page).not_to_have_url(first)


def _sign_in(plain: Person) -> None:
    page = plain.open("/signin")
    page.get_by_role("link", name="Sign in with Google").click()
    page.get_by_role("button", name="Noor Haddad").click()
    page.get_by_label("I am 13 or older").check()
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Create my account").click()
    expect(page).to_have_url(f"{plain.house.url}/studio")


def _delete_with_undo(plain: Person) -> None:
    """From its page to the archive, which offers the undo."""
    page = plain.page
    _delete(page)
    page.get_by_role("button", name="Undo").click()
    shown = card(page, PROMPT)
    expect_phase(shown, "done")
    shown.locator("a.generation-card__picture").click()
    expect(page).to_have_url(re.compile("/generations/"))
    _delete(page)
    expect(page.get_by_role("article", name="deleted")).to_be_visible()


def _delete(page: Page) -> None:
    page.get_by_role("button", name="Delete picture").click()
    expect(page).to_have_url(re.compile("/history"))
