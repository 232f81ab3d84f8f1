"""A storm of webhooks: repeated, out of order, forged and stale; each purchase is granted once."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from fluxgen import credits, purchases
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.payments import LATE_S, differences
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, HeardWebhook, Kind, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import SANDBOX_STRIPE_WEBHOOK_SECRET, StripeSandbox, signature_header
from fluxgen.sandbox.stripe_events import TOLD_KINDS
from fluxgen.sandbox.stripe_webhooks import FORGED_SECRET, body_of
from fluxgen.settings import Settings
from tests.races.crowd import in_processes, in_threads, plain_client
from tests.support import cast
from tests.support.workers import pass_time

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(600)]

PURCHASES, EVENTS = 500, 10_000
FIRST = 8_000
"""So many tell of payments, refunds and disputes; the rest, of what became of them. In each part a
fifth is forged and a fifth stale, and the others repeat each other."""
EACH_BUYS = purchases.SESSIONS_PER_HOUR
PRICE, PART = 500, 200
OURS = SANDBOX_STRIPE_WEBHOOK_SECRET
EACH_TELLS = 2
LATE = 40
SENDERS, WORKERS = 6, 2
LOOKS_MAX, ROUND = 20_000, 20
STALE_S = 301
BREATH_S = 1.0


@dataclass(frozen=True)
class Delivery:
    """A body on its way, how it is signed, and how old its signature is (seconds)."""

    body: bytes
    secret: str = OURS
    age_s: int = 0

    @property
    def expected(self) -> int:
        is_genuine = self.secret == OURS and self.age_s < STALE_S
        return 204 if is_genuine else 401

    def send(self, app: Flask) -> int:
        signature = signature_header(self.body, self.secret, int(time.time()) - self.age_s)
        headers = {"Stripe-Signature": signature}
        return (
            plain_client(app).post("/webhooks/stripe", data=self.body, headers=headers).status_code
        )


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Ten thousand lines of log help nobody."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)


def begun(sandbox: Sandbox, count: int) -> list[Purchase]:
    """Purchases with open sessions, five a person."""
    bell.redis().flushdb()
    shop = Client(sandbox.stripe)
    rows = []
    for number in range(count):
        if number % EACH_BUYS == 0:
            account = cast.penniless(f"buyer{number}")
        rows.append(_opened(shop, account))
    return rows


def _opened(shop: Client, account: Account) -> Purchase:
    """Its session is made in the sandbox's own process: five hundred requests take seconds."""
    purchase = purchases.begin(account, "small", consented=True)
    form = {
        "mode": "payment",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": purchase.currency,
        "line_items[0][price_data][unit_amount]": str(purchase.amount_minor),
        "line_items[0][price_data][product_data][name]": "250 credits",
        "client_reference_id": purchase.public_id,
        "metadata[purchase]": purchase.public_id,
        "metadata[pack]": purchase.pack,
        "payment_intent_data[metadata][purchase]": purchase.public_id,
        "success_url": "https://fluxgen.test/back",
    }
    key = {"Authorization": "Bearer sk_test_sandbox"}
    made = shop.post("/v1/checkout/sessions", data=form, headers=key).json
    assert made is not None
    purchases.opened(purchase, made["id"])
    return purchase


@dataclass
class Trouble:
    """What happens to the money of one purchase; in the end `reversed_minor` of it is gone."""

    stripe: StripeSandbox
    session_id: str
    number: int
    reversed_minor: int = 0
    decided: Callable[[], object] | None = None

    def begin(self) -> None:
        """A refused card before one in five is paid; refunds and disputes of three in ten."""
        if self.number % 5 == 0:
            self.stripe.decline(self.session_id)
        paid = self.stripe.pay(self.session_id)
        match self.number % 10:
            case 1:
                self.reversed_minor = PART
                self.stripe.refund(paid, PART)
            case 2:
                refund = self.stripe.refund(paid)
                self.decided = lambda: self.stripe.settle_refund(refund, "failed")
            case 3:
                self.reversed_minor = PRICE if self.number % 20 == 3 else 0
                dispute, won = self.stripe.dispute(paid), not self.reversed_minor
                self.decided = lambda: self.stripe.close_dispute(dispute, won=won)

    def end(self) -> None:
        """Refunds fail at last, disputes are won and lost."""
        if self.decided is not None:
            self.decided()


