"""The whole house without JavaScript, by clicking, as a person would: from the landing page to the
sign-out. Every step is a link or a form; a page that waits for something refreshes by itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import answer, choose, sentence
from tests.browser.test_history import COPIES, multiply
from tests.browser.test_rights_pages import plant_notice

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

EMAIL = "walker@example.test"
A_PAGE = 60
WORDS = ("a copper kettle", "a tin robot", "a paper boat")
THERE_AND_BACK = (
    ("Restrict my data", "Lift the restriction"),
    ("Object", "Withdraw the objection"),
)
ON_ITS_PAGE = re.compile("/generations/[^/]+$")


def press(page: Page, name: str) -> None:
    leave(page, page.get_by_role("button", name=name, exact=True))


def leave(page: Page, by: Locator) -> None:
    """Click, and be on the next page: what is asked after it is not asked of this one."""
    with page.expect_navigation():
        by.click()


def follow(page: Page, name: str) -> None:
    leave(page, page.get_by_role("link", name=name, exact=True).first)


def go(page: Page, name: str) -> None:
    """By the masthead."""
    leave(page, page.get_by_role("navigation", name="Main").get_by_role("link", name=name))


def come_in(page: Page, person: Person) -> None:
    follow(page, "Sign in")
    follow(page, "Sign in with Google")
    page.get_by_text("Be somebody else").click()
    page.get_by_role("textbox", name="E-mail").fill(EMAIL)
    press(page, "Go on")
    page.get_by_label("I am 13 or older").check()
    page.get_by_label("I accept the terms").check()
    press(page, "Create my account")
    expect(page).to_have_url(f"{person.house.url}/studio")
    person.email = EMAIL


def make_with_a_look(page: Page, person: Person) -> None:
    go(page, "Looks")
    leave(page, page.locator(".look-row h3").get_by_role("link", name="Late counter"))
    follow(page, "Use this Look")
    press(page, "Show the text")
    leave(page, page.locator("#generate"))
    expect(page.locator("#slot-dish-error")).to_be_visible()
    answer(page, "fill", "slot.dish", "lentil soup")
    answer(page, "pick", "slot.vessel", "steel tray")
    press(page, "Show the text")
    expect(sentence(page)).to_contain_text("Lentil soup in a scratched steel tray")
    leave(page, page.locator("#generate"))
    expect_arrived(page)
    multiply(person, page.url.rpartition("/")[2])


def make_with_words(page: Page, person: Person) -> None:
    for words in WORDS:
        go(page, "Studio")
        choose(page, "model", "flux-schnell")
        press(page, "Update choices")
        page.locator("#prompt").fill(words)
        leave(page, page.locator("#generate"))
        expect_arrived(page)


def expect_arrived(page: Page) -> None:
    """On its own page, which refreshes until the picture is there."""
    expect(page).to_have_url(ON_ITS_PAGE)
    expect(page.locator("#lightbox-picture")).to_be_visible()
    expect(page.locator("#lightbox-picture")).not_to_have_js_property("naturalWidth", 0)


def find(page: Page, person: Person) -> None:
    tiles = page.locator(".generation-card--done")
    go(page, "History")
    expect(tiles).to_have_count(A_PAGE)
    follow(page, "Show older pictures")
    expect(tiles).to_have_count(COPIES + 1 + len(WORDS) - A_PAGE)
    follow(page, "Back to the newest")
    page.get_by_label("Search your words").fill("boat")
    press(page, "Search")
    expect(tiles).to_have_count(1)
    follow(page, "Clear")
    page.get_by_label("Model", exact=True).select_option("flux-schnell")
    press(page, "Search")
    expect(page.locator("#history-matches")).to_have_text("3 pictures")
    expect(tiles).to_have_count(3)
    follow(page, "Clear")
    expect(tiles).to_have_count(A_PAGE)


def look_and_delete(page: Page, person: Person) -> None:
    leave(page, page.locator(".generation-card__picture").first)
    expect(page).to_have_url(ON_ITS_PAGE)
    leave(page, page.get_by_role("link", name="Older picture").first)
    expect(page.locator("h1")).to_contain_text("2 of")
    leave(page, page.get_by_role("link", name="Newer picture").first)
    leave(page, page.locator("#lightbox-favourite"))
    expect(page.locator("#lightbox-favourite")).to_have_attribute("aria-pressed", "true")
    page.locator("#lightbox-alt > summary").click()
    page.locator("#alt-words").fill("A boat folded from newspaper")
    press(page, "Save description")
    expect(page.locator("#lightbox-picture")).to_have_attribute("alt", re.compile("newspaper"))
    page.locator(".lightbox__download > summary").click()
    with page.expect_download():
        page.get_by_role("link", name="Share copy").click()
    press(page, "Delete picture")
    expect(page.get_by_role("heading", name="Delete a favourite")).to_be_visible()
    press(page, "Delete")
    leave(page, page.get_by_role("article", name="deleted").get_by_role("button", name="Undo"))
    expect(page.get_by_role("link", name="A boat folded from newspaper")).to_be_visible()


def collect(page: Page, person: Person) -> None:
    follow(page, "Collections")
    page.get_by_label("New collection").fill("Harbour")
    press(page, "Create")
    page.get_by_text("Change Harbour").click()
    page.get_by_label("New name of Harbour").fill("Winter")
    press(page, "Rename")
    expect(page.get_by_role("link", name="Winter")).to_be_visible()
    go(page, "History")
    tick(page, 0, 1, 2)
    page.locator("#selection-more > summary").click()
    page.locator("#selection-collection").select_option(label="Winter")
    press(page, "Put in")
    expect(page.locator(".history__chips")).to_contain_text("In “Winter”")
    expect(page.locator(".generation-card--done")).to_have_count(3)


def select(page: Page, person: Person) -> None:
    """In the collection: two are downloaded and deleted, and the favourite is asked about."""
    tiles = page.locator(".generation-card--done")
    tick(page, 1, 2)
    with page.expect_download() as coming:
        page.locator("#selection-download").click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        assert len(archive.namelist()) == 2
    leave(page, page.locator("#selection-delete"))
    expect(page.locator("#selection-news")).to_contain_text("2 deleted.")
    expect(tiles).to_have_count(1)
    press(page, "Undo")
    expect(tiles).to_have_count(3)
    tick(page, 0)
    leave(page, page.locator("#selection-delete"))
    expect(page.get_by_role("heading", name="Delete favourites")).to_be_visible()
    follow(page, "Keep them")
    expect(tiles).to_have_count(3)


def tick(page: Page, *places: int) -> None:
    for at in places:
        page.locator(".generation-card__check input").nth(at).check()


def buy(page: Page, person: Person) -> None:
    leave(page, page.locator("#balance"))
    follow(page, "Buy credits")
    pack = page.locator("form.pack__form").filter(has=page.locator("#consent-small"))
    pack.get_by_role("checkbox").check()
    leave(page, pack.get_by_role("button"))
    press(page, "Pay")
    expect(page.get_by_role("heading", name="250 credits added")).to_be_visible()
    follow(page, "In your statement")
    expect(page.locator("table.statement tbody tr")).to_have_count(1)
    leave(page, page.locator(".statement__kinds").get_by_role("link", name="Captured"))
    with page.expect_download():
        page.get_by_role("link", name="Download everything as CSV").click()


def settle_in(page: Page, person: Person) -> None:
    page.get_by_role("button", name="account menu").click()
    follow(page, "Account")
    page.get_by_label("Your name here").fill("Ada of the Boats")
    press(page, "Correct")
    expect(page.get_by_role("heading", name="Ada of the Boats")).to_be_visible()
    limit = page.locator("form.account__limit")
    limit.get_by_role("textbox").fill("none")
    leave(page, limit.get_by_role("button"))
    expect(page.locator("#daily-limit-error")).to_be_visible()
    limit.get_by_role("textbox").fill("40")
    leave(page, limit.get_by_role("button"))
    expect(page.locator("#daily-limit")).to_have_value("40")
    press(page, "Switch single keys off")
    expect(page.locator("html")).to_have_attribute("data-single-keys", "off")
    theme = page.locator("form").filter(has=page.locator("[name=theme]"))
    theme.get_by_text("Dark").click()
    leave(page, theme.get_by_role("button"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    for there, back in THERE_AND_BACK:
        press(page, there)
        press(page, back)
        expect(page.get_by_role("button", name=there, exact=True)).to_be_visible()


def leave_with_everything(page: Page, person: Person) -> None:
    press(page, "Export everything")
    expect(page.get_by_role("heading", name="Your export is ready")).to_be_visible()
    with page.expect_download():
        page.get_by_role("link", name="Download everything").click()
    follow(page, "Back to your account")
    follow(page, "Erase my account")
    page.locator("#later").check()
    press(page, "Erase my account")
    expect(page.locator(".field__error").first).to_be_visible()
    page.locator("#day").fill(page.locator("#day").get_attribute("max") or "")
    label = page.locator("label[for=typed]").inner_text()
    page.locator("#typed").fill(label.partition("“")[2].partition("”")[0])
    press(page, "Erase my account")
    press(page, "Call it off")
    expect(page.get_by_role("link", name="Erase my account")).to_be_visible()


def read_the_notice(page: Page, person: Person) -> None:
    plant_notice(person)
    go(page, "Looks")
    leave(page, page.locator("#announcement").get_by_role("button"))
    expect(page).to_have_url(f"{person.house.url}/looks")
    expect(page.locator("#announcement")).to_have_count(0)


def go_out(page: Page, person: Person) -> None:
    page.get_by_role("button", name="account menu").click()
    leave(page, page.locator("#account-menu").get_by_role("button", name="Sign out"))
    expect(page).to_have_url(f"{person.house.url}/")
    assert person.open("/history").url.startswith(f"{person.house.url}/signin")


STEPS: tuple[Callable[[Page, Person], None], ...] = (
    *(come_in, make_with_a_look, make_with_words, find, look_and_delete, collect, select),
    *(buy, settle_in, leave_with_everything, read_the_notice, go_out),
)


def test_everything_is_there_without_scripts(person: NewPerson) -> None:
    walker = person(java_script_enabled=False)
    sandbox = walker.house.sandbox_url
    walker.watch.permit(rf"elsewhere: {sandbox}/(google|stripe)/", rf"404 .*{sandbox}/favicon\.ico")
    walker.watch.permit(
        "status of 422", "status of 409"
    )  # forms and questions, which are asked for
    page = walker.open("/")
    for step in STEPS:
        step(page, walker)
