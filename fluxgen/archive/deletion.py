"""Deletion: hidden at once, undone within a minute, then gone for good.

The search index forgets a deleted generation in the same transaction, and an undo enters it anew.
A favourite needs a second yes. An object store that is down only delays the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import chunked

from fluxgen import clock, settings
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import RESTRICTED, UNFINISHED, Account, Generation, Image, Status
from fluxgen.models.fields import public_id
from fluxgen.words import N_, _, ngettext

UNDO_S = 60
"""How long a deletion can be undone."""
GONE_AFTER_S = 65
"""When a deleted one goes for good: later than any undo."""
PURGE_MAX = 200
TOGETHER = 500
"""Ids in one statement, and rows changed in one transaction."""
ENDED_KEPT_S = 7 * 24 * 3600
TOO_LATE = N_("It is too late to undo this. The picture is gone.")


class FavouritesAmong(Refused):
    """There are favourites among what is to be deleted, and nobody said yes to that.

    `what` says what the question is about, so that a yes holds for nothing else.
    """

    def __init__(self, favourites: int, asked: int = 1, what: str = "") -> None:
        words = _("This picture is one of your favourites. Delete it all the same?")
        if asked > 1:
            words = ngettext(
                "One of them is a favourite. Delete all %(asked)s the same?",
                "%(num)s are favourites. Delete all %(asked)s the same?",
                favourites,
                asked=asked,
            )
        super().__init__(words)
        self.favourites = favourites
        self.what = what


def delete(generation: Generation, *, with_favourite: bool = False) -> Generation:
    """Hide it now; it goes for good when the undo has passed. Raises `Refused`,
    `FavouritesAmong` where it is a favourite and that is not said."""
    if not generation.is_finished:
        raise Refused(_("This one has not ended yet. Cancel it first."))
    with transaction():
        if _hide([generation.id], with_favourites=with_favourite):
            return Generation.get_by_id(generation.id)
    current: Generation = Generation.get_by_id(generation.id)
    if current.deleted_at is None:
        raise FavouritesAmong(1)
    return current


def delete_many(account: Account, ids: Iterable[str], *, sure_of: str = "") -> list[Generation]:
    """Hide those of the account's own of these names that have ended: all at one moment, so
    `undo_many` brings them back together. Raises `FavouritesAmong`, and then deletes none, where
    the yes is to something else than these.

    What became a favourite meanwhile stays. Others write between one batch and the next.
    """
    hidden: list[Generation] = []
    rows = _own(account, ids)
    favourites = [row.id for row in rows if row.favourite_at is not None]
    if favourites and sure_of != (what := _these(rows, favourites)):
        raise FavouritesAmong(len(favourites), len(rows), what)
    moment = clock.now()
    for some in chunked([row.id for row in rows], TOGETHER):
        with transaction():
            hidden += _hide(some, with_favourites=bool(favourites), moment=moment)
    return hidden


def undo(generation: Generation) -> Generation:
    """Bring it back, if it is not gone yet. Raises `Refused`."""
    same = Generation.id == generation.id
    with transaction():
        back = _bring_back(same & (Generation.deleted_at.is_null() | _in_time()))
    if not back:
        raise Refused(_(TOO_LATE))
    return back[0]


def undo_many(account: Account, deleted_at: datetime) -> list[Generation]:
    """Bring back what the account deleted at this moment. Raises `Refused`.

    What was in time when it began comes back whole, as long as nobody purges it.
    """
    together = (Generation.account == account) & (Generation.deleted_at == deleted_at)
    wanted, back = together & _in_time(), []
    rows = Generation.select(Generation.id).where(wanted).order_by(Generation.id)
    for some in chunked([row.id for row in rows], TOGETHER):
        with transaction():
            back += _bring_back(wanted & Generation.id.in_(some))
    if not back and undo_left_s(deleted_at):
        raise Refused(_("There is nothing to bring back. It may be back already."))
    if not back:
        raise Refused(_(TOO_LATE))
    return back


def undo_left_s(deleted_at: datetime) -> int:
    """Whole seconds in which this can still be undone."""
    left = deleted_at + timedelta(seconds=UNDO_S) - clock.now()
    return max(0, int(left.total_seconds()))


def _these(rows: Sequence[Generation], favourites: Sequence[int]) -> str:
    """What a question about these is about, in a few characters."""
    what = f"{sorted(row.id for row in rows)}{sorted(favourites)}"
    return hashlib.sha256(what.encode()).hexdigest()[:16]


def _own(account: Account, ids: Iterable[str]) -> list[Generation]:
    """The account's own of these names that have ended and are there."""
    rows: list[Generation] = []
    ended = Generation.status.not_in(UNFINISHED) & Generation.deleted_at.is_null()
    for some in chunked(dict.fromkeys(ids), TOGETHER):
        named = (Generation.account == account) & Generation.public_id.in_(some)
        rows.extend(Generation.select(Generation.id, Generation.favourite_at).where(named & ended))
    return rows


