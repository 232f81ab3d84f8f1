"""The life of an erasure: planned, perhaps cancelled, then step by step until it is done.

The row is the queue. Whoever dies in a step leaves the name of the last one finished, and each
can be taken again.
"""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from fluxgen import audit, clock, settings
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import UNDER_WAY, Account, Cause, Erasure, ErasureStatus, Scope
from fluxgen.models.fields import public_id
from fluxgen.privacy import certificate, letters, rows

DAYS_AHEAD_MAX = 30
DEADLINE_S = 24 * 3600
"""After its beginning everything is gone."""
DUE_MAX = 50
RUNNING = Erasure.status == ErasureStatus.RUNNING


def beginning(begins_at: datetime | None) -> datetime:
    """The moment at which one may begin that is asked for now, or for then. Raises `Refused`."""
    now = clock.now()
    start = begins_at or now
    if start > now + timedelta(days=DAYS_AHEAD_MAX):
        raise Refused(f"Choose a day within {DAYS_AHEAD_MAX} days.", "day")
    if start < now:
        raise Refused("That day is over, or has begun. Choose a later one, or now.", "day")
    return start


def plan(
    account: Account,
    scope: Scope,
    cause: Cause,
    begins_at: datetime | None = None,
    *,
    reason: str = "Asked for by the person.",
    up_to: datetime | None = None,
) -> Erasure:
    """Put an erasure on the list, to begin now or then. Of an archive it takes what was made
    until it begins, or `up_to` then. Raises `Refused`."""
    start = beginning(begins_at)
    try:
        with transaction():
            erasure = Erasure.create(
                account=account,
                scope=scope,
                cause=cause,
                begins_at=start,
                due_at=start,
                up_to=up_to,
            )
            _write_down(erasure, reason, is_now=begins_at is None)
    except IntegrityError:
        raise Refused("An erasure is planned already. Cancel it first.") from None
    return erasure


def cancel(erasure: Erasure, reason: str = "Asked for by the person.") -> None:
    """Call it off; only while it has not begun. What is left says no longer whose it was. Raises
    `Refused`."""
    stopped = Erasure.update(
        status=ErasureStatus.CANCELLED, finished_at=clock.now(), due_at=None, account=None
    ).where((Erasure.id == erasure.id) & (Erasure.status == ErasureStatus.PLANNED))
    with transaction():
        if not stopped.execute():
            raise Refused("It is too late to call it off: the erasure has begun.")
        audit.record(
            "erasure.cancel",
            subject=Account.get_by_id(erasure.account_id).public_id,
            reason=reason,
            facts={"erasure": erasure.public_id},
        )


def plan_instead(
    account: Account,
    scope: Scope,
    cause: Cause,
    begins_at: datetime | None = None,
    *,
    reason: str,
    up_to: datetime | None = None,
) -> Erasure:
    """Plan an operator's erasure in the place of what is planned for a later day, both or neither.
    Raises `Refused`: one has begun, or the person wants more erased than this."""
    with transaction():
        if (planned := under_way(account)) is not None:
            is_less = planned.scope is Scope.ACCOUNT and scope is Scope.ARCHIVE
            if is_less and (up_to is None or planned.asked_at >= up_to):
                day = f"{planned.begins_at:%Y-%m-%d}"
                raise Refused(f"The whole account is to be erased on {day}. That stays planned.")
            cancel(planned, reason)
        return plan(account, scope, cause, begins_at, reason=reason, up_to=up_to)


def close_underage(account: Account, reason: str) -> Erasure:
    """Close the account of a child, now, and have it erased in the place of whatever is planned or
    running of it: nothing new begins from here on, and every session has ended."""
    with transaction():
        erasure = _begun_of_account(account, reason) or plan_instead(
            account, Scope.ACCOUNT, Cause.UNDERAGE, reason=reason
        )
        counts = Counter(erasure.counts) + Counter(sessions=rows.close(erasure))
        Erasure.update(counts=dict(counts)).where(Erasure.id == erasure.id).execute()
    return erasure


def _begun_of_account(account: Account, reason: str) -> Erasure | None:
    """The erasure that runs or is about to, if one does: of an archive it begins anew as one of
    the account, and whoever is at it has lost it."""
    now = clock.now()
    widened = Erasure.update(
        scope=Scope.ACCOUNT,
        cause=Cause.UNDERAGE,
        step="",
        reached="",
        certificate=None,
        lease=None,
        lease_until=None,
        due_at=now,
        asked_at=now,
        begins_at=now,
        began_at=now,
        up_to=None,
    ).where((Erasure.account == account) & RUNNING & (Erasure.scope == Scope.ARCHIVE))
    if widened.execute():
        erasure = Erasure.get((Erasure.account == account) & RUNNING)
        letters.withdraw(erasure)
        _write_down(erasure, reason, is_now=True)
    found = under_way(account)
    return found if found and found.scope is Scope.ACCOUNT and found.begins_at <= now else None


def _write_down(erasure: Erasure, reason: str, *, is_now: bool) -> None:
    """In the audit and in a mail to the person, in the caller's transaction."""
    begins = erasure.begins_at.isoformat()
    facts: dict[str, object] = {"erasure": erasure.public_id, "begins": begins}
    subject = Account.get_by_id(erasure.account_id).public_id
    audit.record(f"erasure.{erasure.scope}", subject=subject, reason=reason, facts=facts)
    letters.begun(erasure, is_now=is_now)


