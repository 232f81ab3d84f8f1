"""What must be true of everybody's credits and pictures once all work has ended."""

from __future__ import annotations

from pathlib import Path

from fluxgen import accounts, credits, settings
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind


def books_are_exact() -> None:
    """Nothing unfinished, nothing held, and every number equals the sum of its movements."""
    assert not Generation.select().where(Generation.status.in_(UNFINISHED)).exists()
    assert credits.reconcile() == []
    assert {account.held for account in Account.select()} == {0}


def nothing_was_charged(account: Account, of_credits: int = 100) -> None:
    """The hold came back whole, booked as one release for each hold."""
    books_are_exact()
    assert accounts.balance(account).available == of_credits
    kinds = [entry.kind for entry in Entry.select().where(Entry.account == account)]
    assert kinds.count(Kind.RELEASE) == kinds.count(Kind.HOLD)
    assert Kind.CAPTURE not in kinds


def stored_files() -> set[str]:
    """The keys of all objects in the folder store."""
    root: Path = settings.current().instance_dir / "storage"
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
