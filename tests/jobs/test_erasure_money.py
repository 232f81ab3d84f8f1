"""What an erasure leaves of payments: books without a person, money that still moves, and their end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask

from fluxgen import clock, credits, db, privacy
from fluxgen.jobs import sweep as sweeps
from fluxgen.jobs.payments import LATE_S, differences
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Purchase, Scope
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, payment
from tests.support.erasing import carried_out, erased, planned
from tests.support.workers import pass_time

DAY_S = 24 * 3600


def test_a_refund_that_comes_later_is_booked_without_a_person(
    sandbox: Sandbox, alice: Account
) -> None:
    purchase = bought(sandbox, alice)
    erased(alice)
    sandbox.stripe.refund(payment(purchase), 900)
    pass_time(400)
    sweeps.poll()
    check(purchase.id)
    left = Account.get()
    assert Purchase.get().reversed_minor == 900
    assert left.available == 100 + 1000 - 500
    assert credits.reconcile() == [] and credits.verify(left) is None


@pytest.mark.both_databases
def test_a_payment_that_arrives_after_the_erasure_goes_back(
    sandbox: Sandbox, alice: Account
) -> None:
    purchase = begun(alice)
    sandbox.stripe.pay_later(str(purchase.session_id))
    check(purchase.id)
    assert privacy.outlook(alice, Scope.ACCOUNT).payments_under_way == 1
    erased(alice)
    assert differences() == []
    sandbox.stripe.settle_later(str(purchase.session_id))
    check(purchase.id)
    assert Purchase.get().reversed_minor == purchase.amount_minor
    pass_time(LATE_S + 1)
    assert differences() == [] and credits.reconcile() == []


@pytest.mark.both_databases
def test_what_is_paid_while_an_erasure_is_under_way_goes_back(
    sandbox: Sandbox, alice: Account
) -> None:
    kept, by_card, by_bank = bought(sandbox, alice), begun(alice, "large"), begun(alice)
    sandbox.stripe.pay_later(str(by_bank.session_id))
    check(by_bank.id)
    erasure = planned(alice)
    sandbox.stripe.pay(str(by_card.session_id))  # after the press, before a worker has it
    taken = privacy.claim(erasure.id)
    assert taken is not None
    privacy.begin(taken)
    sandbox.stripe.settle_later(str(by_bank.session_id))
    check(by_bank.id)
    privacy.put_back(taken, 0)
    carried_out(erasure)
    for late in (by_card, by_bank):
        assert fresh(late).reversed_minor == late.amount_minor
    assert fresh(kept).reversed_minor == 0
    pass_time(LATE_S + 1)
    assert differences() == [] and credits.reconcile() == []


@pytest.mark.parametrize("is_begun", [True, False], ids=["under way", "only asked for"])
def test_what_stripe_would_not_send_back_is_an_operators_to_refund(
    sandbox: Sandbox, alice: Account, app: Flask, is_begun: bool
) -> None:
    purchase = begun(alice)
    erasure = planned(alice)
    if not is_begun:
        sandbox.stripe.pay(str(purchase.session_id))
        pass_time(60)  # until a worker has it
    taken = privacy.claim(erasure.id)
    assert taken is not None
    privacy.begin(taken)
    if is_begun:
        sandbox.stripe.pay(str(purchase.session_id))
    sandbox.stripe.faults.change({"refund_fail": 1})
    check(purchase.id)
    check(purchase.id)  # which does not try it again and again
    privacy.put_back(taken, 0)
    carried_out(erasure)
    assert fresh(purchase).reversed_minor == 0
    pass_time(LATE_S + 1)
    (late,) = differences()
    assert late.what == f"paid after the erasure, refund it: {purchase.public_id}"
    words = ["credits", "refund", purchase.public_id, "--reason", "paid too late"]
    answer = app.test_cli_runner().invoke(args=words)
    assert answer.exit_code == 0, answer.output
    assert fresh(purchase).reversed_minor == purchase.amount_minor
    pass_time(LATE_S + 1)
    assert differences() == [] and credits.reconcile() == []


def test_books_with_a_payment_go_when_their_time_is_over(sandbox: Sandbox, alice: Account) -> None:
    bought(sandbox, alice)
    kept = json.loads(str(erased(alice).certificate))["kept"]
    assert (kept["payments"], kept["movements_of_credits"]) == (1, Entry.select().count())
    year = clock.now().year
    pass_time((datetime(year + 10, 12, 31, 12, tzinfo=UTC) - clock.now()).total_seconds())
    sweeps.tidy()
    assert Entry.select().count() > 0
    pass_time(DAY_S)
    sweeps.tidy()
    assert Entry.select().count() == Purchase.select().count() == Account.select().count() == 0
    assert credits.reconcile() == []


def test_books_go_in_the_year_that_the_certificate_says_however_late_the_erasure(
    sandbox: Sandbox, alice: Account
) -> None:
    bought(sandbox, alice)
    year = clock.now().year
    pass_time((datetime(year + 9, 6, 1, tzinfo=UTC) - clock.now()).total_seconds())
    assert f"{year + 10}-12-31" in str(erased(alice).certificate)
    pass_time((datetime(year + 11, 1, 1, 12, tzinfo=UTC) - clock.now()).total_seconds())
    sweeps.tidy()
    assert Purchase.select().count() == Account.select().count() == 0


def test_the_books_of_the_living_stay_however_old(sandbox: Sandbox, alice: Account) -> None:
    bought(sandbox, alice)
    pass_time(12 * 366 * DAY_S)
    sweeps.tidy()
    assert Purchase.select().count() == 1
    with pytest.raises(Exception, match="entries are never"), db.transaction():
        Entry.delete().execute()
