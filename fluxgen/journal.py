"""The journal: posts as files, public from their date on, or once a draft is published.

A post is `data/journal/<slug>.md`. With a `date` it is public from that day on. Without one it
is a draft until `flask journal publish`, or until the version that it `announces` is announced.
`changed` is the day of a correction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from fluxgen import audit, clock, documents
from fluxgen.db import transaction
from fluxgen.documents import Document
from fluxgen.errors import Misconfigured, Refused
from fluxgen.models import Publication

WORDS_A_MINUTE = 220


@dataclass(frozen=True)
class Post:
    """One post as it stands in its file."""

    slug: str
    title: str
    summary: str
    markdown: str
    dated: date | None
    changed: date | None
    """When it was corrected, if it was: what people have read already may say otherwise."""
    announces: str | None

    @property
    def minutes(self) -> int:
        """How long reading it takes."""
        return max(1, round(len(self.markdown.split()) / WORDS_A_MINUTE))


@dataclass(frozen=True)
class Published:
    """A post that everybody may read, and since when."""

    post: Post
    at: datetime

    @property
    def updated(self) -> datetime:
        """When it was made public, or corrected since."""
        changed = self.post.changed
        return max(self.at, datetime.combine(changed, time(), UTC)) if changed else self.at


@cache
def posts() -> tuple[Post, ...]:
    """Every post, drafts among them, by slug."""
    return tuple(map(_post, documents.read("journal")))


def _post(document: Document) -> Post:
    announces = document.facts.get("announces")
    return Post(
        slug=document.name,
        title=document.fact("title"),
        summary=document.fact("summary"),
        markdown=document.markdown,
        dated=_day(document, "date"),
        changed=_day(document, "changed"),
        announces=str(announces) if announces is not None else None,
    )


def _day(document: Document, name: str) -> date | None:
    """A day of the front matter, if it is there. Raises `Misconfigured`."""
    day = document.facts.get(name)
    if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
        raise Misconfigured(f"{document.name}.md: {name} is a day")
    return day


def published() -> list[Published]:
    """What everybody may read, newest first."""
    now = clock.now()
    since = {row.slug: row.published_at for row in Publication.select()}
    found = [Published(post, at) for post in posts() if (at := _since(post, since)) and at <= now]
    return sorted(found, key=lambda one: (one.at, one.post.slug), reverse=True)


def _since(post: Post, since: dict[str, datetime]) -> datetime | None:
    """A post that was published by hand counts from then, else from its day."""
    if post.slug in since:
        return since[post.slug]
    return datetime.combine(post.dated, time(), UTC) if post.dated else None


def find(slug: str) -> Published | None:
    """A post that everybody may read."""
    return next((one for one in published() if one.post.slug == slug), None)


def announcing(version: str) -> Post | None:
    """The post that announces a version of the policies, draft or not."""
    return next((post for post in posts() if post.announces == version), None)


def draft(slug: str) -> Post:
    """A post that is not public yet. Raises `Refused`."""
    post = next((post for post in posts() if post.slug == slug), None)
    if post is None:
        raise Refused(f"There is no post {slug}.")
    if find(slug) is not None:
        raise Refused(f"{slug} is published already.")
    return post


def publish(post: Post) -> None:
    """Let everybody read a draft from now on, in the caller's transaction; again does nothing."""
    Publication.insert(slug=post.slug).on_conflict_ignore().execute()


def publish_draft(post: Post, reason: str) -> None:
    """The same by an operator's hand, with a row in the audit."""
    with transaction():
        publish(post)
        audit.record("journal.publish", subject=None, reason=reason, facts={"post": post.slug})
