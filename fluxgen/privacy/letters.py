"""What is mailed about an erasure: that it begins, and in the end the certificate."""

from __future__ import annotations

from fluxgen import clock, outbox
from fluxgen.models import Cause, Erasure, Scope

PATIENCE_S = 3600
"""So long an erasure waits for mails of the account that are on their way."""
LAST_TABLES = ("erasure", "mail")
"""Where the address is until the last one has left."""
LAST_PATIENCE_S = 20 * 3600
"""So long it waits for the last one; then the address is forgotten unsaid."""


def begun(erasure: Erasure, *, is_now: bool) -> None:
    """Say that it begins, and when; not again to whoever is back from a backup."""
    if erasure.cause is Cause.BACKUP:
        return
    facts = {
        "erasure": erasure.public_id,
        "is_account": erasure.scope is Scope.ACCOUNT,
        "begins_on": "" if is_now else f"{erasure.begins_at:%Y-%m-%d}",
    }
    key = f"erasure_begun:{erasure.public_id}:{erasure.scope}"
    outbox.queue("erasure_begun", erasure.account, key=key, facts=facts)


def done(erasure: Erasure, certificate: str) -> None:
    """Send the certificate: to the address that the erasure kept, or to the account that goes on."""
    if erasure.cause is Cause.BACKUP:
        return
    is_account = erasure.scope is Scope.ACCOUNT
    facts = {
        "erasure": erasure.public_id,
        "is_account": is_account,
        "certificate": certificate,
    }
    outbox.queue(
        "erasure_done",
        None if is_account else erasure.account,
        key=_last(erasure),
        facts=facts,
        address=erasure.last_mail_to if is_account else None,
    )


def unsent(erasure: Erasure) -> list[int]:
    """The mails that it waits for now: of the account before its rows go, in the end the last."""
    if erasure.certificate is not None:
        last = outbox.find(_last(erasure))
        return [last] if last is not None and _waits(erasure, LAST_PATIENCE_S) else []
    if erasure.scope is Scope.ARCHIVE or erasure.account is None:
        return []
    return outbox.pending(erasure.account) if _waits(erasure, PATIENCE_S) else []


def give_up(erasure: Erasure) -> None:
    """What could not be said by now stays unsaid, and where to say it is forgotten."""
    if outbox.find(_last(erasure)) is not None:
        withdraw(erasure)


def withdraw(erasure: Erasure) -> None:
    """The last word is to be another one."""
    outbox.withdraw(_last(erasure))


def _last(erasure: Erasure) -> str:
    return f"erasure_done:{erasure.public_id}"


def _waits(erasure: Erasure, patience_s: int) -> bool:
    return erasure.began_at is not None and erasure.began_at > clock.after(-patience_s)
