"""How a purchase's row is changed: by condition, and counted."""

from __future__ import annotations

from typing import Any

from fluxgen.models import Account, Purchase


def change(purchase: Purchase, condition: Any, **changes: Any) -> bool:
    """Change the row where the condition holds, and then this copy of it; whether it did."""
    same = Purchase.id == purchase.id
    if not Purchase.update(**changes).where(same & condition).execute():
        return False
    for name, value in changes.items():
        setattr(purchase, name, value)
    return True


def one_at_a_time(account_id: int) -> None:
    """Touch the account's row, so that what else counts or books in it waits for this
    transaction. Where a purchase's row is changed as well, that comes first."""
    Account.update(owed=Account.owed).where(Account.id == account_id).execute()