def under_way(account: Account) -> Erasure | None:
    """The account's erasure that is planned or running."""
    mine = (Erasure.account == account) & Erasure.status.in_(UNDER_WAY)
    return Erasure.get_or_none(mine)


def watched(name: str) -> Erasure | None:
    """The erasure of this name, for whoever has its address."""
    return Erasure.get_or_none(Erasure.public_id == name)


def listing(limit: int = 1000) -> list[Erasure]:
    """Erasures, newest first."""
    return list(Erasure.select().order_by(Erasure.id.desc()).limit(limit))


def due(limit: int = DUE_MAX) -> list[int]:
    """Ids of the erasures that should go on now and that nobody is at."""
    now = clock.now()
    free = Erasure.lease.is_null() | (Erasure.lease_until < now)
    rows = Erasure.select(Erasure.id).where(
        Erasure.status.in_(UNDER_WAY) & (Erasure.due_at <= now) & free
    )
    return [row.id for row in rows.order_by(Erasure.due_at).limit(limit)]


def claim(erasure_id: int) -> Erasure | None:
    """Take it, unless somebody has it or its day has not come."""
    now = clock.now()
    free = Erasure.lease.is_null() | (Erasure.lease_until < now)
    claimed = (
        Erasure.update(
            lease=public_id(),
            lease_until=now + timedelta(seconds=settings.current().lease_s),
            crashes=Erasure.crashes + 1,
        )
        .where(
            (Erasure.id == erasure_id)
            & Erasure.status.in_(UNDER_WAY)
            & (Erasure.begins_at <= now)
            & free
        )
        .returning(Erasure)
        .execute()
    )
    return next(iter(claimed), None)


def begin(erasure: Erasure) -> None:
    """From here on it cannot be called off. Raises `LeaseLost`."""
    if erasure.status is ErasureStatus.PLANNED:
        _write(
            erasure,
            Erasure.status == ErasureStatus.PLANNED,
            status=ErasureStatus.RUNNING,
            began_at=clock.now(),
        )


def renew(erasure: Erasure, reached: str = "") -> None:
    """Keep it for another while, and note how far its step has come. Raises `LeaseLost`."""
    lease_until = clock.after(settings.current().lease_s)
    _write(erasure, RUNNING, lease_until=lease_until, reached=reached)


def note(erasure: Erasure, **more: int) -> None:
    """So much more has gone. Raises `LeaseLost`."""
    if any(more.values()):
        counts = Counter(erasure.counts) + Counter(more)
        _write(erasure, RUNNING, counts=dict(counts))


def note_what_is_there(erasure: Erasure) -> None:
    """Write down what is about to go, now that nothing changes any more. Raises `LeaseLost`."""
    _write(erasure, RUNNING, counts=dict(Counter(erasure.counts) | Counter(rows.left(erasure))))


def passed(erasure: Erasure, step: str) -> None:
    """This step is finished. Raises `LeaseLost`."""
    lease_until = clock.after(settings.current().lease_s)
    _write(erasure, RUNNING, step=step, reached="", lease_until=lease_until)


def put_back(erasure: Erasure, retry_after_s: float) -> None:
    """Go on later with the step that is not finished. Raises `LeaseLost`."""
    due_at = clock.after(retry_after_s)
    _write(erasure, RUNNING, due_at=due_at, lease=None, lease_until=None, crashes=0)


def certify(erasure: Erasure) -> None:
    """Write the certificate, once, and have it mailed to where the person last was; from here on
    only the mail knows that. Raises `LeaseLost`."""
    if erasure.certificate is None:
        with transaction():
            document = certificate.compose(erasure)
            erasure.last_mail_to = Erasure.get_by_id(erasure.id).last_mail_to
            letters.done(erasure, document)
            _write(erasure, RUNNING, certificate=document, last_mail_to=None)


def finish(erasure: Erasure) -> None:
    """All of it is done; the row keeps no link to whom it was about. Raises `LeaseLost`."""
    _write(
        erasure,
        RUNNING,
        status=ErasureStatus.DONE,
        finished_at=clock.now(),
        account=None,
        lease=None,
        lease_until=None,
        due_at=None,
        crashes=0,
    )


def is_late(erasure: Erasure) -> bool:
    """Whether it should have been over by now."""
    return erasure.began_at is not None and _age_s(erasure.began_at) > DEADLINE_S


def oldest_days() -> int:
    """Whole days since the oldest erasure under way was asked for; 0 where none is."""
    waiting = Erasure.select().where(Erasure.status.in_(UNDER_WAY))
    oldest = waiting.order_by(Erasure.asked_at).first()
    return int(_age_s(oldest.asked_at)) // (24 * 3600) if oldest else 0


def longest_hours() -> int:
    """Hours begun since the oldest erasure under way was to begin; 0 where none is."""
    waiting = Erasure.status.in_(UNDER_WAY) & (Erasure.begins_at <= clock.now())
    oldest = Erasure.select().where(waiting).order_by(Erasure.begins_at).first()
    return math.ceil(_age_s(oldest.begins_at) / 3600) if oldest else 0


def _age_s(since: datetime) -> float:
    return (clock.now() - since).total_seconds()


def _write(erasure: Erasure, condition: Any, **changes: Any) -> None:
    mine = (Erasure.id == erasure.id) & (Erasure.lease == erasure.lease) & condition
    if Erasure.update(**changes).where(mine).execute() != 1:
        raise LeaseLost(f"erasure {erasure.id}")
    for name, value in changes.items():
        setattr(erasure, name, value)
