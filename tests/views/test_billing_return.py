"""Back from Stripe's page: what is said, what is granted, and every way of hearing of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import httpx
import pytest
from flask import Flask

from fluxgen.jobs.payments import hear_what_was_missed
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Kind, Purchase, PurchaseStatus
from fluxgen.purchases import ASK_EVERY_S
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
    assert "Not paid yet" in main(page)
    assert fresh(purchase).status is PurchaseStatus.OPEN
    assert 'http-equiv="refresh"' in page  # for who has no scripts


def test_the_update_brings_the_balance_along_and_then_stops(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    purchase = order(browser)
    address = f"/partials/purchases/{purchase.public_id}"
    waiting = browser.get(address, headers=HTMX).text
    assert "hx-get" in waiting
    assert parse(waiting).by_id("balance").words == "0 credits"
    sandbox.stripe.pay(str(purchase.session_id))
    pass_time(ASK_EVERY_S + 1)
    answer = browser.get(address, headers=HTMX).text
    assert "hx-get" not in answer
    assert parse(answer).by_id("balance").words == "1,000 credits"


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
    pass_time(ASK_EVERY_S + 1)
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


def test_an_open_one_leads_back_to_stripes_page(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    left = browser.post("/purchases", data={"pack": "usual", **CONSENT}).location
    purchase = Purchase.get()
    page = parse(browser.get(f"/purchases/{purchase.public_id}").text)
    (form,) = [one for one in page.all("form") if one.get("action").endswith("/continue")]
    again = browser.post(form["action"])
    assert (again.status_code, again.location) == (303, left)
    words = main(browser.get(at_stripe(again.location, "pay")).text)
    assert "Adding your credits" in words and "Continue" not in words  # asked a moment ago
    pass_time(ASK_EVERY_S + 1)
    assert "1,000 credits added" in main(browser.get(form["action"].removesuffix("/continue")).text)
    assert left not in str(purchase.__data__)


@pytest.mark.parametrize("act", ["pay", "cancel"])
def test_one_that_has_ended_leads_to_its_own_page(visit: Visit, bob: Account, act: str) -> None:
    browser = visit(bob)
    left = browser.post("/purchases", data={"pack": "usual", **CONSENT}).location
    address = f"/purchases/{Purchase.get().public_id}"
    httpx.post(left, data={"act": act}, timeout=10)  # and the way back is never taken
    if act == "cancel":
        browser.get(f"{address}?cancelled=1")
    answer = browser.post(f"{address}/continue")
    assert answer.status_code == 303
    assert answer.location == address


def test_a_stripe_that_is_away_is_said_beside_the_purchase(
    visit: Visit, bob: Account, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)
    browser = visit(bob)
    purchase = order(browser)
    sandbox.stripe.faults.down = 1
    address = f"/purchases/{purchase.public_id}"
    answer = browser.post(f"{address}/continue")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Nothing was charged; try again in a minute" in main(answer.text)
    assert parse(answer.text).has_id("continue")
    assert browser.get(address).status_code == 200


def test_one_that_came_to_nothing_offers_the_same_pack_again(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    purchase = order(browser, "large")
    page = parse(browser.get(f"/purchases/{purchase.public_id}?cancelled=1").text)
    (again,) = [one for one in page.all("a") if one.words.endswith("again")]
    assert again.words == "Buy 2,500 credits again"
    packs = parse(browser.get(again["href"]).text)
    assert packs.one("section", css="pack--usual")["aria-labelledby"] == "pack-large"


def test_what_nobody_paid_has_run_out(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    purchase = order(browser)
    pass_time(3601)
    assert "run out" in main(browser.get(f"/purchases/{purchase.public_id}").text)
    assert fresh(purchase).status is PurchaseStatus.EXPIRED


def test_what_was_paid_back_is_on_the_receipt(visit: Visit, bob: Account, sandbox: Sandbox) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 900)
    check(purchase.id)
    words = main(visit(bob).get(f"/purchases/{purchase.public_id}").text)
    assert "€9.00 of €18.00 went back" in words
    assert "500 credits" in words


def test_a_purchase_is_its_owners_only(visit: Visit, bob: Account, mallory: Account) -> None:
    purchase = order(visit(bob))
    away = visit(mallory).post(f"/purchases/{purchase.public_id}/continue")
    assert away.status_code == 404
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
        result = app.test_cli_runner().invoke(
            args=["credits", "reconcile", "--fulfil", "--reason", "a lost webhook"]
        )
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
