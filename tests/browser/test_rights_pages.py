"""axe-core finds nothing on the pages of people's rights and our promises, in any of their states."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import NewPerson, Person

pytestmark = pytest.mark.xdist_group("browser")

WIDTHS = (360, 1440)
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
VERSION = "2026-11-27"
FAR = 10**17
"""Microseconds since 1970: a lease that nobody outlives."""
OF = "WHERE account_id = (SELECT id FROM account WHERE email = ?)"


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _ready(person: Person) -> None:
    _press(person.sign_in().open("/account"), "Export everything")
    expect(person.page.locator("#export-status h1")).to_have_text("Your export is ready")


def _export_in(status: str, heading: str) -> Callable[[Person], None]:
    def reach(person: Person) -> None:
        _ready(person)
        values = (status, FAR, person.email)
        person.house.write(
            f"UPDATE export SET status = ?, lease = 'test', lease_until = ? {OF}", *values
        )
        person.page.reload()
        expect(person.page.locator("#export-status h1")).to_have_text(heading)

    return reach


def _account(person: Person) -> None:
    """Everything that an account page can say at once."""
    person.sign_in()
    person.sign_in(person.email)
    page = person.open("/account")
    _press(page, "Export everything")
    expect(page.locator("#export-status h1")).to_have_text("Your export is ready")
    question = f"SELECT public_id FROM export {OF}"
    ((export,),) = person.house.rows(question, person.email)
    for status in ("withdrawn", "failed", "building"):
        person.house.write(
            "INSERT INTO export (public_id, account_id, by_operator, status, total, done, missing,"
            " due_at, crashes, created_at, expires_at, lease, lease_until)"
            " SELECT ?, account_id, 0, ?, 40, 12, 0, due_at, 0, created_at, expires_at, 'test', ?"
            " FROM export WHERE public_id = ?",
            *(status, status, FAR, export),
        )
    _press(person.open("/account"), "Restrict my data")
    _press(page, "Object")
    page.goto(f"{person.house.url}/account/erasure")
    _choose_a_day(page)
    _press(page, "Erase my account")
    expect(page.get_by_role("button", name="Call it off")).to_be_visible()
    expect(page.locator(".account__exports li")).to_have_count(4)
    expect(page.get_by_role("button", name="Lift the restriction")).to_be_visible()


def _choose_a_day(page: Page) -> None:
    page.locator("#later").check()
    page.locator("#day").fill(page.locator("#day").get_attribute("max") or "")
    _confirm(page)


def _confirm(page: Page) -> None:
    label = page.locator("label[for=typed]").inner_text()
    page.locator("#typed").fill(label.partition("“")[2].partition("”")[0])


def _plan(what: str) -> Callable[[Person], None]:
    return lambda person: expect(
        person.sign_in().open(f"/account/erasure{what}").get_by_role("heading", name="What goes")
    ).to_be_visible()


def _plan_refused(person: Person) -> None:
    page = person.sign_in().open("/account/erasure")
    page.locator("#later").check()
    _press(page, "Erase my account")
    expect(page.locator(".field__error").first).to_be_visible()


def _certificate(person: Person) -> None:
    page = person.sign_in().open("/account/erasure")
    _confirm(page)
    _press(page, "Erase my account")
    expect(page.get_by_role("heading", name="Your account is gone")).to_be_visible()
    expect(page.locator(".erasure__certificate")).to_be_visible()


def _promises_red(person: Person) -> None:
    """One is broken, one was not looked after."""
    house = person.house
    house.write("UPDATE measurement SET value = '3' WHERE name = 'orphans'")
    house.write("UPDATE measurement SET measured_at = 0 WHERE name = 'mail_oldest'")
    expect(person.open("/promises").locator(".promise--broken").first).to_be_visible()


def plant_notice(person: Person) -> None:
    """There is a new policy that this person has not read."""
    person.house.write(
        "INSERT INTO announcement (version, texts, mails, announced_at) SELECT ?, '{}', 0, 0"
        " WHERE NOT EXISTS (SELECT 1 FROM announcement)",
        VERSION,
    )
    person.house.write("UPDATE account SET announcement_seen = 0 WHERE email = ?", person.email)


def _notice(person: Person) -> None:
    plant_notice(person.sign_in())
    expect(person.open("/studio").locator("#announcement")).to_be_visible()


def _at(path: str) -> Callable[[Person], object]:
    return lambda person: person.open(path)


STATES: dict[str, Callable[[Person], object]] = {
    "export, ready": _ready,
    "export, running": _export_in("building", "Packing your export"),
    "export, failed": _export_in("failed", "This export did not work"),
    "export, withdrawn": _export_in("withdrawn", "This export is deleted"),
    "account, all at once": _account,
    "erasure, planned for": _plan(""),
    "archive, planned for": _plan("?what=archive"),
    "erasure, refused": _plan_refused,
    "certificate": _certificate,
    "promises": _at("/promises"),
    "promises, red": _promises_red,
    "journal": _at("/journal"),
    "post": _at("/journal/what-a-look-is"),
    "contact": _at("/contact"),
    "privacy": _at("/privacy"),
    "terms": _at("/terms"),
    "policy notice": _notice,
}


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_kept_out(person: NewPerson, state: str) -> None:
    someone = person()
    someone.watch.permit("status of 422")
    STATES[state](someone)
    page = someone.page
    for width in WIDTHS:
        assert violations(page, (width,)) == [], state
        assert page.evaluate(WIDER) == 0, f"{state} is wider than {width} px"


def test_a_notice_that_was_read_is_gone(person: NewPerson) -> None:
    someone = person()
    _notice(someone)
    someone.page.locator("#announcement button").click()
    expect(someone.page.locator("#announcement")).to_have_count(0)
    question = "SELECT terms_version FROM account WHERE email = ?"
    assert someone.house.rows(question, someone.email) == [(VERSION,)]
    expect(someone.open("/journal").locator("#announcement")).to_have_count(0)
