"""What of bought credits can be sent back, and how it is set aside until Stripe has answered."""

from __future__ import annotations

import pytest

from fluxgen import credits, purchases
from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.models import Account, Purchase
from tests.support.buying import fresh, granted, held, numbers, spend, taken
from tests.support.races import at_once

pytestmark = pytest.mark.both_databases


def left(account: Account) -> list[tuple[int, int]]:
    """Of each purchase that has some, the unspent credits and what they cost."""
    return [(number, amount) for _, number, amount in purchases.refundable(account)]


def books_hold(account: Account) -> None:
    assert credits.verify(account) is None
    assert credits.reconcile() == []


# What is unspent


def test_the_oldest_pack_is_spent_first(bob: Account) -> None:
    _first, second = granted(bob, "small"), granted(bob)
    spend(bob, 100)
    assert left(bob) == [(150, 300), (1000, 1800)]
    spend(bob, 650)
    assert purchases.refundable(bob) == [(second, 500, 900)]
    assert purchases.refundable_of(second) == [(second, 500, 900)]


def test_given_credits_are_spent_first_and_never_sent_back(bob: Account) -> None:
    credits.grant(bob, 100, "welcome", "welcome")
    granted(bob, "small")
    assert left(bob) == [(250, 500)]
    spend(bob, 90)
    assert left(bob) == [(250, 500)]
    spend(bob, 60)
    assert left(bob) == [(200, 400)]
    spend(bob, 200)
    assert left(bob) == []


def test_credits_given_for_spent_ones_do_not_become_money(bob: Account) -> None:
    granted(bob, "small")
    spend(bob, 250)
    credits.grant(bob, 250, "sorry", "sorry")
    assert (numbers(bob), left(bob)) == ((250, 0, 0), [])


def test_given_credits_that_repay_a_debt_do_not_become_money(bob: Account) -> None:
    purchase = granted(bob, "small")
    spend(bob, 250)
    taken(purchase, 500)
    credits.grant(bob, 250, "sorry", "sorry")
    assert (numbers(bob), left(bob)) == ((0, 0, 0), [])
    taken(purchase, 0)  # the dispute is won: what the grant repaid is a grant again
    assert (numbers(bob), left(bob)) == ((250, 0, 0), [])


def test_a_pack_that_repaid_the_debt_of_another_has_its_credits_back_with_it(bob: Account) -> None:
    first = granted(bob, "small")
    spend(bob, 250)
    taken(first, 500)
    second = granted(bob, "small")
    assert (numbers(bob), left(bob)) == ((0, 0, 0), [])
    taken(first, 0)
    assert (numbers(bob)[0], purchases.refundable(bob)) == (250, [(second, 250, 500)])


def test_neither_spent_nor_held_credits_go_back(bob: Account) -> None:
    granted(bob, "small")
    spend(bob, 100)
    held(bob, 100)
    assert left(bob) == [(50, 100)]
    rest = held(bob, 50)
    assert left(bob) == []
    credits.release(rest, "failed")
    assert left(bob) == [(50, 100)]


def test_what_a_release_gives_back_goes_where_it_was_taken_from(bob: Account) -> None:
    credits.grant(bob, 30, "welcome", "welcome")
    granted(bob, "small")
    generation = held(bob, 100)
    credits.grant(bob, 50, "sorry", "sorry")
    assert left(bob) == [(180, 360)]
    credits.capture(generation, 10)  # bought ones come back first, given ones stay spent
    assert left(bob) == [(250, 500)]
    spend(bob, 70)
    assert left(bob) == [(250, 500)]


@pytest.mark.parametrize("pack", ["small", "usual", "large"])
def test_a_refund_takes_exactly_the_credits_it_names(bob: Account, pack: str) -> None:
    purchase = granted(bob, pack)
    for kept in (1, 7, 11, 13, 101):  # each time all but so many are out of reach
        generation = held(bob, numbers(bob)[0] - kept)
        before = fresh(purchase).reversed_minor
        ((_, credits_back, amount),) = purchases.refundable(bob)
        assert credits_back == kept
        taken(purchase, before + amount)
        assert numbers(bob)[0] == 0
        credits.release(generation, "over")
    assert numbers(bob) == (purchase.credits - 133, 0, 0)
    held_amount, sum_minor = 133, fresh(purchase).reversed_minor
    assert 0 <= sum_minor - purchase.amount_minor * held_amount / purchase.credits < 1


# Set aside until Stripe has answered


def test_what_is_set_aside_cannot_be_spent(bob: Account) -> None:
    purchase = granted(bob, "small")
    spend(bob, 50)
    purchases.set_aside(fresh(purchase), 400, 200)
    assert numbers(bob) == (0, 0, 0)
    assert left(bob) == []
    with pytest.raises(InsufficientCredits):
        held(bob, 1)
    assert purchases.due() == [purchase.id]
    books_hold(bob)


def test_it_stays_aside_whatever_is_heard_before_the_answer(bob: Account) -> None:
    purchase = granted(bob, "small")
    purchases.set_aside(fresh(purchase), 400, 200)
    taken(purchase, 0)
    assert numbers(bob) == (50, 0, 0)
    taken(purchase, 100)  # a dispute, say, of less
    assert numbers(bob) == (50, 0, 0)
    taken(purchase, 500)  # and of more
    assert numbers(bob) == (0, 0, 0)
    books_hold(bob)


@pytest.mark.parametrize(("made", "available"), [(400, 50), (0, 250)], ids=["made", "refused"])
def test_the_answer_decides(bob: Account, made: int, available: int) -> None:
    purchase = granted(bob, "small")
    purchases.set_aside(fresh(purchase), 400, 200)
    for _ in range(2):
        purchases.refund_ended(fresh(purchase))
        taken(purchase, made)
    assert numbers(bob) == (available, 0, 0)
    assert (fresh(purchase).refunding_minor, fresh(purchase).attempt) == (0, 2)
    books_hold(bob)


def test_what_was_spent_meanwhile_is_not_set_aside(bob: Account) -> None:
    purchase = fresh(granted(bob, "small"))
    ((_, credits_back, amount),) = purchases.refundable(bob)
    spend(bob, 1)
    with pytest.raises(Refused):
        purchases.set_aside(purchase, amount, credits_back)
    assert (numbers(bob), fresh(purchase).refunding_minor) == ((249, 0, 0), 0)
    books_hold(bob)


def test_of_four_who_send_back_at_once_one_does(bob: Account) -> None:
    purchase = granted(bob, "small")
    outcomes = at_once(4, lambda _: purchases.set_aside(Purchase.get_by_id(purchase.id), 100, 50))
    assert [type(one) for one in outcomes if one is not None] == [Refused] * 3
    assert numbers(bob) == (200, 0, 0)
    books_hold(bob)


def test_a_race_of_spending_and_sending_back_serves_one(bob: Account) -> None:
    purchase = granted(bob, "small")

    def act(number: int) -> None:
        if number:
            spend(bob, 250)
        else:
            purchases.set_aside(Purchase.get_by_id(purchase.id), 500, 250)

    outcomes = at_once(2, act)
    assert outcomes.count(None) == 1
    assert numbers(bob) == (0, 0, 0)
    books_hold(bob)
