"""What is stored of a payment: ids, amounts, states and times; of the person who paid, nothing.

The sandbox's payer has a marked name, address, mail, phone and card, in every object and event.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from fluxgen import logs
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.payments import hear_what_was_missed
from fluxgen.models import TABLES, Account, HeardWebhook, Purchase
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe_people import MARKED_DIGITS, MARKS
from tests.support.buying import begun, order, payment, tell
from tests.support.making import Visit
from tests.support.workers import Workers

pytestmark = pytest.mark.both_databases

SECRETS = (*MARKS, "secret_marked")
DIGITS = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(MARKED_DIGITS)})(?![0-9A-Za-z])")
MAY_BE_KEPT = {
    "id",
    "public_id",
    "account",
    "pack",
    "credits",
    "amount_minor",
    "currency",
    "status",
    "attempt",
    "session_id",
    "payment_id",
    "declines",
    "declined_at",
    "refunding_minor",
    "asked_at",
    "reversed_minor",
    "reversed_credits",
    "corrections",
    "due_at",
    "consented_at",
    "created_at",
    "paid_at",
}


@pytest.fixture
def stderr(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that the process says, from here on."""
    said = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", said)
        logs.configure(level=logging.DEBUG)
        yield said
    logs.configure()


def everything_happens(visit: Visit, sandbox: Sandbox, bob: Account, workers: Workers) -> None:
    """Declined, paid, refunded, disputed and won; another by a delayed payment that fails. All
    of it told by webhooks, genuine and forged, heard again by the poll, and shown on pages."""
    browser, stripe = visit(bob), sandbox.stripe
    first, second = order(browser), begun(bob)
    stripe.decline(str(first.session_id))
    paid = stripe.pay(str(first.session_id))
    stripe.refund(paid, 500)
    stripe.refund(paid, 100, fails=True)
    stripe.close_dispute(stripe.dispute(paid, 900), won=True)
    stripe.pay_later(str(second.session_id))
    stripe.settle_later(str(second.session_id), ok=False)
    for event in stripe.events:
        assert tell(visit(None), event, secret="whsec_forged").status_code == 401
        assert tell(visit(None), event).status_code == 204
    workers.step()
    hear_what_was_missed()
    for address in (f"/purchases/{first.public_id}?cancelled=1", "/credits", "/credits.csv"):
        assert browser.get(address).status_code == 200


def rows() -> str:
    """Every value of every table, as the database has it."""
    names = [table._meta.table_name for table in TABLES]
    found = [list(database.execute_sql(f'SELECT * FROM "{name}"')) for name in names]
    return json.dumps(found, default=str, ensure_ascii=False)


def in_redis() -> bytes:
    redis = bell.redis()
    return b"".join(redis.dump(key) or b"" for key in redis.scan_iter())


def test_the_payer_reaches_no_store_and_no_log(
    visit: Visit,
    sandbox: Sandbox,
    bob: Account,
    workers: Workers,
    tmp_path: Path,
    stderr: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bell.redis().flushdb()
    everything_happens(visit, sandbox, bob, workers)
    told = json.dumps(sandbox.stripe.events)
    purchase = Purchase.select().order_by(Purchase.id).first()
    assert [mark for mark in SECRETS if mark not in told] == []  # Stripe did say all of it
    table_text = rows()
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    logged = stderr.getvalue() + caplog.text
    assert payment(purchase) in table_text  # the scan can find something
    assert HeardWebhook.select().count() == len(sandbox.stripe.events)
    assert "/webhooks/stripe" in logged
    for kept in (table_text.encode(), files, in_redis(), logged.encode()):
        assert [mark for mark in SECRETS if mark.encode() in kept] == []
    assert DIGITS.findall(table_text) == DIGITS.findall(logged) == []


def test_a_purchase_has_no_room_for_anything_else() -> None:
    assert {field.name for field in Purchase._meta.sorted_fields} == MAY_BE_KEPT


def test_a_heard_webhook_is_an_id_and_a_moment() -> None:
    kept = {field.name for field in HeardWebhook._meta.sorted_fields}
    assert kept == {"id", "event_id", "heard_at"}
