"""Deleted pictures really go: out of reach at once, then objects, then the rows that named them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from itertools import islice

from fluxgen import adapters, archive
from fluxgen.errors import LeaseLost, MayWorkLater, NeverWill
from fluxgen.jobs import bell, exports
from fluxgen.models import DeletedImage, Generation
from fluxgen.models.fields import public_id

PURGE = "fluxgen.jobs.archive.purge"
PUT_AWAY = "fluxgen.jobs.archive.put_away"
RUNG_AT_ONCE_MAX = 50
"""Deleted ones that a page rings for; the sweep finds the rest."""

log = logging.getLogger(__name__)


def ring_put_away(generation_ids: Iterable[int]) -> None:
    """Ask to put these out of reach now, after their deletion is committed."""
    if adapters.current().storage.has_links:
        some = islice(generation_ids, RUNG_AT_ONCE_MAX)
        all(bell.ring(PUT_AWAY, id_, bell.CLEARING) for id_ in some)  # or until nobody hears


def purge(generation_id: int) -> None:
    """Remove one deleted generation for good; a store that is down only delays it."""
    generation = archive.claim_purge(generation_id)
    if generation is None:
        return
    try:
        if not archive.went_by_itself(generation):
            _out_of_exports(generation, generation.deleted_at)
        adapters.current().storage.delete(_everything(generation))
        archive.purge(generation)
    except MayWorkLater as trouble:
        extra = {"generation_id": generation_id, "reason": str(trouble)}
        log.warning("purge put back", extra=extra)
    except LeaseLost:
        log.warning("lease lost", extra={"generation_id": generation_id})


def purge_pictures() -> int:
    """Remove for good what was deleted without its siblings; returns how many pictures."""
    purged = 0
    for gone in archive.pictures_to_purge():
        if not archive.claim_picture(gone):
            continue
        try:
            _out_of_exports(gone.generation, gone.deleted_at)
            adapters.current().storage.delete(_all_of_picture(gone))
            if _listed(gone):  # put under new keys at this very moment
                continue
        except MayWorkLater as trouble:
            extra = {"generation_id": gone.generation_id, "reason": str(trouble)}
            log.warning("purge put back", extra=extra)
            break
        archive.purge_picture(gone)
        purged += 1
    return purged


def _out_of_exports(generation: Generation, deleted_at: datetime) -> None:
    exports.withdraw(generation.account_id, made_at=generation.created_at, deleted_at=deleted_at)


def to_put_away() -> list[int]:
    """Ids of deleted generations whose pictures signed addresses still reach."""
    return archive.to_put_away() if adapters.current().storage.has_links else []


def put_away(generation_id: int) -> None:
    """Put a deleted one's pictures under new keys, so that no address signed before shows them.

    Only what was there before the row changed is removed: nobody who is first loses anything.
    """
    generation = archive.reachable(generation_id)
    storage = adapters.current().storage
    if generation is None or not storage.has_links:
        return
    shelf = public_id()
    there = archive.keys_on(generation, shelf)
    try:
        before = _everything(generation)
        for key, to in there.items():
            with suppress(NeverWill):  # fewer pictures came than were asked for
                storage.copy(key, to)
        is_put = archive.put_away(generation, shelf)
        storage.delete(before if is_put else list(there.values()))
    except MayWorkLater as trouble:
        archive.put_away_again(generation_id, shelf)
        extra = {"generation_id": generation_id, "reason": str(trouble)}
        log.warning("still in reach", extra=extra)


def _all_of_picture(gone: DeletedImage) -> list[str]:
    """Every key that this picture is under, wherever it has been."""
    return list({*archive.keys_of_picture(gone), *_listed(gone)})


def _listed(gone: DeletedImage) -> list[str]:
    listed = adapters.current().storage.listed(archive.all_of(gone.generation))
    return [one.key for one in listed if archive.is_of_picture(gone, one.key)]


def _everything(generation: Generation) -> list[str]:
    """Every key that something of it is under, wherever its pictures have been."""
    listed = adapters.current().storage.listed(archive.all_of(generation))
    return list({*archive.keys_of(generation), *(one.key for one in listed)})
