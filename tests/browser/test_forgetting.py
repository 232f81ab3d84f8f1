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
STATUS = "(address) => fetch(address).then((answer) => answer.status)"


def drawn(person: Person, prompt: str) -> tuple[str, str]:
    """A picture seen in the studio: its generation's name, and the address of its original, kept by
    the browser."""
    page = person.open("/studio")
    shown = order(page, prompt)
    expect_phase(shown, "done")
    name = public_id(shown)
    question = """SELECT image.public_id FROM image
        JOIN generation ON generation.id = image.generation_id WHERE generation.public_id = ?"""
    address = f"/images/{person.house.rows(question, name)[0][0]}/original"
    assert page.evaluate(STATUS, address) == 200
    assert page.evaluate(KEPT, address)
    return name, address


def forgets(page: Page, address: str) -> None:
    """Wait until the browser does not have it any more."""
    until(lambda: not page.evaluate(KEPT, address), WAIT_S)


def test_a_browser_forgets_what_is_deleted_and_what_is_not_the_next_persons(ada: Person) -> None:
    # by the browser itself, of what it does not have; and 404 and 401, asked for on purpose
    ada.watch.permit("net::ERR_CACHE_MISS", r"status of 40[14] .*/images/")
    page = ada.page
    name, address = drawn(ada, "a jug of milk")
    ada.open("/history")
    page.locator(f"#generation-{name} .generation-card__picture").click()
    page.keyboard.press("Delete")
    expect(page.get_by_text("Picture 1 deleted").first).to_be_visible()
    forgets(page, address)
    assert page.evaluate(STATUS, address) == 404

    name, address = drawn(ada, "a bowl of plums")
    ask = ada.context.request.post  # a plain form, and the page it leads to
    ask(f"{ada.house.url}/generations/{name}/delete", headers=ada.ours, max_redirects=0)
    ada.open(f"/history?deleted={name}")
    forgets(page, address)

    _, address = drawn(ada, "a loaf of bread")
    ada.house.write(
        "DELETE FROM session WHERE account_id = (SELECT id FROM account WHERE email = ?)", ada.email
    )
    assert page.evaluate(KEPT, address)  # nobody has told the browser
    ada.open("/history")
    expect(page).to_have_url(f"{ada.house.url}/signin?next=/history")
    assert ada.context.cookies() == []
    assert not page.evaluate(KEPT, address)

    _, address = drawn(ada.sign_in(ada.email), "a wedge of cheese")
    ada.context.clear_cookies()  # the browser's session is over: it was closed
    assert page.evaluate(STATUS, address) == 401
    ada.sign_in()
    assert page.evaluate(STATUS, address) == 404
