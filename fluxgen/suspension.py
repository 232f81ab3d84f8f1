"""Suspension: an account is closed at once, or opened again, and its person is told so by mail.

The reason is kept in the audit. What the person is told is a sentence of its own, meant for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen import accounts, audit, generations, outbox
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Standing
from fluxgen.models.fields import public_id

MAIL = "suspension"
TOLD_MAX = 500


@dataclass(frozen=True)
class Stopped:
    """What a suspension ended: sessions, and the ids of generations that are being stopped."""

    sessions: int
    generation_ids: list[int]


def suspend(account: Account, reason: str, told: str = "") -> Stopped:
    """Close everything to the account: nothing new begins, what is under way is stopped. The
    person is `told` why by mail, in a sentence that fits most cases unless there is one.

    What was being stored already is finished. Raises `Refused`.
    """
    if len(told) > TOLD_MAX:
        raise Refused(f"The person is told in {TOLD_MAX} characters at most.", "told")
    with transaction():
        if _set_standing(account, Standing.SUSPENDED):
            _tell(account, is_begun=True, told=told.strip())
        stopped = Stopped(accounts.end_sessions(account), generations.stop_all(account))
        _record(account, "accounts.suspend", reason, sessions=stopped.sessions)
    return stopped


def restore(account: Account, reason: str) -> None:
    """Let a suspended account in again. Raises `Refused` while it is being erased."""
    with transaction():
        accounts.check_restorable(account)
        if _set_standing(account, Standing.ACTIVE):
            _tell(account, is_begun=False)
        _record(account, "accounts.restore", reason)


def _set_standing(account: Account, standing: Standing) -> bool:
    """Whether it was another before."""
    other = (Account.id == account.id) & (Account.standing != standing)
    return bool(Account.update(standing=standing).where(other).execute())


def _tell(account: Account, *, is_begun: bool, told: str = "") -> None:
    key = f"{MAIL}:{account.public_id}:{public_id()}"
    outbox.queue(MAIL, account, key=key, facts={"is_begun": is_begun, "told": told})


def _record(account: Account, action: str, reason: str, **facts: object) -> None:
    audit.record(action, subject=account.public_id, reason=reason, facts=facts)
