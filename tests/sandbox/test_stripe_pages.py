"""The page to pay on and the strings of the Stripe sandbox, as a browser without script."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.conftest import Clock
from tests.sandbox.stripe_shop import Shop, opened, pack
from tests.support.sandboxes import SandboxServer


@pytest.fixture
def shop(sandbox_server: SandboxServer, clock: Clock) -> Iterator[Shop]:
    with opened(sandbox_server, clock) as made:
        yield made


@pytest.fixture
def browser(shop: Shop) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=shop.url, timeout=30) as client:
        yield client


def pull(browser: httpx.Client, act: str, subject: str, **more: str) -> httpx.Response:
    """Press a button of the strings."""
    return browser.post("/", data={"act": act, "id": subject, **more})


def test_the_page_is_honest_and_says_what_is_bought(shop: Shop, browser: httpx.Client) -> None:
    made = shop.open(line_items=pack(250, quantity=4))
    page = browser.get(made.url)
    assert "This is FluxGen’s sandbox. No card is charged, no money moves." in page.text
    assert "4 × 500 credits" in page.text
    assert "10.00 USD" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' https://shop.test" in policy
    assert "<script" not in page.text
    assert "type=" not in page.text  # nothing to type in: it asks for no data


def test_what_the_app_wrote_is_escaped(shop: Shop, browser: httpx.Client) -> None:
    line = {
        "quantity": 1,
        "price_data": {
            "currency": "usd",
            "unit_amount": 1000,
            "product_data": {"name": "<script>alert(1)</script>"},
        },
    }
    assert "<script" not in browser.get(shop.open(line_items=[line]).url).text
    assert "<script" not in browser.get("/").text


@pytest.mark.parametrize(
    ("act", "payment_status", "said"),
    [("pay", "paid", "This was paid"), ("later", "unpaid", "The payment is on its way")],
)
def test_paying_leads_back_with_the_session_id(
    shop: Shop, browser: httpx.Client, act: str, payment_status: str, said: str
) -> None:
    made = shop.open()
    answer = browser.post(made.url, data={"act": act})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"https://shop.test/buy/return?session_id={made.id}"
    shown = shop.session(made.id)
    assert (shown["status"], shown["payment_status"]) == ("complete", payment_status)
    again = browser.post(made.url, data={"act": act})
    assert (again.status_code, said in again.text) == (409, True)


def test_later_may_fail_by_itself(shop: Shop, browser: httpx.Client) -> None:
    made = shop.open()
    browser.post(made.url, data={"act": "later_fails"})
    shop.clock.at += 8
    assert "The payment did not arrive" in browser.get(made.url).text
    assert shop.kinds()[-1] == "checkout.session.async_payment_failed"


def test_a_declined_card_stays_with_words(shop: Shop, browser: httpx.Client) -> None:
    made = shop.open()
    answer = browser.post(made.url, data={"act": "decline"})
    assert answer.status_code == 402
    assert "The card was declined. Nothing was charged." in answer.text
    assert browser.post(made.url, data={"act": "pay"}).status_code == 303


def test_cancel_goes_back_and_changes_nothing(shop: Shop, browser: httpx.Client) -> None:
    made = shop.open()
    answer = browser.post(made.url, data={"act": "cancel"})
    assert answer.headers["Location"] == "https://shop.test/buy" == shop.sandbox.cancel(made.id)
    assert shop.session(made.id)["status"] == "open"
    assert shop.kinds() == []
    assert "Cancel" not in browser.get(shop.open(cancel_url=None).url).text


def test_an_expired_and_a_missing_page(shop: Shop, browser: httpx.Client) -> None:
    made = shop.open()
    shop.sandbox.expire(made.id)
    assert "This page has expired" in browser.get(made.url).text
    assert browser.post(made.url, data={"act": "pay"}).status_code == 409
    assert browser.get("/pay/cs_test_none").status_code == 404
    assert browser.get("/nothing").status_code == 404


def test_strings_for_refunds(shop: Shop, browser: httpx.Client) -> None:
    paid = shop.sandbox.pay(shop.open().id)
    assert pull(browser, "refund", paid, amount="300").status_code == 303
    pull(browser, "refund_fails", paid, amount="200")
    pull(browser, "refund", paid)
    refunds = shop.api.refunds.list().data
    assert [(one.amount, one.status) for one in refunds] == [
        (700, "succeeded"),
        (200, "failed"),
        (300, "succeeded"),
    ]
    refused = pull(browser, "refund", paid)
    assert (refused.status_code, "already been refunded" in refused.text) == (409, True)
    pull(browser, "refund_bad", refunds[0].id)
    assert shop.api.refunds.retrieve(refunds[0].id).status == "failed"


def test_strings_for_disputes(shop: Shop, browser: httpx.Client) -> None:
    paid = shop.sandbox.pay(shop.open().id)
    for act in ("dispute", "inquiry"):
        pull(browser, act, paid)
    inquiry, dispute = shop.api.disputes.list().data
    assert "needs response" in browser.get("/").text
    pull(browser, "lost", dispute.id)
    pull(browser, "won", inquiry.id)
    statuses = [one.status for one in shop.api.disputes.list().data]
    assert statuses == ["warning_closed", "lost"]


def test_strings_for_sessions(shop: Shop, browser: httpx.Client) -> None:
    left, late, failing = (shop.open().id for _ in range(3))
    pull(browser, "expire", left)
    for session_id, act in ((late, "settle"), (failing, "bounce")):
        shop.sandbox.pay_later(session_id)
        pull(browser, act, session_id)
    assert shop.session(left)["status"] == "expired"
    assert shop.session(late)["payment_status"] == "paid"
    assert shop.session(failing)["payment_status"] == "unpaid"
    assert pull(browser, "nonsense", left).status_code == 409
    assert pull(browser, "expire", "cs_test_none").status_code == 409


def test_every_button_of_the_strings_works(shop: Shop, browser: httpx.Client) -> None:
    shop.open()
    shop.sandbox.pay_later(shop.open().id)
    paid = shop.sandbox.pay(shop.open().id)
    shop.sandbox.faults.refund_pending = 1
    shop.api.refunds.create(params={"payment_intent": paid, "amount": 1})
    shop.sandbox.refund(paid, 1)
    shop.sandbox.dispute(paid, inquiry=True)
    page = browser.get("/control").text
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    offered = {
        (act, subject[0])
        for form in forms
        for act in re.findall(r'name="act" value="(\w+)"', form)
        if (subject := re.findall(r'name="id" value="(\w+)"', form))
    }
    acts = {act for act, _ in offered}
    assert {"expire", "settle", "refund", "refund_ok", "refund_bad", "dispute", "won"} <= acts
    for act, subject in sorted(offered):
        assert "There is no string" not in pull(browser, act, subject, amount="1").text


def test_switches_are_kept_and_shown(shop: Shop, browser: httpx.Client) -> None:
    shop.sandbox.faults.webhook_drop = 0.25
    ticked = {"webhook_drop": "1", "webhook_duplicate": "1", "webhook_delay_s": "1.5"}
    assert pull(browser, "switch", "", **ticked).status_code == 303
    faults = shop.sandbox.faults
    assert (faults.webhook_drop, faults.webhook_duplicate, faults.webhook_delay_s) == (0.25, 1, 1.5)
    page = browser.get("/").text
    assert page.count(" checked") == 2
    pull(browser, "switch", "")
    assert (faults.webhook_drop, faults.webhook_delay_s) == (0, 0)


def test_the_endpoint_can_be_named(shop: Shop, browser: httpx.Client) -> None:
    assert browser.get("/_webhook_url").json() == {"url": ""}
    browser.post("/_webhook_url", data={"url": "http://localhost:1/webhooks/stripe"})
    assert "http://localhost:1/webhooks/stripe" in browser.get("/").text
    assert browser.post("/_webhook_url", json={"url": "nonsense"}).status_code == 400


def test_pages_have_their_own_style(shop: Shop, browser: httpx.Client) -> None:
    for path in ("/style.css", "/control.css"):
        assert browser.get(path).headers["Content-Type"].startswith("text/css")
