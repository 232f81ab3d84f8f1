"""A storm of webhooks: repeated, out of order, forged and stale; each purchase is granted once."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pytest
from flask import Flask

from fluxgen import adapters, clock, credits, purchases
from fluxgen.adapters.payments import Bill
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.purchases import check, differences
from fluxgen.models import Account, Entry, HeardWebhook, Kind, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import SANDBOX_STRIPE_WEBHOOK_SECRET, signature_header
from fluxgen.sandbox.stripe_webhooks import FORGED_SECRET, body_of
from fluxgen.settings import Settings
from tests.races.crowd import in_processes, in_threads, plain_client
from tests.support import cast

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(600)]

PURCHASES, EVENTS = 500, 10_000
EACH_BUYS = purchases.SESSIONS_PER_HOUR
FORGED = 2_000
"""As many are stale."""
REPEATED = EVENTS - 2 * FORGED
EACH_TELLS = 4
LATE = 40
SENDERS, WORKERS = 6, 2
LOOKS_MAX, ROUND = 20_000, 20
STALE_S = 301
BREATH_S = 1.0


@dataclass(frozen=True)
class Delivery:
    """A body on its way, how it is signed, and how old its signature is (seconds)."""

    body: bytes
    secret: str = SANDBOX_STRIPE_WEBHOOK_SECRET
    age_s: int = 0

    @property
    def expected(self) -> int:
        is_genuine = self.secret == SANDBOX_STRIPE_WEBHOOK_SECRET and self.age_s < STALE_S
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


def begun(count: int) -> list[Purchase]:
    """Purchases with open sessions, five a person."""
    bell.redis().flushdb()
    rows = []
    for number in range(count):
        if number % EACH_BUYS == 0:
            account = cast.penniless(f"buyer{number}")
        rows.append(_opened(account))
    return rows


def _opened(account: Account) -> Purchase:
    purchase = purchases.begin(account, "small", consented=True)
    bill = Bill(
        reference=purchase.public_id,
        attempt=1,
        pack=purchase.pack,
        title="250 credits",
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        return_url="https://fluxgen.test/back",
        cancel_url="https://fluxgen.test/back",
        expires_at=clock.after(3600),
    )
    purchases.opened(purchase, adapters.current().payments.start(bill).session_id)
    return purchase


def storm(events: list[dict[str, Any]]) -> list[Delivery]:
    """Every event at least once, and repeats, forgeries and stale ones, out of order: each is up
    to `LATE` purchases late."""
    chance = random.Random(7)
    genuine = [Delivery(body_of(event)) for event in events]
    places = [*range(len(events)), *chance.choices(range(len(events)), k=REPEATED - len(events))]
    sent = [(place / EACH_TELLS + chance.uniform(0, LATE), genuine[place]) for place in places]
    for number in range(FORGED):
        fake = _renamed(chance, events, f"evt_forged_{number}", FORGED_SECRET, 0)
        old = _renamed(
            chance, events, f"evt_stale_{number}", SANDBOX_STRIPE_WEBHOOK_SECRET, STALE_S
        )
        sent += [(chance.uniform(0, PURCHASES), one) for one in (fake, old)]
    return [delivery for _, delivery in sorted(sent, key=itemgetter(0))]


def _renamed(
    chance: random.Random, events: list[dict[str, Any]], name: str, secret: str, age_s: int
) -> Delivery:
    return Delivery(body_of({**chance.choice(events), "id": name}), secret, age_s)


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
    balances = {(one.available, one.held, one.owed) for one in Account.select()}
    assert balances == {(250 * EACH_BUYS, 0, 0)}
    assert credits.reconcile() == differences() == []


def test_10_000_events_about_500_purchases_grant_each_once(app: Flask, sandbox: Sandbox) -> None:
    rows = begun(PURCHASES)
    for row in rows:
        sandbox.stripe.pay(str(row.session_id))
    sent = storm(sandbox.stripe.events)
    assert len(sent) == EVENTS

    def send(app: Flask, number: int) -> int:
        answer = sent[number].send(app)
        return 0 if answer == sent[number].expected else answer

    with workers(WORKERS):
        answers = in_threads(app, SENDERS, send, range(EVENTS))
    assert answers == Counter({0: EVENTS})
    each_is_granted_once(rows)
    heard = {row.event_id for row in HeardWebhook.select()}
    assert heard == {event["id"] for event in sandbox.stripe.events}


def look(app: Flask, purchase_id: int) -> int:
    """A check, as a worker takes it."""
    with database.connection_context():
        check(purchase_id)
    return 0


@pytest.mark.usefixtures("app")
def test_4_processes_that_look_at_the_same_purchases_grant_each_once(
    settings: Settings, sandbox: Sandbox
) -> None:
    rows = begun(20)
    for row in rows:
        sandbox.stripe.pay(str(row.session_id))
    everybody_looks = [row.id for row in rows for _ in range(4)]
    assert in_processes(settings, 4, look, everybody_looks) == {0: 80}
    each_is_granted_once(rows)
