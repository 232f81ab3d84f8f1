"""An erasure as people read it: what it would take, how far it is, what is proved in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fluxgen import clock, formats, privacy
from fluxgen.models import Account, Erasure, ErasureStatus, Scope
from fluxgen.presentation import plural
from fluxgen.privacy import DAYS_AHEAD_MAX

WORD = {Scope.ACCOUNT: "erase", Scope.ARCHIVE: "empty"}
"""What is typed to confirm."""
DOING = {
    "": "Nothing new begins; what is under way is being stopped.",
    "stop": "A mail to you is being sent.",
    "letters": "The queue is being cleared.",
    "bells": "Stored pictures are being deleted.",
    "files": "Reference images are being deleted at Replicate.",
    "references": "The archive's rows are being deleted.",
    "rows": "Name, address and identity are being taken out.",
    "person": "Search index and database are being rewritten.",
    "bytes": "The certificate is being written and mailed.",
    "farewell": "The certificate is being written.",
}
"""What happens next, by the step that was finished last."""


@dataclass(frozen=True)
class ErasureView:
    """One erasure."""

    public_id: str
    is_account: bool
    is_planned: bool
    is_running: bool
    is_done: bool
    begins_on: str
    doing: str
    certificate: str | None

    @property
    def page_url(self) -> str:
        return f"/erasures/{self.public_id}"


def view(erasure: Erasure) -> ErasureView:
    """As its page and the account page show it."""
    is_done = erasure.status is ErasureStatus.DONE
    return ErasureView(
        public_id=erasure.public_id,
        is_account=erasure.scope is Scope.ACCOUNT,
        is_planned=erasure.status is ErasureStatus.PLANNED and erasure.begins_at > clock.now(),
        is_running=erasure.status is ErasureStatus.RUNNING
        or (erasure.status is ErasureStatus.PLANNED and erasure.begins_at <= clock.now()),
        is_done=is_done,
        begins_on=formats.day(erasure.begins_at),
        doing=DOING.get(erasure.step, DOING[""]),
        certificate=erasure.certificate if is_done else None,
    )


def section(account: Account) -> dict[str, object]:
    """What the account page says of erasing."""
    found = privacy.under_way(account)
    return {"erasure": view(found) if found else None}


@dataclass(frozen=True)
class PlanView:
    """What an erasure would come to."""

    is_account: bool
    word: str
    pictures: str
    unfinished: str
    credits: str
    refundable: str
    payments: str
    payments_under_way: str
    earliest: date
    latest: date


def plan(account: Account, scope: Scope) -> PlanView:
    """The plan in words, line by line; a line that says nothing is empty."""
    found = privacy.outlook(account, scope)
    today = clock.now().date()
    return PlanView(
        is_account=scope is Scope.ACCOUNT,
        word=WORD[scope],
        pictures=plural(found.pictures, "picture"),
        unfinished=plural(found.unfinished, "request") if found.unfinished else "",
        credits=plural(found.available_credits, "credit") if found.available_credits else "",
        refundable=_refundable(found),
        payments=_payments(found),
        payments_under_way=_under_way(found),
        earliest=today + timedelta(days=1),
        latest=today + timedelta(days=DAYS_AHEAD_MAX),
    )


def _refundable(found: privacy.Outlook) -> str:
    if not found.refundable_credits:
        return ""
    sums = " and ".join(
        formats.money(amount, unit) for unit, amount in found.refundable_minor.items()
    )
    return f"{plural(found.refundable_credits, 'credit')} for {sums}"


def _payments(found: privacy.Outlook) -> str:
    if not found.purchases_kept:
        return ""
    return f"{plural(found.purchases_kept, 'payment')}, until the end of {found.kept_until_year}"


def _under_way(found: privacy.Outlook) -> str:
    return plural(found.payments_under_way, "payment") if found.payments_under_way else ""


def moment(typed: str) -> datetime | None:
    """The beginning of a day that was chosen, in UTC; None where it is no day."""
    try:
        chosen = date.fromisoformat(typed)
    except ValueError:
        return None
    return datetime(chosen.year, chosen.month, chosen.day, tzinfo=clock.now().tzinfo)
