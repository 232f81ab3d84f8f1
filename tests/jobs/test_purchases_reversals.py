"""Refunds and disputes at Stripe, heard of in any order, before and after spending."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from fluxgen import credits
from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.jobs import purchases as jobs
from fluxgen.jobs.purchases import check
from fluxgen.models import Account, Entry, Kind, Purchase
from fluxgen.sandbox import Sandbox
from fluxgen.sandbox.stripe import StripeSandbox
from tests.support.buying import begun, bought, fresh, held, numbers, payment, spend
from tests.support.races import at_once

pytestmark = pytest.mark.both_databases

Act = Callable[[StripeSandbox, str], object]


def books_hold(account: Account) -> None:
    assert credits.verify(account) is None
    assert credits.reconcile() == []


def disputed(won: bool | None, amount: int | None = None) -> Act:
    def act(stripe: StripeSandbox, payment_id: str) -> None:
        dispute_id = stripe.dispute(payment_id, amount)
        if won is not None:
            stripe.close_dispute(dispute_id, won=won)

    return act


def refund_that_fails_later(stripe: StripeSandbox, payment_id: str) -> None:
    stripe.settle_refund(stripe.refund(payment_id), "failed")


ENDINGS: dict[str, tuple[Act, tuple[int, int, int], tuple[int, int, int]]] = {
    "full refund": (lambda s, p: s.refund(p), (0, 0, 0), (0, 0, 700)),
    "partial refund": (lambda s, p: s.refund(p, 450), (750, 0, 0), (50, 0, 0)),
    "failing refund": (lambda s, p: s.refund(p, fails=True), (1000, 0, 0), (300, 0, 0)),
    "refund that fails later": (refund_that_fails_later, (1000, 0, 0), (300, 0, 0)),
    "dispute": (disputed(None), (0, 0, 0), (0, 0, 700)),
    "partial dispute": (disputed(None, 900), (500, 0, 0), (0, 0, 200)),
    "won dispute": (disputed(True), (1000, 0, 0), (300, 0, 0)),
    "lost dispute": (disputed(False), (0, 0, 0), (0, 0, 700)),
    "inquiry": (lambda s, p: s.dispute(p, inquiry=True), (1000, 0, 0), (300, 0, 0)),
}
every_ending = pytest.mark.parametrize(("act", "unspent", "spent"), ENDINGS.values(), ids=ENDINGS)


@every_ending
def test_before_anything_is_spent(
    sandbox: Sandbox,
    bob: Account,
    act: Act,
    unspent: tuple[int, int, int],
    spent: tuple[int, int, int],
) -> None:
    purchase = bought(sandbox, bob)
    act(sandbox.stripe, payment(purchase))
    for _ in range(2):
        check(purchase.id)
        assert numbers(bob) == unspent
    books_hold(bob)


@every_ending
def test_after_700_of_1000_are_spent(
    sandbox: Sandbox,
    bob: Account,
    act: Act,
    unspent: tuple[int, int, int],
    spent: tuple[int, int, int],
) -> None:
    purchase = bought(sandbox, bob)
    spend(bob, 700)
    act(sandbox.stripe, payment(purchase))
    for _ in range(2):
        check(purchase.id)
        assert numbers(bob) == spent
    books_hold(bob)


def test_refunded_before_we_heard_that_it_was_paid(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    sandbox.stripe.refund(sandbox.stripe.pay(str(purchase.session_id)))
    check(purchase.id)
    assert numbers(bob) == (0, 0, 0)
    assert [entry.kind for entry in credits.every(bob)] == [Kind.BUY, Kind.REVERSE]


def test_a_debt_blocks_holds_until_the_next_purchase_repays_it(
    sandbox: Sandbox, bob: Account
) -> None:
    first = bought(sandbox, bob)
    spend(bob, 900)
    sandbox.stripe.dispute(payment(first))
    check(first.id)
    assert numbers(bob) == (0, 0, 900)
    with pytest.raises(InsufficientCredits):
        held(bob, 1)
    bought(sandbox, bob, "small")
    assert numbers(bob) == (0, 0, 650)
    bought(sandbox, bob)
    assert numbers(bob) == (350, 0, 0)
    held(bob, 350)
    assert credits.verify(bob) is None


def test_a_dispute_won_after_the_debt_was_repaid_gives_it_all_back(
    sandbox: Sandbox, bob: Account
) -> None:
    first = bought(sandbox, bob)
    spend(bob, 900)
    dispute_id = sandbox.stripe.dispute(payment(first))
    check(first.id)
    bought(sandbox, bob)
    assert numbers(bob) == (100, 0, 0)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(first.id)
    assert numbers(bob) == (1100, 0, 0)
    books_hold(bob)


def test_a_refund_and_a_dispute_of_one_payment_take_it_once(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase))
    dispute_id = sandbox.stripe.dispute(payment(purchase))
    check(purchase.id)
    assert numbers(bob) == (0, 0, 0)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(purchase.id)
    assert numbers(bob) == (0, 0, 0)  # the refund stands
    assert fresh(purchase).reversed_minor == 1800
    books_hold(bob)


def things_that_happen(stripe: StripeSandbox, payment_id: str) -> list[Callable[[], object]]:
    """A life of trouble; what is left taken in the end: 300 refunded, 500 in a lost dispute."""
    ids: dict[str, str] = {}

    def note(name: str, made: str) -> None:
        ids[name] = made

    return [
        lambda: note("refund", stripe.refund(payment_id, 600)),
        lambda: stripe.refund(payment_id, 300),
        lambda: note("dispute", stripe.dispute(payment_id, 900)),
        lambda: stripe.settle_refund(ids["refund"], "failed"),
        lambda: stripe.close_dispute(ids["dispute"], won=True),
        lambda: stripe.close_dispute(stripe.dispute(payment_id, 500), won=False),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_however_seldom_we_look_the_end_is_the_same(
    sandbox: Sandbox, bob: Account, seed: int
) -> None:
    chance = random.Random(seed)
    purchase = bought(sandbox, bob)
    for happens in things_that_happen(sandbox.stripe, payment(purchase)):
        happens()
        if chance.random() < 0.5:
            check(purchase.id)
        if chance.random() < 0.3 and numbers(bob)[0] >= 50:
            spend(bob, 50)
    check(purchase.id)
    spent = -sum(entry.held_delta for entry in Entry.select().where(Entry.kind == Kind.CAPTURE))
    available, _, owed = numbers(bob)
    assert available - owed == 1000 * (1800 - 800) // 1800 + 1 - spent
    books_hold(bob)


def test_of_six_who_hear_of_a_refund_at_once_one_books(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 900)
    assert at_once(6, lambda _: check(purchase.id)) == [None] * 6
    assert numbers(bob) == (500, 0, 0)
    assert Entry.select().where(Entry.kind == Kind.REVERSE).count() == 1
    books_hold(bob)


def test_a_statement_line_says_what_took_it_back(sandbox: Sandbox, bob: Account) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.refund(payment(purchase), 900)
    dispute_id = sandbox.stripe.dispute(payment(purchase), 900)
    check(purchase.id)
    sandbox.stripe.close_dispute(dispute_id, won=True)
    check(purchase.id)
    reasons = [(entry.kind, entry.reason) for entry in credits.every(bob)][1:]
    assert reasons == [(Kind.REVERSE, "dispute and refund"), (Kind.RESTORE, "refund")]


def test_what_is_not_paid_is_not_refunded(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    with pytest.raises(Refused):
        jobs.refund(purchase, 1800, 1000)
    assert Purchase.get().reversed_minor == 0
