"""axe-core finds nothing: every page and state, light and dark, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import SCHEMES, own_width, violations
from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, expect_phase, order

pytestmark = pytest.mark.xdist_group("browser")


def _at(path: str) -> Callable[[Person], object]:
    return lambda person: person.open(path)


def _welcome(person: Person) -> None:
    page = person.open("/signin/google")
    page.get_by_text("Be somebody else").click()
    page.get_by_label("E-mail", exact=False).first.fill("someone-new@example.test")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()


def _signed_in_at(path: str) -> Callable[[Person], object]:
    return lambda person: person.sign_in().open(path)


def _running(person: Person) -> None:
    shown = order(person.sign_in().open("/studio"), "[slow] on its way")
    expect_phase(shown, "developing")


def _failed(person: Person) -> None:
    expect_phase(order(person.sign_in().open("/studio"), "[fail] on purpose"), "ended")


def _refused(person: Person) -> None:
    page = person.sign_in().open("/studio")
    page.locator("#generate").click()
    expect(page.locator("#prompt-error")).to_be_visible()


def _models(person: Person) -> None:
    page = person.sign_in().open("/studio")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#compose-models > summary").click()
    page.locator("#seed-act").click()
    expect(page.locator("#seed")).not_to_have_value("")


def _look_refused(person: Person) -> None:
    page = person.sign_in().open("/studio?look=late-counter")
    page.locator("#generate").click()
    expect(page.locator("#slot-dish-error")).to_be_visible()


def _history(person: Person) -> None:
    expect_phase(order(person.sign_in().open("/studio"), "for the archive"), "done")
    person.open("/history")


def _history_in_chosen_themes(person: Person) -> None:
    """Also where the account has chosen one, whatever the system has; in the end it has not."""
    _history(person)
    choice = "UPDATE account SET theme = ? WHERE email = ?"
    for theme in SCHEMES:
        person.house.write(choice, theme, person.email)
        for path in ("/studio", "/history"):
            page = person.open(path)
            expect(page.locator(f"html[data-theme={theme}]")).to_be_attached()
            assert violations(page, own_width(page)) == [], f"{theme} chosen"
    person.house.write(choice, "system", person.email)
    expect(person.open("/history").locator("html[data-theme]")).to_have_count(0)


def _lightbox(person: Person) -> None:
    _history(person)
    card(person.page, "for the archive").locator("a.generation-card__picture").click()
    expect(person.page.get_by_role("dialog")).to_be_visible()


def _lightbox_deleted(person: Person) -> None:
    _lightbox(person)
    person.page.locator("#delete-all").click()
    expect(person.page.locator("#lightbox [data-undo]")).to_be_focused()


def _favourite_asked(person: Person) -> None:
    _lightbox(person)
    page = person.page
    page.locator("#lightbox-favourite").click()
    expect(page.locator("#lightbox-favourite")).to_have_attribute("aria-pressed", "true")
    page.locator("#lightbox-alt > summary").click()
    page.locator("#delete-all").click()
    expect(page.locator("[data-asks]")).to_be_visible()


def _keyboard(person: Person) -> None:
    person.sign_in().open("/history").keyboard.press("?")
    expect(person.page.locator("#keyboard")).to_be_visible()


def _sheet_planned(person: Person) -> None:
    page = person.sign_in().open("/studio?look=small-sign&sample=4")
    page.locator("#slot-tones-every").click()
    expect(page.locator(".contact-sheet__price")).to_be_visible()


def _sheet(person: Person) -> None:
    _sheet_planned(person)
    person.page.get_by_role("button", name="Make all 5").click()
    expect(person.page.locator(".generation-card--done")).to_have_count(5)


def _flawed(person: Person) -> None:
    page = person.sign_in().open("/studio?look=repeat&sample=3")
    page.locator("#generate").click()
    expect(page.locator(".generation-card__flaw")).to_be_visible()


def _purchase(person: Person) -> None:
    buyer = person.sign_in()
    answer = buyer.context.request.post(
        f"{buyer.house.url}/purchases",
        form={"pack": "usual", "consent": "yes"},
        headers=buyer.ours,
        max_redirects=0,
    )
    assert answer.status == 303
    question = "SELECT public_id FROM purchase ORDER BY id DESC LIMIT 1"
    ((public_id,),) = buyer.house.rows(question)
    expect(buyer.open(f"/purchases/{public_id}").locator("#continue")).to_be_visible()


STATES: dict[str, Callable[[Person], object]] = {
    "landing": _at("/"),
    "sign-in": _at("/signin"),
    "welcome": _welcome,
    "looks": _at("/looks"),
    "a Look": _at("/looks/two-inks"),
    "policy": _at("/privacy"),
    "missing": _at("/nowhere"),
    "studio, empty": _signed_in_at("/studio"),
    "studio, refused": _refused,
    "studio, models": _models,
    "studio, a Look": _signed_in_at("/studio?look=two-inks&sample=1"),
    "studio, a Look refused": _look_refused,
    "studio, running": _running,
    "studio, failed": _failed,
    "history, empty": _signed_in_at("/history"),
    "history": _history_in_chosen_themes,
    "lightbox": _lightbox,
    "lightbox, deleted": _lightbox_deleted,
    "lightbox, favourite asked about": _favourite_asked,
    "keyboard": _keyboard,
    "contact sheet, planned": _sheet_planned,
    "contact sheet": _sheet,
    "tile, flawed": _flawed,
    "credits": _signed_in_at("/credits"),
    "pricing": _signed_in_at("/pricing?need=400"),
    "account": _signed_in_at("/account?saved=limit"),
    "purchase": _purchase,
}


@pytest.mark.parametrize("state", STATES)
def test_nobody_is_kept_out(person: NewPerson, state: str) -> None:
    someone = person()
    someone.watch.permit(
        "status of 404",
        "status of 409",
        "status of 422",
        f"elsewhere: {someone.house.sandbox_url}/google/",
    )
    STATES[state](someone)
    assert violations(someone.page) == [], state
