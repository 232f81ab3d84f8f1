"""An erasure as people read it: what it would take, how far it is, what is proved in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fluxgen import clock, formats, privacy
from fluxgen.models import Account, Erasure, ErasureStatus, Scope
from fluxgen.presentation import day
from fluxgen.privacy import DAYS_AHEAD_MAX
from fluxgen.words import N_, _

WORD = {Scope.ACCOUNT: "erase", Scope.ARCHIVE: "empty"}
"""What is typed to confirm."""
DOING = {
    "": N_("Nothing new begins; what is under way is being stopped."),
    "stop": N_("A mail to you is being sent."),
    "letters": N_("The queue is being cleared."),
    "bells": N_("Stored pictures are being deleted."),
    "files": N_("Reference images are being deleted at Replicate."),
    "references": N_("The archive's rows are being deleted."),
    "rows": N_("Name, address and identity are being taken out."),
    "person": N_("Search index and database are being rewritten."),
    "bytes": N_("The certificate is being written and mailed."),
    "farewell": N_("The certificate is being written."),
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
        begins_on=day(erasure.begins_at),
        doing=_(DOING.get(erasure.step, DOING[""])),
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
    pictures: int
    unfinished: int
    credits: int
    refundable: int
    refundable_sums: str
    payments: int
    payments_until: str
    payments_under_way: int
    earliest: date
    latest: date


def plan(account: Account, scope: Scope) -> PlanView:
    """The plan in numbers, line by line; of what is 0 there is no line."""
    found = privacy.outlook(account, scope)
    today = clock.now().date()
    return PlanView(
        is_account=scope is Scope.ACCOUNT,
        word=WORD[scope],
        pictures=found.pictures,
        unfinished=found.unfinished,
        credits=found.available_credits,
        refundable=found.refundable_credits,
        refundable_sums=formats.listed(
            formats.money(amount, unit) for unit, amount in found.refundable_minor.items()
        ),
        payments=found.purchases_kept,
        payments_until=str(found.kept_until_year),
        payments_under_way=found.payments_under_way,
        earliest=today + timedelta(days=1),
        latest=today + timedelta(days=DAYS_AHEAD_MAX),
    )


def moment(typed: str) -> datetime | None:
    """The beginning of a day that was chosen, in UTC; None where it is no day."""
    try:
        chosen = date.fromisoformat(typed)
    except ValueError:
        return None
    return datetime(chosen.year, chosen.month, chosen.day, tzinfo=clock.now().tzinfo)
