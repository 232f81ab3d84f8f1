"""The outbox: mails as rows, written in the transaction that gives the reason for them.

A key is sent once, however often it is queued. A worker claims one mail at a time and marks it
`sent` when the mail server has said yes. Killed in between, nobody can know whether the server
has it: the mail is repeated under the same Message-ID, by which mailboxes know a repeat.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import PostgresqlDatabase

from fluxgen import clock, settings
from fluxgen.db import database, tuples
from fluxgen.errors import LeaseLost
from fluxgen.models import RESTRICTED, Account, Mail, MailStatus
from fluxgen.models.fields import EPOCH, MICROSECOND, public_id

DUE_MAX = 500
CLAIMED_FROM = 8
"""Others may be faster at the oldest ones."""
GIVEN_UP_AFTER_S = 5 * 24 * 3600
"""As long as mail servers try."""
ASKED_FOR = ("restriction", "erasure", "export", "suspension")
"""Mails of these kinds go to people whose data is restricted, too."""
PAUSE_S = 30
"""So long nobody knocks at a mail server that did not answer."""
WAIT_S, WAIT_MAX_S = 60, 3600

TO_EVERYBODY = """INSERT INTO mail
    (key, kind, account_id, facts, status, attempts, due_at, created_at)
    SELECT ? || account.id, ?, account.id, CAST(? AS {json}), 'waiting', 0, ?, ? FROM account
    WHERE account.erased_at IS NULL ON CONFLICT (key) DO NOTHING RETURNING id"""


def queue(
    kind: str,
    account: Account | None,
    *,
    key: str,
    facts: dict[str, Any],
    address: str | None = None,
) -> None:
    """Have a mail sent, in the caller's transaction; a key that was queued before does nothing.

    `kind` names `templates/mail/<kind>.txt`, `facts` are what it fills in. Give an `address` only
    where the account will be gone: it is forgotten as soon as the mail is sent.
    """
    row = {"key": key, "kind": kind, "account": account, "facts": facts, "recipient": address}
    Mail.insert(row).on_conflict_ignore().execute()


def queue_for_everybody(kind: str, *, key: str, facts: dict[str, Any]) -> int:
    """Have a mail sent to every account, in the caller's transaction; how many were queued."""
    is_postgres = isinstance(database.obj, PostgresqlDatabase)
    statement = TO_EVERYBODY.format(json="JSONB" if is_postgres else "TEXT")
    now = (clock.now() - EPOCH) // MICROSECOND
    return len(tuples(statement, f"{key}:", kind, json.dumps(facts), now, now))


def due(limit: int = DUE_MAX) -> list[int]:
    """Mails whose time has come, oldest first."""
    query = Mail.select(Mail.id).where(_is_due()).order_by(Mail.due_at, Mail.id)
    return [row.id for row in query.limit(limit)]


def pending(account: Account) -> list[int]:
    """The account's mails that are not sent or given up yet."""
    mine = (Mail.account == account) & Mail.due_at.is_null(False)
    return [row.id for row in Mail.select(Mail.id).where(mine)]


def find(key: str) -> int | None:
    """The mail of this key, if it is not sent or given up yet."""
    found = Mail.get_or_none((Mail.key == key) & Mail.due_at.is_null(False))
    return found.id if found else None


def withdraw(key: str) -> None:
    """Nobody waits for this one any longer: forget it, and where it would go."""
    Mail.delete().where(Mail.key == key).execute()


def _is_due() -> Any:
    """Its time has come, and it need not wait."""
    return (Mail.due_at <= clock.now()) & _is_free()


def _is_free() -> Any:
    """The account's data is not restricted: then mails wait, but those about the restriction,
    and about what the person asked for meanwhile."""
    free: Any = Mail.account.is_null() | Mail.account.not_in(RESTRICTED)
    for kind in ASKED_FOR:
        free |= Mail.kind.startswith(kind)
    return free


@dataclass(frozen=True)
class Posting:
    """One mail in the hands of one worker: to whom, under which name, and what it says."""

    id: int
    lease: str
    kind: str
    address: str
    message_name: str
    facts: dict[str, Any]
    is_repeat: bool


def claim(mail_id: int | None = None) -> Posting | None:
    """Take a mail whose time has come: this one, or the oldest. None: there is none.

    From here on it counts as being sent, so that whoever finds it again knows that it may have
    arrived already.
    """
    wanted = due(CLAIMED_FROM) if mail_id is None else [mail_id]
    return next((mail for one in wanted if (mail := _claim(one))), None)


