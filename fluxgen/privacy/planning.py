"""What an erasure would take and what would stay, to be read before anybody confirms it."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen import clock, purchases
from fluxgen.models import (
    UNFINISHED,
    Account,
    Erasure,
    Generation,
    Image,
    PurchaseStatus,
    Scope,
)
from fluxgen.privacy import books
from fluxgen.privacy.ownership import meant, owned, rows_of
from fluxgen.purchases.refunds import Refundable


@dataclass(frozen=True)
class Outlook:
    """The plan in numbers. Amounts are minor currency units."""

    pictures: int
    unfinished: int
    rows: dict[str, int]
    purchases_kept: int
    payments_under_way: int
    kept_until_year: int | None
    available_credits: int
    owed_credits: int
    refundable: list[Refundable]

    @property
    def refundable_credits(self) -> int:
        """Bought credits that can go back to the card first."""
        return sum(credits for _, credits, _ in self.refundable)

    @property
    def refundable_minor(self) -> dict[str, int]:
        """What they cost, by currency."""
        sums: dict[str, int] = {}
        for purchase, _, amount in self.refundable:
            sums[purchase.currency] = sums.get(purchase.currency, 0) + amount
        return sums


def outlook(account: Account, scope: Scope) -> Outlook:
    """What an erasure of this account would come to, if it began now."""
    imagined = Erasure(account=account, scope=scope, begins_at=clock.now())
    fresh = Account.get_by_id(account.id)
    mine = rows_of(owned()[Generation], imagined)
    return Outlook(
        pictures=Image.select().where(rows_of(owned()[Image], imagined)).count(),
        unfinished=Generation.select().where(mine & Generation.status.in_(UNFINISHED)).count(),
        rows={
            one.table._meta.table_name: one.table.select().where(rows_of(one, imagined)).count()
            for one in meant(imagined)
        },
        purchases_kept=books.payments(account.id),
        payments_under_way=books.payments(account.id, PurchaseStatus.PROCESSING),
        kept_until_year=books.kept_until(account.id),
        available_credits=fresh.available,
        owed_credits=fresh.owed,
        refundable=purchases.refundable(account) if scope is Scope.ACCOUNT else [],
    )
