"""Imports as rows: what was brought in when, and where the document of the rest is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from fluxgen import clock
from fluxgen.exports.reading import Brought
from fluxgen.models import Account, Import

RECORDS = "imports/"
"""Where the store has what stays a document."""


def imports_of(account: Account) -> list[Import]:
    """Everything that was brought into this account, oldest first."""
    return list(Import.select().where(Import.account == account).order_by(Import.id))


def import_of(account: Account, name: str) -> Import | None:
    """The account's own import of this name."""
    return Import.get_or_none((Import.account == account) & (Import.public_id == name))


def records_key(row: Import) -> str:
    """Where the store has the statement and the purchases that came with it."""
    return f"{RECORDS}{row.public_id}/records.json"


def needed_records() -> set[str]:
    """What the records of imports are under."""
    return {records_key(row) for row in Import.select(Import.public_id)}


def noted(account: Account, brought: Brought) -> Import:
    """The import itself, once: what is kept as a document is named by it."""
    same = (Import.account == account) & (Import.sha256 == brought.sha256)
    row = Import.get_or_none(same)
    if row is not None:
        return row
    return Import(
        account=account,
        sha256=brought.sha256,
        origin=brought.document["made_by"],
        exported_at=datetime.fromisoformat(brought.document["made_at"]),
        imported_at=clock.now(),
    )


def earlier(account: Account, facts: dict[str, Any], data: bytes | None) -> Import | None:
    """The row, not written yet, of what had been brought in there before; None if it is known."""
    if data is None:
        return None
    digest = hashlib.sha256(data).hexdigest()
    same = (Import.account == account) & (Import.sha256 == digest)
    if Import.select().where(same).exists():
        return None
    return Import(
        account=account,
        sha256=digest,
        origin=facts["origin"],
        exported_at=datetime.fromisoformat(facts["exported_at"]),
        imported_at=datetime.fromisoformat(facts["imported_at"]),
        records_bytes=len(data),
    )
