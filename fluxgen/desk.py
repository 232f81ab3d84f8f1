"""The rights desk: requests that came by mail, and when they are due.

30 days from the day a request came, as our pages say, and never more than the month of the law
(GDPR, Art. 12); two more months where it is said within these days that and why it takes longer,
once. Self-service needs no entry here: it is done at once.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from fluxgen import accounts, audit, clock
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, RequestKind, RightsRequest

DAYS, MONTHS, EXTENDED_MONTHS = 30, 1, 3
WARNED_DAYS = 7
OLD_DAYS = 366
NOTE_MAX = 4000
EMAIL_MAX = 254


def draft(
    email: str,
    kind: RequestKind,
    received_at: datetime,
    *,
    note: str = "",
    reference: str | None = None,
) -> RightsRequest:
    """A request that came on this day, not entered yet, for the account of this address if there
    is one; of several it is the one with this reference. Raises `Refused`."""
    email = email.strip()
    if "@" not in email or len(email) > EMAIL_MAX:
        raise Refused(f"{email} is not an e-mail address.", "email")
    if not clock.after(-OLD_DAYS * 24 * 3600) < received_at <= clock.now():
        raise Refused("The day it came lies within the last year, and not in the future.")
    if len(note) > NOTE_MAX:
        raise Refused(f"A note has at most {NOTE_MAX:,} characters.")
    return RightsRequest(
        account=_whose(email, reference),
        email=email,
        kind=kind,
        note=note,
        received_at=received_at,
        due_at=answered_by(received_at),
    )


def _whose(email: str, reference: str | None) -> Account | None:
    """Nobody is guessed: their letter would be in somebody else's export."""
    found = accounts.with_email(email)
    if reference is None:
        return accounts.find_by_email(email) if found else None
    for account in found:
        if account.public_id == reference:
            return account
    raise Refused(f"No account with the address {email} has the reference {reference}.")


def add(request: RightsRequest, *, reason: str) -> RightsRequest:
    """Enter a request that was drafted."""
    with transaction():
        request.save(force_insert=True)
        _record("requests.add", request, reason)
    return request


def answered_by(received_at: datetime) -> datetime:
    """The last day for an answer that takes no longer than usual."""
    return min(received_at + timedelta(days=DAYS), months_later(received_at, MONTHS))


def months_later(day: datetime, months: int) -> datetime:
    """The same day so many months on; the last one of a month that is too short."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = calendar.monthrange(year, month)[1]
    return day.replace(year=year, month=month, day=min(day.day, last))


def find(public_id: str) -> RightsRequest:
    """The request of this name. Raises `Refused`."""
    found: RightsRequest | None = RightsRequest.get_or_none(RightsRequest.public_id == public_id)
    if found is None:
        raise Refused(f"There is no request {public_id}.")
    return found


def subject(request: RightsRequest) -> str:
    """Whom a deed about it concerns. Where there is no account, that is the request: words about
    nobody stay for ever."""
    return str(request.account.public_id if request.account else request.public_id)


def close(request: RightsRequest, *, reason: str) -> None:
    """Write down what came of it. Raises `Refused`: closed already."""
    with transaction():
        open_one = (RightsRequest.id == request.id) & RightsRequest.closed_at.is_null()
        changed = RightsRequest.update(closed_at=clock.now(), outcome=reason).where(open_one)
        if not changed.execute():
            raise Refused("This request is closed already.")
        _record("requests.close", request, reason)


def extend(request: RightsRequest, *, reason: str) -> datetime:
    """Take two more months, once, before it is overdue; the new day. Raises `Refused`."""
    due_at = months_later(request.received_at, EXTENDED_MONTHS)
    with transaction():
        in_time = RightsRequest.closed_at.is_null() & RightsRequest.extended_at.is_null()
        in_time &= RightsRequest.due_at >= clock.after(-24 * 3600)
        changed = RightsRequest.update(extended_at=clock.now(), due_at=due_at).where(
            (RightsRequest.id == request.id) & in_time
        )
        if not changed.execute():
            raise Refused("Only an open request is extended, once, and before it is overdue.")
        _record("requests.extend", request, reason, due=f"{due_at:%Y-%m-%d}")
    return due_at


def listing(*, closed: bool = False) -> list[RightsRequest]:
    """Open requests, the next one due first; with the closed ones if asked for."""
    found = RightsRequest.select().order_by(RightsRequest.due_at, RightsRequest.id)
    return list(found if closed else found.where(RightsRequest.closed_at.is_null()))


def due(within_days: int = WARNED_DAYS) -> list[RightsRequest]:
    """Open requests that are overdue, or due within so many days."""
    return [request for request in listing() if days_left(request) <= within_days]


def days_left(request: RightsRequest) -> int:
    """How many days are left; below zero it is overdue."""
    left: timedelta = request.due_at.date() - clock.now().date()
    return left.days


def _record(action: str, request: RightsRequest, reason: str, **facts: object) -> None:
    what = {"request": request.public_id, "kind": request.kind.value, **facts}
    audit.record(action, subject=subject(request), reason=reason, facts=what)