def _claim(mail_id: int) -> Posting | None:
    claimed = (
        Mail.update(
            status=MailStatus.SENDING,
            lease=public_id(),
            due_at=clock.after(settings.current().lease_s),
            attempts=Mail.attempts + 1,
        )
        .where((Mail.id == mail_id) & _is_due())
        .returning(Mail)
        .execute()
    )
    mail = next(iter(claimed), None)
    return _posting(mail) if mail is not None else None


def _posting(mail: Mail) -> Posting:
    account = Account.get_or_none(Account.id == mail.account_id)
    return Posting(
        id=mail.id,
        lease=str(mail.lease),
        kind=mail.kind,
        address=mail.recipient or (account.email if account else ""),
        message_name=hashlib.sha256(
            f"{settings.current().origin}\n{mail.key}".encode()
        ).hexdigest(),
        facts=mail.facts,
        is_repeat=mail.attempts > 1,
    )


def sent(posting: Posting) -> None:
    """The mail server has it; what it said is forgotten. Raises `LeaseLost`."""
    _end(posting, MailStatus.SENT, None)


def undeliverable(posting: Posting, failure: str) -> None:
    """The mail server will never take it. Raises `LeaseLost`."""
    _end(posting, MailStatus.UNDELIVERABLE, failure)


def _end(posting: Posting, status: MailStatus, failure: str | None) -> None:
    _write(posting, failure=failure, **_ended(status))


def _ended(status: MailStatus) -> dict[str, Any]:
    """What it said is forgotten, and where it went."""
    forgotten: dict[str, Any] = {"facts": {}, "recipient": None}
    return {"status": status, "due_at": None, "ended_at": clock.now(), **forgotten}


def put_back(posting: Posting, failure: str) -> None:
    """Not now: try again after a growing pause, for five days. Raises `LeaseLost`."""
    mail = Mail.get_by_id(posting.id)
    if mail.created_at < clock.after(-GIVEN_UP_AFTER_S):
        undeliverable(posting, failure)
        return
    wait_s = min(WAIT_S * 2 ** min(mail.attempts - 1, 10), WAIT_MAX_S)
    _write(posting, status=MailStatus.WAITING, due_at=clock.after(wait_s), failure=failure)


def give_back(posting: Posting) -> None:
    """It was certainly not handed over: as if it had not been claimed. Raises `LeaseLost`."""
    _write(
        posting,
        status=MailStatus.WAITING,
        due_at=clock.now(),
        attempts=Mail.attempts - 1,
    )


def give_up_old() -> int:
    """Forget what could not be said in five days, also where no mail server was there to refuse
    it; how many mails. What waits because data is restricted goes on waiting."""
    unheld = Mail.lease.is_null() | (Mail.due_at <= clock.now())
    old = Mail.due_at.is_null(False) & (Mail.created_at < clock.after(-GIVEN_UP_AFTER_S))
    given_up = {"failure": "too late", "lease": None, **_ended(MailStatus.UNDELIVERABLE)}
    return int(Mail.update(given_up).where(old & unheld & _is_free()).execute())


def count_anew(account: Account) -> None:
    """What has waited for the end of a restriction has its five days from now on."""
    mine = (Mail.account == account) & Mail.due_at.is_null(False)
    Mail.update(created_at=clock.now()).where(mine).execute()


def _write(posting: Posting, **changes: object) -> None:
    """Write and let go, if this worker still has it. Raises `LeaseLost`."""
    mine = (Mail.id == posting.id) & (Mail.lease == posting.lease)
    if not Mail.update(lease=None, **changes).where(mine).execute():
        raise LeaseLost(f"mail {posting.id}")


def pause() -> None:
    """The mail server does not answer: nothing is due for half a minute."""
    now = clock.now()
    later = now + timedelta(seconds=PAUSE_S)
    Mail.update(due_at=later).where((Mail.due_at <= now) & Mail.lease.is_null()).execute()


def oldest_hours() -> int:
    """How many whole hours the oldest unsent mail that need not wait is old; 0 without one."""
    unsent = Mail.due_at.is_null(False) & _is_free()
    oldest = Mail.select().where(unsent).order_by(Mail.created_at).first()
    return int((clock.now() - oldest.created_at).total_seconds() // 3600) if oldest else 0
