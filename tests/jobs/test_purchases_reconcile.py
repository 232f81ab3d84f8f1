"""Our purchases against Stripe's sessions, in both directions, repairing nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fluxgen.errors import MayWorkLater
from fluxgen.jobs.purchases import RECONCILE_BACK_S, differences, fulfil_missing
from fluxgen.models import TABLES, Account, Purchase, PurchaseStatus
from fluxgen.sandbox import Sandbox
from tests.support.buying import begun, bought, fresh, numbers, session_of
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def everything() -> list[object]:
    """Every row of every table."""
    return [list(table.select().order_by(table.id).tuples()) for table in TABLES]


@pytest.fixture
def unchanged(app: object) -> Callable[[], None]:
    """Call it at the end: nothing has changed since it was last called."""
    before: list[list[object]] = []

    def check() -> None:
        before.append(everything())
        assert before[-1] == before[0]

    return check


def found() -> list[tuple[int | None, str, int | str, int | str]]:
    return [
        (one.account_id, one.what.split(":")[0], one.expected, one.found) for one in differences()
    ]


def test_what_agrees_is_not_listed(sandbox: Sandbox, bob: Account) -> None:
    bought(sandbox, bob)
    begun(bob)
    assert differences() == []


def test_paid_there_and_not_here(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = begun(bob)
    sandbox.stripe.pay(str(purchase.session_id))
    unchanged()
    assert found() == [(bob.id, "paid at Stripe, not here", "paid", "open")]
    unchanged()


def test_paid_there_and_nobody_here_knows_for_what(sandbox: Sandbox, bob: Account) -> None:
    stray = session_of(begun(bob), client_reference_id="from-another-shop")
    sandbox.stripe.pay(stray)
    assert found() == [(None, "paid at Stripe, not here", "paid", "unknown")]


def test_paid_here_and_not_there(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = begun(bob)
    Purchase.update(status=PurchaseStatus.PAID).where(Purchase.id == purchase.id).execute()
    unchanged()
    assert found() == [(bob.id, "paid here, not at Stripe", "paid", "not paid")]
    unchanged()


def test_another_amount_than_ours(
    sandbox: Sandbox, bob: Account, unchanged: Callable[[], None]
) -> None:
    purchase = bought(sandbox, bob)
    Purchase.update(amount_minor=1700).where(Purchase.id == purchase.id).execute()
    unchanged()
    what = f"amount of {purchase.session_id}"
    assert found() == [(bob.id, what, 1700, 1800)]
    unchanged()


def test_a_session_paid_twice_over_is_listed_beside_the_one_granted(
    sandbox: Sandbox, bob: Account
) -> None:
    purchase = bought(sandbox, bob)
    sandbox.stripe.pay(session_of(purchase))
    assert found() == [(bob.id, "paid at Stripe, not here", "paid", "paid")]
    assert fulfil_missing() == 1
    assert numbers(bob) == (1000, 0, 0)


def test_only_the_last_thirty_days_are_compared(sandbox: Sandbox, bob: Account) -> None:
    purchase = begun(bob)
    Purchase.update(status=PurchaseStatus.PAID).where(Purchase.id == purchase.id).execute()
    pass_time(RECONCILE_BACK_S - 1)
    assert len(differences()) == 1
    pass_time(2)
    assert differences() == []


def test_fulfilling_grants_what_was_missed_once(sandbox: Sandbox, bob: Account) -> None:
    purchase, _open = begun(bob), begun(bob)
    sandbox.stripe.pay(str(purchase.session_id))
    assert [fulfil_missing(), fulfil_missing()] == [1, 0]
    assert fresh(purchase).status is PurchaseStatus.PAID
    assert numbers(bob) == (1000, 0, 0)
    assert differences() == []


def test_without_stripe_nothing_is_said(
    sandbox: Sandbox, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.adapters.payments.RETRIES", 0)
    bought(sandbox, bob)
    sandbox.stripe.faults.down = True
    with pytest.raises(MayWorkLater):
        differences()
