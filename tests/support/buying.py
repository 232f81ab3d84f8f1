"""Buying as a test needs it: through the pages, or straight at the Stripe sandbox."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import stripe
from werkzeug.test import TestResponse

from fluxgen import accounts, credits, purchases, settings
from fluxgen.adapters.authorities import authorities
from fluxgen.jobs import purchases as jobs
from fluxgen.models import Account, Generation, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import SANDBOX_STRIPE_WEBHOOK_SECRET, signature_header
from fluxgen.sandbox.stripe_webhooks import body_of
from tests.support.cast import Browser
from tests.support.pages import parse

CONSENT = {"consent": "yes"}
TIMEOUT_S = 60.0


def official(api_base: str = "") -> stripe.StripeClient:
    """Stripe's client at the sandbox of this process, for what FluxGen itself never asks."""
    return stripe.StripeClient(
        "sk_test_sandbox",
        base_addresses={"api": api_base or settings.current().stripe_api},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


def numbers(account: Account) -> tuple[int, int, int]:
    """What is available, held and owed now."""
    now = accounts.balance(account)
    return now.available, now.held, now.owed


def fresh(purchase: Purchase) -> Purchase:
    """The row as it is now."""
    return Purchase.get_by_id(purchase.id)


def order(browser: Browser, pack: str = "usual") -> Purchase:
    """Press "Buy"; the purchase whose hosted page the browser is led to."""
    answer = browser.post("/purchases", data={"pack": pack, **CONSENT})
    assert answer.status_code == 303, answer.text
    session_id = answer.location.rpartition("/")[2]
    return Purchase.get(Purchase.session_id == session_id)


def session_of(purchase: Purchase, **changes: Any) -> str:
    """A session for this purchase, made by the official client; any way to pay, unless changed."""
    price = {
        "currency": changes.pop("currency", purchase.currency),
        "unit_amount": changes.pop("amount_minor", purchase.amount_minor),
        "product_data": {"name": "credits"},
    }
    parameters: Any = {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": price}],
        "client_reference_id": purchase.public_id,
        "metadata": {
            "purchase": purchase.public_id,
            "pack": purchase.pack,
            **changes.pop("metadata", {}),
        },
        "payment_intent_data": {"metadata": {"purchase": purchase.public_id}},
        "success_url": "https://fluxgen.test/back",
        **changes,
    }
    return official().v1.checkout.sessions.create(params=parameters).id


def begun(account: Account, pack: str = "usual", **changes: Any) -> Purchase:
    """A purchase with its session open, which also takes delayed payments."""
    purchase = purchases.begin(account, pack, consented=True)
    purchases.opened(purchase, session_of(purchase, **changes))
    return fresh(purchase)


def bought(sandbox: Sandbox, account: Account, pack: str = "usual") -> Purchase:
    """A purchase that is paid and granted."""
    purchase = begun(account, pack)
    sandbox.stripe.pay(str(purchase.session_id))
    jobs.check(purchase.id)
    paid = fresh(purchase)
    assert paid.status is PurchaseStatus.PAID
    return paid


def granted(account: Account, pack: str = "usual") -> Purchase:
    """The same without asking the sandbox: 1,000 credits for 18.00 unless a pack is named."""
    purchase = purchases.begin(account, pack, consented=True)
    name = secrets.token_hex(4)
    purchases.opened(purchase, f"cs_{name}")
    purchases.paid(
        purchase,
        session_id=f"cs_{name}",
        payment_id=f"pi_{name}",
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
    )
    return purchase


def taken(purchase: Purchase, reversed_minor: int) -> None:
    """Stripe has taken back so much as of now."""
    while purchases.correct(fresh(purchase), reversed_minor, "refund"):
        pass


def payment(purchase: Purchase) -> str:
    """Stripe's id of its payment."""
    assert purchase.payment_id is not None
    return str(purchase.payment_id)


def held(account: Account, amount: int) -> Generation:
    """Credits set aside, for a generation that exists in the books only."""
    generation = Generation(
        account=account, public_id=secrets.token_urlsafe(16), cost_credits=amount
    )
    credits.hold(generation)
    return generation


def spend(account: Account, amount: int) -> None:
    """Use up that many credits."""
    credits.capture(held(account, amount), amount)


def eventful(sandbox: Sandbox, account: Account) -> Account:
    """The account with a movement of every kind: bought 1,000, 500 of it disputed and won."""
    purchase = bought(sandbox, account)
    spend(account, 300)
    credits.release(held(account, 20), "failed")
    dispute_id = sandbox.stripe.dispute(payment(purchase), 900)
    jobs.check(purchase.id)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    jobs.check(purchase.id)
    return account


def tell(
    browser: Browser,
    event: Mapping[str, Any] | bytes,
    *,
    secret: str = SANDBOX_STRIPE_WEBHOOK_SECRET,
    timestamp: int | None = None,
    **headers: str,
) -> TestResponse:
    """A webhook as Stripe sends it; a body may be given as bytes."""
    body = event if isinstance(event, bytes) else body_of(event)
    signed = {"Stripe-Signature": signature_header(body, secret, timestamp), **headers}
    return browser.post("/webhooks/stripe", data=body, headers=signed, bare=True)


def main(html: str) -> str:
    """The words of a page's main part."""
    return parse(html).one("main").words


def at_stripe(purchase_url: str, act: str) -> str:
    """Do this on the hosted page as a browser would; our own address that it leads back to."""
    answer = httpx.post(purchase_url, data={"act": act}, timeout=TIMEOUT_S, verify=authorities())
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}".rstrip("?")
