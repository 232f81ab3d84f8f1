"""Refunds and disputes, whatever their order, before and after the credits were spent."""

from __future__ import annotations

from itertools import permutations

import pytest

from fluxgen import credits, purchases
from fluxgen.errors import InsufficientCredits
from fluxgen.models import Account, Entry, Kind, Purchase
from tests.support.buying import fresh, held, numbers, spend, taken
from tests.support.buying import granted as bought
from tests.support.races import at_once

pytestmark = pytest.mark.both_databases


def kinds(account: Account) -> list[Kind]:
    return [entry.kind for entry in credits.every(account)]


def books_hold(account: Account) -> None:
    assert credits.verify(account) is None
    assert credits.reconcile() == []


def test_a_full_refund_takes_everything(bob: Account) -> None:
    purchase = bought(bob)
    taken(purchase, 1800)
    assert numbers(bob) == (0, 0, 0)
    assert (fresh(purchase).reversed_minor, fresh(purchase).reversed_credits) == (1800, 1000)
    books_hold(bob)


@pytest.mark.parametrize(("minor", "left"), [(900, 500), (1, 1000), (2, 999), (1799, 1), (1800, 0)])
def test_a_partial_refund_takes_its_share(bob: Account, minor: int, left: int) -> None:
    taken(bought(bob), minor)
    assert numbers(bob) == (left, 0, 0)
    books_hold(bob)


def test_more_than_was_paid_takes_no_more_than_was_bought(bob: Account) -> None:
    spend_first = bought(bob)
    bought(bob, "small")
    taken(spend_first, 3600)  # a refund of a payment that is disputed, too
    assert numbers(bob) == (250, 0, 0)


def test_what_is_spent_already_is_owed(bob: Account) -> None:
    purchase = bought(bob)
    spend(bob, 700)
    taken(purchase, 1800)
    assert numbers(bob) == (0, 0, 700)
    books_hold(bob)


def test_held_credits_are_not_taken_but_owed(bob: Account) -> None:
    purchase = bought(bob)
    generation = held(bob, 400)
    taken(purchase, 1800)
    assert numbers(bob) == (0, 400, 400)
    credits.release(generation, "failed")
    assert numbers(bob) == (0, 0, 0)
    assert credits.verify(bob) is None


def test_nothing_new_is_held_while_something_is_owed(bob: Account) -> None:
    purchase = bought(bob)
    spend(bob, 1)
    taken(purchase, 1800)
    with pytest.raises(InsufficientCredits) as refused:
        held(bob, 1)
    assert refused.value.missing == 2
    assert "You owe 1 credit," in refused.value.words
    assert numbers(bob) == (0, 0, 1)


def test_the_next_purchase_repays_first(bob: Account) -> None:
    purchase = bought(bob)
    spend(bob, 600)
    taken(purchase, 1800)
    bought(bob, "small")
    assert numbers(bob) == (0, 0, 350)
    bought(bob)
    assert numbers(bob) == (650, 0, 0)
    held(bob, 650)
    assert credits.verify(bob) is None


def test_a_grant_repays_as_well(bob: Account) -> None:
    purchase = bought(bob)
    spend(bob, 100)
    taken(purchase, 1800)
    credits.grant(bob, 130, "sorry", "sorry")
    assert numbers(bob) == (30, 0, 0)


def test_a_won_dispute_gives_everything_back(bob: Account) -> None:
    purchase = bought(bob)
    spend(bob, 700)
    taken(purchase, 1800)
    taken(purchase, 0)
    assert numbers(bob) == (300, 0, 0)
    assert kinds(bob)[-2:] == [Kind.REVERSE, Kind.RESTORE]
    books_hold(bob)


def test_a_failed_refund_restores_its_share_only(bob: Account) -> None:
    purchase = bought(bob)
    for now in (900, 1350, 450):
        taken(purchase, now)
    assert numbers(bob) == (750, 0, 0)
    assert fresh(purchase).corrections == 3
    books_hold(bob)


@pytest.mark.parametrize("order", list(permutations([0, 600, 1800])), ids=str)
def test_any_order_of_news_ends_the_same(bob: Account, order: tuple[int, ...]) -> None:
    purchase = bought(bob)
    spend(bob, 500)
    for now in (*order, 900):
        taken(purchase, now)
    assert numbers(bob) == (0, 0, 0)
    books_hold(bob)


def test_the_same_news_twice_move_nothing(bob: Account) -> None:
    purchase = bought(bob)
    taken(purchase, 900)
    assert not purchases.correct(fresh(purchase), 900, "refund")
    assert purchases.correct(purchase, 900, "refund")  # a row read long ago: look once more
    assert Entry.select().where(Entry.kind == Kind.REVERSE).count() == 1


def test_of_ten_who_correct_at_once_one_books(bob: Account) -> None:
    purchase = bought(bob)
    outcomes = at_once(
        10, lambda _: purchases.correct(Purchase.get_by_id(purchase.id), 900, "refund")
    )
    assert not [one for one in outcomes if isinstance(one, BaseException)]
    assert numbers(bob) == (500, 0, 0)
    books_hold(bob)


def test_what_was_never_paid_cannot_be_taken_back(bob: Account) -> None:
    purchase = purchases.begin(bob, "usual", consented=True)
    assert not purchases.correct(purchase, 1800, "refund")
    assert numbers(bob) == (0, 0, 0)


def test_two_purchases_are_corrected_each_for_itself(bob: Account) -> None:
    first, second = bought(bob, "small"), bought(bob)
    taken(second, 1800)
    taken(first, 250)
    assert numbers(bob) == (125, 0, 0)
    assert (fresh(first).reversed_credits, fresh(second).reversed_credits) == (125, 1000)
