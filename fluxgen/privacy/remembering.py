"""Who was erased, as keyed hashes for 60 days: a restored backup brings people back.

The hash is taken of the account's reference, which it keeps whoever signs in to it, under a key
made for this alone: the list by itself says nothing about anybody, also not to whoever has the
accounts of another day. Whoever comes back by themselves has another account.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fluxgen import audit, clock, settings
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Erased, Erasure, ErasureStatus, Scope
from fluxgen.privacy.ownership import meant, rows_of

KIND = "fluxgen erasures"
LISTED_MAX = 1_000_000

Back = tuple[Account, Scope, datetime]
"""Who is here again, what is to go, and up to when."""


def house_key(purpose: str) -> bytes:
    """A key for one purpose, made from the identity key, which never changes."""
    root = settings.current().identity_key.encode()
    return hmac.new(root, f"fluxgen {purpose}".encode(), hashlib.sha256).digest()


def proof(account: Account) -> str:
    """The keyed hash under which an account is remembered."""
    reference = account.public_id.encode()
    return hmac.new(house_key("erasure list"), reference, hashlib.sha256).hexdigest()


def remember(account: Account, scope: Scope, up_to: datetime) -> None:
    """Keep in mind that all that was there at this moment was erased; once."""
    row = {"proof": proof(account), "scope": scope, "erased_at": up_to}
    Erased.insert(**row).on_conflict_ignore().execute()


def remembered() -> str:
    """The list as a document, to be kept outside the database and its backups."""
    rows = [
        {"proof": row.proof, "scope": row.scope.value, "erased_at": row.erased_at.isoformat()}
        for row in Erased.select().order_by(Erased.id).limit(LISTED_MAX)
    ]
    return json.dumps({"kind": KIND, "erased": rows}, indent=1)


def learn(document: str, reason: str) -> int:
    """Take over such a list; returns how many of it were not known. Raises `Refused`."""
    rows, new = _read(document), 0
    with transaction():
        for row in rows:
            inserted = Erased.insert(**row).on_conflict_ignore().returning(Erased.id)
            new += len(list(inserted.execute()))
        facts = {"listed": len(rows), "new": new}
        audit.record("privacy.learn", subject=None, reason=reason, facts=facts)
    return new


def _read(document: str) -> list[dict[str, Any]]:
    try:
        told = json.loads(document)
        if told["kind"] != KIND:
            raise ValueError(told["kind"])
        return [
            {
                "proof": str(row["proof"]),
                "scope": Scope(row["scope"]),
                "erased_at": datetime.fromisoformat(row["erased_at"]),
            }
            for row in told["erased"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("This is not a list of erasures as `privacy remembered` writes it.") from None


def returned() -> Iterator[Back]:
    """Accounts that were erased and are here again, with what is to go and up to when.

    Whoever came back afterwards, by themselves or with an import, has another account and is not
    meant. Nor is an emptied archive of which nothing is back.
    """
    since: dict[tuple[str, Scope], datetime] = {}
    for row in Erased.select():
        key = (row.proof, row.scope)
        since[key] = max(row.erased_at, since.get(key, row.erased_at))
    for account in Account.select().where(Account.erased_at.is_null()).iterator():
        name = proof(account)
        for scope in (Scope.ACCOUNT, Scope.ARCHIVE):
            erased_at = since.get((name, scope))
            if erased_at is None or erased_at > clock.now():
                continue
            if scope is Scope.ARCHIVE and not _archive_is_back(account, erased_at):
                continue
            yield account, scope, erased_at
            break


def _archive_is_back(account: Account, erased_at: datetime) -> bool:
    """Whether something is here that was erased then, and no erasure planned since will take it."""
    since = (Erasure.account == account) & (Erasure.asked_at >= erased_at)
    if Erasure.select().where(since & (Erasure.status == ErasureStatus.PLANNED)).exists():
        return False
    again = Erasure(account=account, scope=Scope.ARCHIVE, begins_at=erased_at, up_to=erased_at)
    return any(one.table.select().where(rows_of(one, again)).exists() for one in meant(again))
