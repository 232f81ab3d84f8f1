"""Purchases: begun within limits, granted once and only for what was paid, ended for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fluxgen import clock, credits, purchases
from fluxgen.errors import Refused, TooMany
from fluxgen.models import Account, Entry, Kind, Purchase, PurchaseStatus
from fluxgen.purchases import Mismatch
from tests.support.buying import fresh, numbers
from tests.support.races import at_once
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def opened(account: Account, session_id: str = "cs_1", pack: str = "usual") -> Purchase:
    purchase = purchases.begin(account, pack, consented=True)
    purchases.opened(purchase, session_id)
    return purchase


def pay(purchase: Purchase, **changes: object) -> bool:
    """What a check does when Stripe says that it is paid."""
    said: dict[str, object] = {
        "session_id": purchase.session_id,
        "payment_id": f"pi_{purchase.id}",
        "amount_minor": 1800,
        "currency": "eur",
        **changes,
    }
    return purchases.paid(purchase, **said)  # type: ignore[arg-type]


def event(number: int, purchase: Purchase | None = None, **about: object) -> Purchase | None:
    said: dict[str, object] = {
        "session_id": purchase.session_id if purchase else None,
        "payment_id": None,
        "reference": None,
        "is_decline": False,
        "happened_at": clock.now(),
        **about,
    }
    return purchases.notice(f"evt_{number}", **said)  # type: ignore[arg-type]


def test_a_purchase_is_written_down_with_its_pack_and_the_consent(bob: Account) -> None:
    purchase = fresh(purchases.begin(bob, "usual", consented=True))
    assert (purchase.credits, purchase.amount_minor, purchase.currency) == (1000, 1800, "eur")
    assert purchase.status is PurchaseStatus.CREATED
    assert purchase.consented_at <= clock.now()
    assert numbers(bob) == (0, 0, 0)


@pytest.mark.parametrize(("pack", "consented"), [("usual", False), ("huge", True), ("", True)])
def test_without_a_pack_or_consent_nothing_begins(bob: Account, pack: str, consented: bool) -> None:
    with pytest.raises(Refused):
        purchases.begin(bob, pack, consented=consented)
    assert Purchase.select().count() == 0


def test_paid_is_granted_once(bob: Account) -> None:
    purchase = opened(bob)
    assert [pay(purchase), pay(fresh(purchase)), pay(purchase)] == [True, False, False]
    assert numbers(bob) == (1000, 0, 0)
    assert [(entry.kind, entry.key) for entry in Entry.select()] == [(Kind.BUY, "buy:cs_1")]


def test_of_ten_who_grant_at_once_one_does(bob: Account) -> None:
    purchase = opened(bob)
    outcomes = at_once(10, lambda _: pay(Purchase.get_by_id(purchase.id)))
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == 9
    assert numbers(bob) == (1000, 0, 0)


@pytest.mark.parametrize(
    "said",
    [
        {"amount_minor": 1799},
        {"amount_minor": 1801},
        {"amount_minor": 0},
        {"currency": "usd"},
        {"currency": ""},
        {"session_id": "cs_other"},
    ],
    ids=str,
)
def test_what_does_not_match_our_row_grants_nothing(bob: Account, said: dict[str, object]) -> None:
    purchase = opened(bob)
    with pytest.raises(Mismatch):
        pay(purchase, **said)
    assert numbers(bob) == (0, 0, 0)
    assert fresh(purchase).status is PurchaseStatus.OPEN
    assert pay(purchase)


@pytest.mark.parametrize(
    "end", [PurchaseStatus.EXPIRED, PurchaseStatus.FAILED, PurchaseStatus.CANCELLED]
)
def test_a_payment_that_arrives_after_the_end_is_granted(bob: Account, end: PurchaseStatus) -> None:
    purchase = opened(bob)
    purchases.ended(purchase, end)
    assert fresh(purchase).status is end
    assert pay(fresh(purchase))
    assert numbers(bob) == (1000, 0, 0)


def test_what_is_paid_is_not_undone_by_older_news(bob: Account) -> None:
    purchase = opened(bob)
    pay(purchase)
    purchases.processing(purchase)
    purchases.ended(purchase, PurchaseStatus.EXPIRED)
    purchases.opened(purchase, "cs_2")
    assert (fresh(purchase).status, fresh(purchase).session_id) == (PurchaseStatus.PAID, "cs_1")


def test_five_an_hour_may_begin(bob: Account, mallory: Account) -> None:
    for _ in range(5):
        purchases.begin(bob, "small", consented=True)
    with pytest.raises(TooMany):
        purchases.begin(bob, "small", consented=True)
    purchases.begin(mallory, "small", consented=True)
    pass_time(3601)
    purchases.begin(bob, "small", consented=True)


def test_what_stripe_opened_no_session_for_does_not_count(bob: Account) -> None:
    for _ in range(7):
        purchases.unopened(purchases.begin(bob, "small", consented=True))
    for number in range(5):
        opened(bob, f"cs_{number}")
    with pytest.raises(TooMany):
        purchases.begin(bob, "small", consented=True)


def test_one_that_failed_after_it_was_open_counts(bob: Account) -> None:
    for number in range(5):
        purchases.ended(opened(bob, f"cs_{number}"), PurchaseStatus.FAILED)
    with pytest.raises(TooMany):
        purchases.begin(bob, "small", consented=True)


def test_of_ten_who_begin_at_once_five_may(bob: Account) -> None:
    outcomes = at_once(10, lambda _: purchases.begin(bob, "small", consented=True))
    assert sum(isinstance(one, Purchase) for one in outcomes) == 5
    assert sum(isinstance(one, TooMany) for one in outcomes) == 5
    assert Purchase.select().count() == 5


def test_three_refused_cards_a_day_are_enough(bob: Account) -> None:
    first, second = opened(bob), opened(bob, "cs_2")
    for number, purchase in enumerate([first, first, second]):
        purchases.begin(bob, "small", consented=True)
        event(number, purchase, is_decline=True)
    pass_time(3601)
    with pytest.raises(TooMany) as many:
        purchases.begin(bob, "small", consented=True)
    assert many.value.retry_after_s == 24 * 3600
    pass_time(24 * 3600 + 1)
    purchases.begin(bob, "small", consented=True)


def test_a_repeated_decline_counts_once(bob: Account) -> None:
    purchase = opened(bob)
    for _ in range(4):
        event(1, purchase, is_decline=True)
    assert fresh(purchase).declines == 1


def test_news_make_a_purchase_due_once(bob: Account) -> None:
    purchase = opened(bob)
    assert purchases.due() == []
    assert event(1, purchase) == purchase
    assert purchases.due() == [purchase.id]
    assert event(1, purchase) is None


@pytest.mark.parametrize("by", ["session_id", "payment_id", "reference"])
def test_news_find_their_purchase_by_any_name(bob: Account, by: str) -> None:
    purchase = opened(bob)
    pay(purchase)
    name = purchase.public_id if by == "reference" else getattr(purchase, by)
    assert event(1, None, **{by: name}) == purchase


def test_news_of_nobody_are_remembered_and_do_nothing(bob: Account) -> None:
    opened(bob)
    assert event(1, None, reference="somebody-else", session_id="cs_x", payment_id="pi_x") is None
    assert purchases.due() == []


def test_pending_ones_are_looked_at_every_five_minutes(bob: Account) -> None:
    purchase = opened(bob)
    pass_time(240)
    assert purchases.due() == []
    pass_time(61)
    assert purchases.due() == [purchase.id]
    purchases.looked_at(fresh(purchase))
    assert purchases.due() == []
    assert fresh(purchase).due_at - clock.now() > timedelta(seconds=240)


def test_a_settled_one_is_left_in_peace(bob: Account) -> None:
    purchase = opened(bob)
    pay(purchase)
    purchases.looked_at(fresh(purchase))
    assert fresh(purchase).due_at is None


def test_news_that_came_while_somebody_looked_stand(bob: Account) -> None:
    purchase = opened(bob)
    pay(purchase)
    looking = fresh(purchase)
    event(1, purchase)
    purchases.looked_at(looking)
    assert purchases.due() == [purchase.id]


def test_a_foreign_purchase_is_not_found(bob: Account, mallory: Account) -> None:
    purchase = opened(bob)
    assert purchases.find(bob, purchase.public_id) == purchase
    assert purchases.find(mallory, purchase.public_id) is None
    assert credits.reconcile() == []
