"""What a browser keeps of pictures: not what was deleted, and nothing for whoever comes next."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.desk import expect_phase, order, public_id
from tests.support.workers import until

pytestmark = pytest.mark.xdist_group("browser")

WAIT_S = 60
KEPT = """(address) => fetch(address, { cache: "only-if-cached", mode: "same-origin" })
  .then((answer) => answer.ok, () => false)"""
STATUS = """(address) => fetch(address)
  .then((answer) => answer.blob().then(() => answer.status))"""
"""Once all of it has come, and so is kept."""


def drawn(person: Person, prompt: str) -> tuple[str, str]:
    """A picture made in the studio: its generation's name, and the address of its original."""
    shown = order(person.page, prompt)
    expect_phase(shown, "done")
    name = public_id(shown)
    question = """SELECT image.public_id FROM image
        JOIN generation ON generation.id = image.generation_id WHERE generation.public_id = ?"""
    return name, f"/images/{person.house.rows(question, name)[0][0]}/original"


def keeps(page: Page, address: str) -> None:
    """Look at a picture, which the browser then has."""
    assert page.evaluate(STATUS, address) == 200
    until(lambda: bool(page.evaluate(KEPT, address)), WAIT_S)


def forgets(page: Page, address: str) -> None:
    """Wait until the browser does not have it any more."""
    until(lambda: not page.evaluate(KEPT, address), WAIT_S)


def test_a_browser_forgets_what_is_deleted_and_what_is_not_the_next_persons(ada: Person) -> None:
    # by the browser itself, of what it does not have; and 404 and 401, asked for on purpose
    ada.watch.permit("net::ERR_CACHE_MISS", r"status of 40[14] .*/images/")
    page = ada.open("/studio")
    (first, jug), (second, plums) = drawn(ada, "a jug of milk"), drawn(ada, "a bowl of plums")
    ada.open("/history")
    keeps(page, jug)
    page.locator(f"#generation-{first} .generation-card__picture").click()
    with page.expect_response("**/images/forgotten*", timeout=WAIT_S * 1000) as told:
        page.keyboard.press("Delete")
    expect(page.get_by_text("Picture 1 deleted").first).to_be_visible()
    told.value.finished()  # which Chromium holds back until it has forgotten all
    forgets(page, jug)
    assert page.evaluate(STATUS, jug) == 404

    keeps(page, plums)
    ada.house.write(
        "DELETE FROM session WHERE account_id = (SELECT id FROM account WHERE email = ?)", ada.email
    )
    assert page.evaluate(KEPT, plums)  # nobody has told the browser
    ada.open("/history")
    expect(page).to_have_url(f"{ada.house.url}/signin?next=/history")
    assert ada.context.cookies() == []
    assert not page.evaluate(KEPT, plums)

    owner = ada.email
    ada.sign_in(owner)
    keeps(page, plums)
    ada.context.clear_cookies()  # the browser's session is over: it was closed
    assert page.evaluate(STATUS, plums) == 401
    ada.sign_in()
    assert page.evaluate(STATUS, plums) == 404

    ada.context.clear_cookies()
    ada.sign_in(owner)
    keeps(page, plums)
    ask = ada.context.request.post  # a plain form, and the page it leads to
    ask(f"{ada.house.url}/generations/{second}/delete", headers=ada.ours, max_redirects=0)
    ada.open(f"/history?deleted={second}")
    forgets(page, plums)
