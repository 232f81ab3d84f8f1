"""Many pictures at once: what is meant, marked together, and listed for a download.

Names are those in addresses; what is not the account's own, or not there, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import chunked

from fluxgen import clock, db
from fluxgen.archive import index
from fluxgen.archive.finding import Wanted, numbers
from fluxgen.archive.keys import key_at
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Generation, Image, Status
from fluxgen.words import _

TOGETHER_MAX = 10_000
"""Generations that one act takes."""
PICTURES_MAX = 10_000
"""Pictures in one ZIP."""
BATCH = 200
"""Rows changed in one transaction."""

FACTS = (
    *(Generation.number, Image.position, Generation.public_id, Generation.shelf),
    *(Image.format, Image.size_bytes, Image.sha256, Image.is_marked),
)
NEWEST = """SELECT public_id FROM generation WHERE account_id = ? AND status = 'done'
AND deleted_at IS NULL AND number BETWEEN ? AND ? AND (finished_at IS NULL OR finished_at <= ?)
ORDER BY number DESC LIMIT ?"""
THESE = """SELECT public_id FROM generation WHERE +account_id = ? AND status = 'done'
AND deleted_at IS NULL AND (finished_at IS NULL OR finished_at <= ?) AND id IN ({})"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One stored picture as a download needs it."""

    name: str
    key: str
    format: str
    size_bytes: int
    sha256: str
    is_marked: bool


def matching(
    account: Account, wanted: Wanted, limit: int = TOGETHER_MAX, *, until: datetime | None = None
) -> list[str]:
    """The names of everything that is looked for and was there at this moment, newest first, up to
    the limit and one more."""
    there = Generation.finished_at.db_value(until or clock.now())
    among = None if wanted.finds_nothing or wanted.ended else numbers(account, wanted)
    if among is None:
        return []
    if not (terms := wanted.terms()):
        found = db.tuples(among.written(NEWEST), account.id, *among.values, there, limit + 1)
        return [name for (name,) in found]
    ids, _ = index.newest(account, terms, among, limit + 1)
    names: list[str] = []
    for some in chunked(ids, BATCH):
        marks = ", ".join("?" * len(some))
        names += [name for (name,) in db.tuples(THESE.format(marks), account.id, there, *some)]
    return names


def mark_many(account: Account, ids: Iterable[str], *, is_favourite: bool) -> list[Generation]:
    """Make all of these favourites, or none of them; twice is once."""
    changed: list[Generation] = []
    for names in chunked(dict.fromkeys(ids), BATCH):
        wanted = _own(account, names) & Generation.favourite_at.is_null(is_favourite)
        with transaction():
            rows: list[Generation] = list(
                Generation.update(favourite_at=clock.now() if is_favourite else None)
                .where(wanted)
                .returning(Generation)
                .execute()
            )
            index.enter(*rows)
        changed += rows
    return changed


def deleted_together(account: Account, moment: datetime) -> int:
    """How many the account deleted at this moment and could still have back."""
    together = (Generation.account == account) & (Generation.deleted_at == moment)
    return int(Generation.select().where(together & Generation.lease.is_null()).count())


def for_download(account: Account, ids: Iterable[str]) -> list[Kept]:
    """The pictures of these, oldest first, by names that sort. Raises `Refused`."""
    rows: list[tuple[Any, ...]] = []  # no model instances: there may be ten thousand
    for names in chunked(dict.fromkeys(ids), BATCH):
        query = Image.select(*FACTS).join(Generation).where(_own(account, names))
        rows.extend(query.tuples().iterator())
        if len(rows) > PICTURES_MAX:
            words = _(
                "One ZIP holds at most %(most)s pictures. Choose fewer of them.", most=PICTURES_MAX
            )
            raise Refused(words)
    rows.sort(key=lambda row: row[:2])
    width = max(6, len(str(rows[-1][0]))) if rows else 0
    return [_kept(width, *row) for row in rows]


def _kept(
    width: int,
    number: int,
    position: int,
    public_id: str,
    shelf: str | None,
    picture_format: str,
    *proof: Any,
) -> Kept:
    return Kept(
        f"fluxgen-{number:0{width}}-{position + 1}.{picture_format}",
        key_at(public_id, shelf, position, "original"),
        picture_format,
        *proof,
    )


def _own(account: Account, names: Sequence[str]) -> object:
    kept = (Generation.status == Status.DONE) & Generation.deleted_at.is_null()
    return kept & (Generation.account == account) & Generation.public_id.in_(list(names))
