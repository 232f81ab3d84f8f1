"""Deleted pictures really go: objects first, then the rows that named them."""

from __future__ import annotations

import logging

from fluxgen import adapters, archive
from fluxgen.errors import LeaseLost, MayWorkLater

PURGE = "fluxgen.jobs.archive.purge"

log = logging.getLogger(__name__)


def purge(generation_id: int) -> None:
    """Remove one deleted generation for good; a store that is down only delays it."""
    generation = archive.claim_purge(generation_id)
    if generation is None:
        return
    try:
        adapters.current().storage.delete(archive.keys_of(generation))
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
        try:
            adapters.current().storage.delete(archive.keys_of_picture(gone))
        except MayWorkLater as trouble:
            extra = {"generation_id": gone.generation_id, "reason": str(trouble)}
            log.warning("purge put back", extra=extra)
            break
        archive.purge_picture(gone)
        purged += 1
    return purged
