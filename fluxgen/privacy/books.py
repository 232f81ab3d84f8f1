"""Payments outlive the person, as long as tax law asks for them; then they go as a whole."""

from __future__ import annotations

from typing import Any

from peewee import fn

from fluxgen import clock
from fluxgen.db import transaction
from fluxgen.models import PENDING, Account, Entry, Purchase, PurchaseStatus
from fluxgen.models.datamap import Keep

MANY = 200


def forget_old() -> int:
    """Let the books of erased people go that nobody has to keep; how many people's went.

    Kept are those with a payment, 10 years after the year of their last movement. The books of
    a living account go with the account: its balance is their sum.
    """
    erased = Account.select(Account.id).where(Account.erased_at.is_null(False))
    count = 0
    for account in list(erased.where(Account.id.in_(_old())).limit(MANY)):
        _forget(account.id)
        count += 1
    for account in list(erased.where(Account.id.not_in(_paying())).limit(MANY)):
        count += forget_unpaid(account.id)
    return count


def forget_unpaid(account_id: int) -> bool:
    """Let an erased account go with its movements if there was never a payment; whether it did."""
    if Account.select().where((Account.id == account_id) & Account.id.in_(_paying())).exists():
        return False
    _forget(account_id)
    return True


def payments(account_id: int | None, status: PurchaseStatus = PurchaseStatus.PAID) -> int:
    """How many payments there were, or are in another way."""
    found = (Purchase.account == account_id) & (Purchase.status == status)
    return int(Purchase.select().where(found).count())


def movements(account_id: int | None) -> int:
    """How many movements of credits there were."""
    return int(Entry.select().where(Entry.account == account_id).count())


def kept_until(account_id: int | None) -> int | None:
    """The year at whose end the books go, once erased; None where there are none."""
    moments: list[Any] = [
        Entry.select(fn.MAX(Entry.created_at)).where(Entry.account == account_id).scalar(),
        Purchase.select(fn.MAX(Purchase.created_at)).where(Purchase.account == account_id).scalar(),
    ]
    assert Keep.LEDGER.period is not None
    years = [moment.year + Keep.LEDGER.period.years for moment in moments if moment is not None]
    return max(years, default=None)


def _paying() -> Any:
    """Accounts with a payment, or with a purchase that may still become one."""
    kept = Purchase.status.in_((PurchaseStatus.PAID, *PENDING)) | Purchase.payment_id.is_null(False)
    return Purchase.select(Purchase.account).where(kept)


def _old() -> Any:
    """Erased accounts of which the whole of the books has had its time."""
    assert Keep.LEDGER.period is not None
    limit = Keep.LEDGER.period.limit(clock.now())
    moved = Entry.select(Entry.account).where(Entry.created_at >= limit)
    bought = Purchase.select(Purchase.account).where(Purchase.created_at >= limit)
    return Account.select(Account.id).where(
        Account.erased_at.is_null(False) & Account.id.not_in(moved) & Account.id.not_in(bought)
    )


def _forget(account_id: int) -> None:
    with transaction():
        Entry.delete().where(Entry.account == account_id).execute()
        Purchase.delete().where(Purchase.account == account_id).execute()
        Account.delete().where(Account.id == account_id).execute()
