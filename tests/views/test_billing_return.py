"""Back from Stripe's page: what is said, what is granted, and every way of hearing of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import httpx
import pytest
from flask import Flask

from fluxgen.jobs.purchases import hear_what_was_missed
from fluxgen.models import Account, Entry, Kind, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support import cast
from tests.support.buying import (
    CONSENT,
    at_stripe,
    begun,
    bought,
    fresh,
    main,
    numbers,
    order,
    payment,
    tell,
)
from tests.support.cast import HTMX, Browser
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time


def test_one_who_is_not_through_yet_sees_it_update_in_place(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    purchase = order(browser)
    page = browser.get(f"/purchases/{purchase.public_id}").text
    (status,) = [one for one in parse(page).all("div") if one.get("id") == "purchase-status"]
    assert status["hx-get"] == f"/partials/purchases/{purchase.public_id}"
    assert "Waiting for Stripe" in main(page)
    assert fresh(purchase).status is PurchaseStatus.OPEN


def test_the_update_brings_the_balance_along_and_then_stops(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    purchase = order(browser)
    address = f"/partials/purchases/{purchase.public_id}"
    assert "hx-get" in browser.get(address, headers=HTMX).text
    sandbox.stripe.pay(str(purchase.session_id))
    answer = browser.get(address, headers=HTMX).text
    assert "hx-get" not in answer
    balance = [one for one in parse(answer).all() if "hx-swap-oob" in one.attributes]
    assert any("1,000" in one.words for one in balance)


@pytest.mark.parametrize(
    ("ok", "words", "available"), [(True, "added", 1000), (False, "did not go through", 0)]
)
def test_a_payment_under_way_is_said_to_be_until_it_is_paid_or_has_failed(
    visit: Visit, bob: Account, sandbox: Sandbox, ok: bool, words: str, available: int
) -> None:
    browser, purchase = visit(bob), begun(bob)
    address = f"/purchases/{purchase.public_id}"
    sandbox.stripe.pay_later(str(purchase.session_id))
    assert "Payment under way" in main(browser.get(address).text)
    assert numbers(bob)[0] == 0
    sandbox.stripe.settle_later(str(purchase.session_id), ok=ok)
    assert words in main(browser.get(address).text)
    assert numbers(bob)[0] == available


@pytest.mark.both_databases
def test_who_goes_back_has_cancelled_and_the_session_is_closed(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    left = browser.post("/purchases", data={"pack": "usual", **CONSENT}).location
    back = browser.get(at_stripe(left, "cancel"))
    assert "Purchase cancelled" in main(back.text)
    assert Purchase.get().status is PurchaseStatus.CANCELLED
    late = httpx.post(left, data={"act": "pay"}, timeout=10)
    assert late.status_code == 409  # nobody can pay it any more
    assert numbers(bob) == (0, 0, 0)


def test_who_paid_and_then_went_back_has_paid(visit: Visit, bob: Account, sandbox: Sandbox) -> None:
    browser = visit(bob)
    purchase = order(browser)
    sandbox.stripe.pay(str(purchase.session_id))
    back = browser.get(f"/purchases/{purchase.public_id}?cancelled=1")
    assert "1,000 credits added" in main(back.text)


def test_what_nobody_paid_has_run_out(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    purchase = order(browser)
    pass_time(3601)
    assert "run out" in main(browser.get(f"/purchases/{purchase.public_id}").text)
    assert fresh(purchase).status is PurchaseStatus.EXPIRED


def test_what_was_paid_back_is_on_the_receipt(visit: Visit, bob: Account, sandbox: Sandbox) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 900)
    words = main(visit(bob).get(f"/purchases/{purchase.public_id}").text)
    assert "€9.00 of €18.00 went back" in words
    assert "500 credits" in words


def test_a_purchase_is_its_owners_only(visit: Visit, bob: Account, mallory: Account) -> None:
    purchase = order(visit(bob))
    for address in ("/purchases/", "/partials/purchases/"):
        assert visit(mallory).get(f"{address}{purchase.public_id}").status_code == 404
        assert visit(mallory).get(f"{address}unknown").status_code == 404
    stranger = visit(mallory).get(f"/purchases/{purchase.public_id}?cancelled=1")
    assert stranger.status_code == 404
    assert fresh(purchase).status is PurchaseStatus.OPEN


# Every way of hearing of it


def test_any_order_of_hearing_of_it_grants_once(
    app: Flask, visit: Visit, sandbox: Sandbox, workers: Workers
) -> None:
    def webhook(purchase: Purchase, _: Browser) -> None:
        for event in sandbox.stripe.events:
            if event["data"]["object"].get("client_reference_id") == purchase.public_id:
                assert tell(visit(None), event).status_code == 204
        workers.step()

    def return_page(purchase: Purchase, browser: Browser) -> None:
        assert browser.get(f"/purchases/{purchase.public_id}").status_code == 200

    def poll(purchase: Purchase, _: Browser) -> None:
        hear_what_was_missed()
        workers.step()

    def reconcile(purchase: Purchase, _: Browser) -> None:
        result = app.test_cli_runner().invoke(args=["credits", "reconcile", "--fulfil"])
        assert result.exit_code == 0, result.output

    doors: list[Callable[[Purchase, Browser], None]] = [webhook, return_page, poll, reconcile]
    for number, way in enumerate(permutations(doors)):
        buyer = cast.penniless(f"buyer{number}")
        browser = visit(buyer)
        purchase = order(browser)
        sandbox.stripe.pay(str(purchase.session_id))
        for door in way:
            door(purchase, browser)
            assert numbers(buyer) == (1000, 0, 0), (way, door)
    assert Entry.select().where(Entry.kind == Kind.BUY).count() == 24
