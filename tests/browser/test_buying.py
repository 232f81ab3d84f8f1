"""Buying credits in a real browser: there and back, in place, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import expect_balance

pytestmark = pytest.mark.xdist_group("browser")

BALANCE = "#balance .balance__amount"


def off_to_stripe(person: Person, pack: str = "usual") -> Page:
    """Agree and press "Buy"; the page on which one pays."""
    stripe = f"{person.house.sandbox_url}/"
    person.watch.permit(rf"elsewhere: {stripe}stripe/", rf"404 .*{stripe}favicon\.ico")
    page = person.open("/pricing")
    form = page.locator("form.pack__form").filter(has=page.locator(f"#consent-{pack}"))
    form.get_by_role("checkbox").check()
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", name=re.compile("^Pay "))).to_be_visible()
    return page


def pay_elsewhere(person: Person, checkout_url: str) -> None:
    """Pay in another window, which never comes back."""
    answer = person.context.request.post(checkout_url, form={"act": "pay"}, max_redirects=0)
    assert answer.status == 303


def own_page(person: Person) -> Page:
    """The page of the person's only purchase."""
    question = """SELECT purchase.public_id FROM purchase
        JOIN account ON account.id = purchase.account_id WHERE account.email = ?"""
    ((public_id,),) = person.house.rows(question, person.email)
    return person.open(f"/purchases/{public_id}")


def test_there_and_back_with_what_was_typed(ada: Person) -> None:
    page = ada.open("/studio")
    page.locator("#prompt").fill("a fox that costs more")
    ada.context.request.post(
        f"{ada.house.url}/generations",
        form={"prompt": "a fox that costs more", "intent": "buy"},
        headers=ada.ours,
    )
    off_to_stripe(ada)
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("heading", name="1,000 credits added")).to_be_visible()
    expect(page.locator(BALANCE)).to_have_text("1,100")
    page.get_by_role("link", name="Back to your picture").click()
    expect(page.locator("#prompt")).to_have_value("a fox that costs more")


def test_an_open_purchase_updates_in_place_and_the_header_with_it(ada: Person) -> None:
    checkout_url = off_to_stripe(ada).url
    page = own_page(ada)
    expect(page.locator("#continue")).to_be_visible()
    expect_balance(page, 100)
    pay_elsewhere(ada, checkout_url)
    expect(page.get_by_role("heading", name="1,000 credits added")).to_be_visible()
    expect(page.locator(BALANCE)).to_have_text("1,100")
    expect(page.locator("#purchase-status[hx-get]")).to_have_count(0)


def test_an_open_purchase_is_continued_without_scripts(person: NewPerson) -> None:
    plain = person(java_script_enabled=False).sign_in()
    off_to_stripe(plain, "small")
    page = own_page(plain)
    page.get_by_role("button", name="Continue to payment").click()
    page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("heading", name="250 credits added")).to_be_visible()  # by itself
    expect_balance(page, 350)


def test_a_payment_that_takes_its_time_is_shown_and_then_arrives_in_place(ada: Person) -> None:
    page = off_to_stripe(ada)
    page.get_by_role("button", name="Pay later, and it arrives").click()
    expect(page.get_by_role("heading", name="Payment under way")).to_be_visible()
    expect_balance(page, 100)
    expect(page.get_by_role("heading", name="1,000 credits added")).to_be_visible()
    expect(page.locator(BALANCE)).to_have_text("1,100")
