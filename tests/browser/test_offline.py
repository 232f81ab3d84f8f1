"""Without a connection: our own page, kept by a worker that keeps nothing else and goes at sign-out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fluxgen.sandbox.run_folder import until
from tests.browser.conftest import NewPerson, Person

pytestmark = pytest.mark.xdist_group("browser")

ENOUGH_S = 30.0

IN_CHARGE = "navigator.serviceWorker.controller !== null"
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    kept[name] = (await (await caches.open(name)).keys()).map((each) => new URL(each.url).pathname);
  }
  return kept;
}"""
LOOKS = """() => [getComputedStyle(document.querySelector("h1")).fontFamily.includes("Instrument Sans"),
  document.fonts.check("600 40px 'Instrument Sans'"), document.querySelector("main").innerText]"""


def kept_files(page: Page) -> dict[str, list[str]]:
    """What the worker keeps, by the name of its store."""
    kept: dict[str, list[str]] = page.evaluate(KEPT)
    return kept


def asked_for(route: str, person: Person) -> int:
    """How often the house was, by its own log."""
    return (person.house.instance / "log.txt").read_text().count(f'"route": "{route}"')


def expect_one_download(ada: Person) -> None:
    """With the worker in charge: nothing is said about it, and it is asked for once."""
    page = ada.open("/credits")
    before = asked_for("/credits.csv", ada)
    with page.expect_download():
        page.get_by_role("link", name="Download everything as CSV").click()
    assert until(lambda: asked_for("/credits.csv", ada) == before + 1, ENOUGH_S)
    ada.open("/credits").wait_for_load_state("networkidle")
    assert asked_for("/credits.csv", ada) == before + 1


def test_without_a_connection_there_is_a_page_of_ours_and_nothing_private(
    person: NewPerson,
) -> None:
    ada = person(service_workers="allow")
    ada.watch.permit("ERR_INTERNET_DISCONNECTED")
    page = ada.open("/")
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
    page = ada.sign_in().open("/account")
    assert until(lambda: page.evaluate(IN_CHARGE), ENOUGH_S)
    kept = kept_files(page)
    assert len(kept) == 1
    (files,) = kept.values()
    assert [file for file in files if not file.startswith("/static/")] == ["/offline"]
    assert {file.rpartition(".")[2] for file in files if file != "/offline"} == {
        *("css", "svg", "woff2")
    }

    expect_one_download(ada)
    ada.context.set_offline(True)
    page.goto(f"{ada.house.url}/history")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    is_ours, has_font, words = page.evaluate(LOOKS)
    assert is_ours and has_font
    assert ada.email not in page.content() and "Ada" not in words
    ada.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()

    page.get_by_role("button", name="account menu").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{ada.house.url}/")
    assert until(
        lambda: page.evaluate("caches.keys().then((names) => names.length === 0)"), ENOUGH_S
    )


def test_an_older_store_makes_room_for_the_new_one(person: NewPerson) -> None:
    ada = person(service_workers="allow").sign_in()
    page = ada.open("/account")
    page.evaluate("caches.open('offline-of-long-ago').then(() => null)")
    assert until(lambda: page.evaluate(IN_CHARGE), ENOUGH_S)
    page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.unregister())")
    page.reload()
    assert until(lambda: page.evaluate(IN_CHARGE), ENOUGH_S)
    assert until(
        lambda: page.evaluate(
            "caches.keys().then((names) => !names.includes('offline-of-long-ago'))"
        ),
        ENOUGH_S,
    )
    assert len(kept_files(page)) == 1
