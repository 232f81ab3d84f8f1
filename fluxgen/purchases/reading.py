"""Finding purchases: a person's own, an operator's, and those that Stripe's lists name."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from fluxgen import clock
from fluxgen.models import (
    PENDING,
    UNDER_WAY,
    Account,
    Erasure,
    Purchase,
    PurchaseStatus,
    Scope,
)

BATCH = 500


def find(account: Account, public_id: str) -> Purchase | None:
    """The account's own purchase of this name; foreign and missing look the same."""
    return Purchase.get_or_none((Purchase.public_id == public_id) & (Purchase.account == account))


def by_reference(public_id: str) -> Purchase | None:
    """The purchase of this name, whoever bought it: for providers and operators."""
    return Purchase.get_or_none(Purchase.public_id == public_id)


def latest(account: Account, limit: int = 50) -> list[Purchase]:
    """The account's purchases, newest first."""
    mine = Purchase.select().where(Purchase.account == account)
    return list(mine.order_by(Purchase.id.desc()).limit(limit))


def pending(account_id: int | None) -> list[int]:
    """Ids of the account's purchases that may still be paid."""
    mine = (Purchase.account == account_id) & Purchase.status.in_(PENDING)
    return [row.id for row in Purchase.select(Purchase.id).where(mine)]


def paid_since(moment: datetime) -> Iterator[Purchase]:
    """Every paid purchase begun since then."""
    paid = (Purchase.status == PurchaseStatus.PAID) & (Purchase.created_at >= moment)
    yield from Purchase.select().where(paid).iterator()


def taken_back_since(moment: datetime) -> Iterator[Purchase]:
    """Every purchase begun since then of which we know that money was taken back."""
    taken = (Purchase.reversed_minor > 0) & (Purchase.created_at >= moment)
    yield from Purchase.select().where(taken).iterator()


def paid_too_late() -> Iterator[Purchase]:
    """Every payment that arrived since the erasure of its person began, and is not on its way
    back whole."""
    taken = Purchase.reversed_minor + Purchase.refunding_minor
    late = (Purchase.status == PurchaseStatus.PAID) & (Purchase.paid_at >= Account.erased_at)
    rows = Purchase.select().join(Account).where(late & (taken < Purchase.amount_minor))
    yield from rows.iterator()


def is_paid_in_vain(purchase: Purchase) -> bool:
    """Whether it was paid when its account was erased or about to be, and nothing was ever taken
    back of it: nobody can spend it."""
    if purchase.status is not PurchaseStatus.PAID or purchase.corrections:
        return False
    since = purchase.account.erased_at or _erasure_began(purchase.account_id)
    return since is not None and purchase.paid_at >= since


def _erasure_began(account_id: int) -> datetime | None:
    """From when on the account itself is being erased, if it is."""
    whole = Erasure.status.in_(UNDER_WAY) & (Erasure.scope == Scope.ACCOUNT)
    begun = whole & (Erasure.account == account_id) & (Erasure.begins_at <= clock.now())
    moment: datetime | None = Erasure.select(Erasure.begins_at).where(begun).scalar()
    return moment


def by_sessions(session_ids: Collection[str]) -> dict[str, Purchase]:
    """The purchases of these sessions."""
    return {str(one.session_id): one for one in _with(Purchase.session_id, session_ids)}


def by_payments(payment_ids: Collection[str]) -> dict[str, Purchase]:
    """The purchases of these payments."""
    return {str(one.payment_id): one for one in _with(Purchase.payment_id, payment_ids)}


def _with(column: Any, names: Collection[str]) -> Iterator[Purchase]:
    """A batch at a time: a statement takes so many values and no more."""
    listed = list(names)
    for start in range(0, len(listed), BATCH):
        yield from Purchase.select().where(column.in_(listed[start : start + BATCH]))
