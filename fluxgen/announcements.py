"""New versions of the policies are announced: a post, a mail to everybody, a notice.

All of it is one transaction, keyed by the version: announced once, whatever is tried. The
mails are rows of the outbox then, and go out by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from peewee import IntegrityError, fn

from fluxgen import audit, clock, db, journal, outbox, policies
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.journal import Post
from fluxgen.models import Account, Announcement
from fluxgen.policies import Version

MAIL = "policy"
DAYS_BEFORE = {"terms": 30, "privacy": 1}
"""So long before it comes into force a version is announced, as the pages themselves promise."""
LATE_MAX = 500
ALREADY = "{} was announced already, on {:%Y-%m-%d}."


@dataclass(frozen=True)
class Plan:
    """What announcing a version would do."""

    version: str
    documents: list[Version]
    post: Post
    accounts: int
    late: str
    """Why it is announced later than promised; empty where it is not."""


def plan(version: str, late: str = "") -> Plan:
    """What announcing this version would do. Raises `Refused` where it cannot be, or comes into
    force sooner than promised and nobody is told why (`late`)."""
    documents = policies.of(version)
    if not documents:
        raise Refused(f"There is no version {version} of the privacy page or the terms.")
    if wrong := complaints():
        raise Refused("; ".join(wrong))
    post = journal.announcing(version)
    if post is None:
        raise Refused(f"Write the post first: none in data/journal has `announces: {version}`.")
    earlier = Announcement.get_or_none(Announcement.version == version)
    if earlier is not None:
        raise Refused(ALREADY.format(version, earlier.announced_at))
    why = _why_late(documents, late.strip())
    accounts = Account.select().where(Account.erased_at.is_null()).count()
    return Plan(version, documents, post, accounts, why)


def _why_late(documents: list[Version], late: str) -> str:
    """The reason that people are given, where they are told too late. Raises `Refused`."""
    today = clock.now().date()
    begun = [one for one in documents if (one.day - today).days < DAYS_BEFORE[one.policy]]
    if not begun:
        return ""
    if not 0 < len(late) <= LATE_MAX:
        days, one = DAYS_BEFORE[begun[-1].policy], begun[-1]
        before = "a day" if days == 1 else f"{days} days"
        raise Refused(
            f"{one.title}: promised {before} before {one.version}, and today is {today}. Name the file by a later day. If that cannot be, because the law demands it "
            f"sooner, --late says why in 1 to {LATE_MAX} characters, and everybody is mailed that.",
            "late",
        )
    return late


def announce(version: str, reason: str, late: str = "") -> int:
    """Publish the post and write a mail to every account; how many. Raises `Refused`."""
    planned = plan(version, late)
    try:
        with transaction():
            texts = {one.policy: one.sha256 for one in planned.documents}
            row = Announcement.create(version=version, texts=texts, mails=0)
            journal.publish(planned.post)
            mails = outbox.queue_for_everybody(MAIL, key=f"policy:{version}", facts=_facts(planned))
            Announcement.update(mails=mails).where(Announcement.id == row.id).execute()
            audit.record(
                "policy.announce",
                subject=None,
                reason=reason,
                facts={"version": version, "mails": mails, "is_late": bool(planned.late)},
            )
    except IntegrityError:
        raise Refused(ALREADY.format(version, clock.now())) from None
    return mails


def untold() -> list[Version]:
    """The versions that have come into force since this installation began, and of which nobody
    was told. What was there by then was the first that anybody here could agree to."""
    told = {row.version for row in Announcement.select(Announcement.version)}
    began, today = db.began_on(), clock.now().date()
    every = [one for name in policies.POLICIES for one in policies.versions(name)[:-1]]
    return [one for one in every if began < one.day <= today and one.version not in told]


def complaints() -> list[str]:
    """What is wrong with the texts, those among them that everybody was told of: whoever changes
    one and its registered hash still has the hash of that day against them."""
    return [*policies.complaints(), *(line for row in Announcement.select() for line in _not(row))]


def _not(row: Announcement) -> Iterator[str]:
    """How the texts of a version differ from those that were announced."""
    there = {one.policy: one.sha256 for one in policies.of(row.version)}
    for policy in sorted(there.keys() | row.texts):
        if there.get(policy) != row.texts.get(policy):
            day = f"{row.announced_at:%Y-%m-%d}"
            yield f"{policy}/{row.version} is not what was announced on {day}"


def _facts(planned: Plan) -> dict[str, object]:
    """What the mail is filled with: which, from when, changes, and where to read on."""
    day = planned.documents[0].day
    return {
        "policies": [one.policy for one in planned.documents],
        "day": day.isoformat(),
        "is_coming": day > clock.now().date(),
        "late": planned.late,
        "changes": [{"title": one.title, "items": list(one.changes)} for one in planned.documents],
        "slug": planned.post.slug,
    }


@dataclass(frozen=True)
class Notice:
    """News of a version that somebody has not put away yet."""

    id: int
    version: str
    policies: list[str]
    slug: str | None

    @property
    def has_terms(self) -> bool:
        return "terms" in self.policies

    @property
    def day(self) -> date:
        """When it comes, or came, into force: versions are named by it."""
        return date.fromisoformat(self.version)


def unread(account: Account) -> Notice | None:
    """The latest announcement, until the person has put it away."""
    row = (
        Announcement.select()
        .where(Announcement.id > account.announcement_seen)
        .order_by(Announcement.id.desc())
        .first()
    )
    if row is None:
        return None
    post = journal.announcing(row.version)
    about = [one.policy for one in policies.of(row.version)]
    return Notice(row.id, row.version, about, post.slug if post else None)


def put_away(account: Account, version: str) -> None:
    """Show this announcement, and those before it, no more. Where it is about terms, they are
    accepted by that: which version and when is kept with the account."""
    row = Announcement.get_or_none(Announcement.version == version)
    if row is None:
        return
    changes: dict[str, object] = {"announcement_seen": row.id}
    if policies.find("terms", row.version) is not None:
        changes |= {"terms_version": row.version, "terms_accepted_at": clock.now()}
    unseen = (Account.id == account.id) & (Account.announcement_seen < row.id)
    Account.update(changes).where(unseen).execute()


def latest_id() -> int:
    """The last announcement there was: somebody who joins now has not missed it."""
    return int(Announcement.select(fn.MAX(Announcement.id)).scalar() or 0)


def announced_at(version: str) -> datetime | None:
    """When a version was announced, if it was."""
    row = Announcement.get_or_none(Announcement.version == version)
    return row.announced_at if row else None