def _hide(
    ids: Sequence[int], *, with_favourites: bool, moment: datetime | None = None
) -> list[Generation]:
    wanted = Generation.id.in_(ids) & Generation.deleted_at.is_null()
    if not with_favourites:
        wanted &= Generation.favourite_at.is_null()
    hidden: list[Generation] = list(
        Generation.update(deleted_at=moment or clock.now(), shelved_at=None)
        .where(wanted)
        .returning(Generation)
        .execute()
    )
    index.remove([row.id for row in hidden])
    return hidden


def _in_time() -> Any:
    """Not yet being purged, and deleted within the undo."""
    return Generation.lease.is_null() & (Generation.deleted_at > clock.after(-UNDO_S))


def _bring_back(wanted: Any) -> list[Generation]:
    back: list[Generation] = list(
        Generation.update(deleted_at=None).where(wanted).returning(Generation).execute()
    )
    index.enter(*back)
    return back


def dismiss_old(older_than_s: float = ENDED_KEPT_S) -> int:
    """Delete what ended without a picture longer ago than this; how many there were.

    A restricted account's stays: nothing is done with it that the person does not ask for.
    """
    ended = Generation.status.not_in((*UNFINISHED, Status.DONE))
    ended &= Generation.account.not_in(RESTRICTED)
    old = ended & (Generation.finished_at < clock.after(-older_than_s))
    with transaction():
        dismissed = (
            Generation.update(deleted_at=clock.now())
            .where(old & Generation.deleted_at.is_null())
            .returning(Generation.id)
            .execute()
        )
        ids = [row.id for row in dismissed]
        index.remove(ids)
    return len(ids)


def went_by_itself(generation: Generation) -> bool:
    """Whether this deleted one had ended without a picture and was dismissed by the timer."""
    if generation.status is Status.DONE or generation.finished_at is None:
        return False
    shown_for: timedelta = generation.deleted_at - generation.finished_at
    return shown_for.total_seconds() >= ENDED_KEPT_S


def to_purge(limit: int = PURGE_MAX) -> list[int]:
    """Ids of deleted generations whose undo has passed and that nobody is purging."""
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    rows = (
        Generation.select(Generation.id)
        .where((Generation.deleted_at <= now - timedelta(seconds=GONE_AFTER_S)) & free)
        .order_by(Generation.deleted_at)
        .limit(limit)
    )
    return [row.id for row in rows]


def claim_purge(generation_id: int) -> Generation | None:
    """Take a deleted row for purging; from here on there is no undo."""
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    claimed = (
        Generation.update(
            lease=public_id(), lease_until=now + timedelta(seconds=settings.current().lease_s)
        )
        .where(
            (Generation.id == generation_id)
            & (Generation.deleted_at <= now - timedelta(seconds=GONE_AFTER_S))
            & Generation.status.not_in(UNFINISHED)
            & free
        )
        .returning(Generation)
        .execute()
    )
    return next(iter(claimed), None)


def purge(generation: Generation) -> None:
    """Remove the rows; the objects must be gone already. Raises `LeaseLost`."""
    mine = (Generation.id == generation.id) & (Generation.lease == generation.lease)
    with transaction():
        index.remove([generation.id])
        Image.delete().where(Image.generation == generation).execute()
        if Generation.delete().where(mine).execute() != 1:
            raise LeaseLost(f"generation {generation.id}")