class Storm:
    """Events on their way: every one at least once, and repeats, forgeries and stale ones, out of
    order: each is up to `LATE` purchases late."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.sent = 0

    def of(self, events: list[dict[str, Any]], number: int) -> list[Delivery]:
        """So many deliveries of these events."""
        names = [event["id"] for event in events]
        bodies = [body_of(event) for event in events]
        fakes = number // 5
        repeats = number - 2 * fakes - len(events)
        places = [*range(len(events)), *self.chance.choices(range(len(events)), k=repeats)]
        spread = len(events) / EACH_TELLS
        sent = [
            (place / EACH_TELLS + self.chance.uniform(0, LATE), Delivery(bodies[place]))
            for place in places
        ]
        for _ in range(fakes):
            self.sent += 1
            for kind, secret, age_s in (("forged", FORGED_SECRET, 0), ("stale", OURS, STALE_S)):
                place = self.chance.randrange(len(events))
                name = f"evt_{kind}_{self.sent}"
                body = bodies[place].replace(names[place].encode(), name.encode())
                sent.append((self.chance.uniform(0, spread), Delivery(body, secret, age_s)))
        return [delivery for _, delivery in sorted(sent, key=itemgetter(0))]


@contextmanager
def workers(count: int) -> Iterator[None]:
    """Threads that look at what is due, all at the same rows; in the end nothing is."""
    is_over = threading.Event()

    def work(chance: random.Random) -> None:
        with database.connection_context():
            for _ in range(LOOKS_MAX):
                due = purchases.due()
                if not due and is_over.is_set():
                    return
                for purchase_id in chance.sample(due, min(len(due), ROUND)):
                    check(purchase_id)
                if len(due) <= ROUND:
                    is_over.wait(BREATH_S)

    threads = [
        threading.Thread(target=work, args=[random.Random(number)]) for number in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def each_is_granted_once(rows: list[Purchase]) -> None:
    assert {row.status for row in Purchase.select()} == {PurchaseStatus.PAID}
    bought = [str(entry.purchase) for entry in Entry.select().where(Entry.kind == Kind.BUY)]
    assert sorted(bought) == sorted(row.public_id for row in rows)
    assert {row.owed for row in Account.select()} == {0}
    pass_time(LATE_S + 1)  # until then everything is still under way
    assert credits.reconcile() == differences() == []


def the_money_is_exact(rows: list[Purchase], troubles: list[Trouble]) -> None:
    """Each purchase has lost just what Stripe has taken, and each account has the rest."""
    lost = {row.id: row.reversed_minor for row in Purchase.select()}
    assert lost == {row.id: each.reversed_minor for row, each in zip(rows, troubles, strict=True)}
    left: Counter[int] = Counter()
    for row in rows:
        left[row.account_id] += row.credits - row.credits * lost[row.id] // row.amount_minor
    assert {one.id: one.available for one in Account.select()} == left
    declines = [row.declines for row in Purchase.select().order_by(Purchase.id)]
    assert declines == [int(number % 5 == 0) for number in range(len(rows))]


def test_10_000_events_about_500_purchases_grant_each_once(app: Flask, sandbox: Sandbox) -> None:
    rows, storm = begun(sandbox, PURCHASES), Storm()
    troubles = [
        Trouble(sandbox.stripe, str(row.session_id), number) for number, row in enumerate(rows)
    ]
    heard: set[str] = set()

    def blow(number: int) -> None:
        """All that has happened since the last time, in so many deliveries."""
        told = [one for one in sandbox.stripe.events if one["type"] in TOLD_KINDS]
        sent = storm.of([one for one in told if one["id"] not in heard], number)
        heard.update(one["id"] for one in told)

        def send(app: Flask, place: int) -> int:
            answer = sent[place].send(app)
            return 0 if answer == sent[place].expected else answer

        with workers(WORKERS):
            assert in_threads(app, SENDERS, send, range(len(sent))) == {0: number}

    for trouble in troubles:
        trouble.begin()
    blow(FIRST)
    for trouble in troubles:
        trouble.end()
    blow(EVENTS - FIRST)
    assert {row.event_id for row in HeardWebhook.select()} == heard
    each_is_granted_once(rows)
    the_money_is_exact(rows, troubles)


def look(app: Flask, purchase_id: int) -> int:
    """A check, as a worker takes it."""
    with database.connection_context():
        check(purchase_id)
    return 0


@pytest.mark.usefixtures("app")
def test_4_processes_that_look_at_the_same_purchases_grant_each_once(
    settings: Settings, sandbox: Sandbox
) -> None:
    rows = begun(sandbox, 20)
    for row in rows:
        sandbox.stripe.pay(str(row.session_id))
    everybody_looks = [row.id for row in rows for _ in range(4)]
    assert in_processes(settings, 4, look, everybody_looks) == {0: 80}
    each_is_granted_once(rows)
