"""Sessions whose name was lost are adopted; where too many cards were refused, all are closed."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import purchases
from fluxgen.errors import TooMany
from fluxgen.jobs.purchases import check
from fluxgen.jobs.sweep import poll
from fluxgen.models import Account, Entry, Kind, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, fresh, numbers, session_of, tell
from tests.support.making import Visit
from tests.support.workers import Workers, pass_time


def status(purchase: Purchase) -> PurchaseStatus:
    """Where it is, by our row."""
    found: PurchaseStatus = fresh(purchase).status
    return found


def session(purchase: Purchase) -> str:
    return str(purchase.session_id)


def grants() -> int:
    return Entry.select().where(Entry.kind == Kind.BUY).count()


def lost(account: Account, **changes: Any) -> tuple[Purchase, str]:
    """A purchase, and the session that Stripe has for it and of which we know nothing."""
    purchase = purchases.begin(account, "usual", consented=True)
    return purchase, session_of(purchase, **changes)


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", ["", "unopened", "expired"])
def test_a_session_whose_name_was_lost_is_adopted_and_granted(
    sandbox: Sandbox, bob: Account, ending: str
) -> None:
    purchase, session_id = lost(bob)
    if ending == "unopened":
        purchases.unopened(purchase)
    elif ending:
        purchases.ended(purchase, PurchaseStatus.EXPIRED)
    sandbox.stripe.pay(session_id)
    for _ in range(2):
        check(purchase.id)
    assert (status(purchase), fresh(purchase).session_id) == (PurchaseStatus.PAID, session_id)
    assert (numbers(bob), grants()) == ((1000, 0, 0), 1)


def test_one_of_which_only_the_event_tells_is_adopted(
    sandbox: Sandbox, bob: Account, workers: Workers
) -> None:
    purchase, session_id = lost(bob)
    purchases.unopened(purchase)
    Purchase.update(due_at=None).execute()
    sandbox.stripe.pay(session_id)
    poll()
    workers.step()
    assert numbers(bob) == (1000, 0, 0)


FOREIGN = {
    "amount": {"amount_minor": 1700},
    "currency": {"currency": "usd"},
    "pack": {"metadata": {"pack": "large"}},
    "a reference from an address": {"metadata": {"purchase": ""}},
    "no reference": {"client_reference_id": "somebody-else"},
}


@pytest.mark.parametrize("changes", FOREIGN.values(), ids=FOREIGN)
def test_a_session_that_is_not_wholly_ours_is_not_adopted(
    sandbox: Sandbox, bob: Account, changes: dict[str, Any]
) -> None:
    purchase, session_id = lost(bob, **changes)
    sandbox.stripe.pay(session_id)
    check(purchase.id)
    assert fresh(purchase).session_id is None
    assert numbers(bob) == (0, 0, 0)


# Cards that are refused


def refused_cards(visit: Visit, sandbox: Sandbox, *purchases_: Purchase) -> None:
    """A card is refused for each of these purchases, and Stripe tells so."""
    before = len(sandbox.stripe.events)
    for purchase in purchases_:
        sandbox.stripe.decline(session(purchase))
    for event in sandbox.stripe.events[before:]:
        assert tell(visit(None), event).status_code == 204


@pytest.mark.both_databases
def test_at_the_third_refused_card_every_open_session_is_closed(
    sandbox: Sandbox, bob: Account, mallory: Account, visit: Visit, workers: Workers
) -> None:
    first, second, other = begun(bob), begun(bob), begun(mallory)
    refused_cards(visit, sandbox, first, second)
    workers.step()
    assert status(first) is status(second) is PurchaseStatus.OPEN
    refused_cards(visit, sandbox, second)
    workers.step()
    assert status(first) is status(second) is PurchaseStatus.FAILED
    assert status(other) is PurchaseStatus.OPEN
    with pytest.raises(Exception, match="expired|not open|no longer"):
        sandbox.stripe.pay(session(first))
    with pytest.raises(TooMany):
        purchases.begin(bob, "usual", consented=True)


def test_a_payment_that_came_through_before_the_closing_is_granted(
    sandbox: Sandbox, bob: Account, visit: Visit, workers: Workers
) -> None:
    first, second = begun(bob), begun(bob)
    refused_cards(visit, sandbox, first, first, first)
    sandbox.stripe.pay(session(second))
    workers.step()
    assert (status(first), status(second)) == (PurchaseStatus.FAILED, PurchaseStatus.PAID)
    assert numbers(bob) == (1000, 0, 0)


def test_a_session_that_opens_after_the_third_is_closed_at_once(
    sandbox: Sandbox, bob: Account, visit: Visit, workers: Workers
) -> None:
    late = purchases.begin(bob, "usual", consented=True)
    refused_cards(visit, sandbox, *[begun(bob)] * 3)
    workers.step()
    purchases.opened(late, session_of(late))
    workers.step()
    assert status(late) is PurchaseStatus.FAILED


def test_refused_cards_count_from_when_they_were_refused(
    sandbox: Sandbox, bob: Account, visit: Visit
) -> None:
    purchase = begun(bob)
    for _ in range(3):
        sandbox.stripe.decline(session(purchase))
    pass_time(24 * 3600 + 1)
    poll()  # a day late
    assert fresh(purchase).declines == 3
    purchases.begin(bob, "usual", consented=True)
