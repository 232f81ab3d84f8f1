"""From the provider's addresses to our storage, proved by reading back."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace

from fluxgen import adapters, archive, clock, generations, pictures
from fluxgen.adapters.images import Progress
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.models import Generation
from fluxgen.pictures import Picture

STORE_WITHIN_S = 3000
"""Replicate removes outputs after 60 minutes (provider-facts 1.2); we give up at 50."""
ALARM_AFTER_S = 600

log = logging.getLogger(__name__)


def store(generation: Generation) -> list[Picture]:
    """Store every picture that can be had, at most as many as were asked for.

    Raises `NeverWill` when there is none, `MayWorkLater` when it is worth trying again.
    """
    stored: list[Picture] = []
    refusal = NeverWill("nothing")
    for url in _output_urls(generation)[: generation.count]:
        generations.renew(generation)
        try:
            picture = pictures.decode(adapters.current().outputs.fetch(url))
        except NeverWill as refused:
            refusal = refused
            continue
        picture = replace(picture, flaw=generations.flaw_of(generation, picture))
        generations.renew(generation)
        _keep(generation, len(stored), picture)
        stored.append(picture)
    if not stored:
        raise refusal
    return stored


def prediction_id(generation: Generation) -> str:
    """The provider's name for it; it has one from RUNNING on."""
    if generation.prediction_id is None:
        raise NeverWill("internal")
    return generation.prediction_id


def _output_urls(generation: Generation) -> tuple[str, ...]:
    """Asked anew each time: the addresses are the provider's to tell, not ours to keep."""
    prediction = adapters.current().images.check(prediction_id(generation))
    if prediction.progress is not Progress.SUCCEEDED or prediction.failure:
        raise NeverWill(prediction.failure or "failed")
    return prediction.output_urls


def _keep(generation: Generation, position: int, picture: Picture) -> None:
    """Put the original and its thumbnails, and compare what comes back with what went in."""
    if (clock.now() - generation.stored_from_at).total_seconds() > ALARM_AFTER_S:
        log.error("storing overdue", extra={"generation_id": generation.id})
    content_type = pictures.CONTENT_TYPES[picture.format]
    put_and_compare(archive.key(generation, position, "original"), picture.data, content_type)
    for side, thumbnail in picture.thumbnails.items():
        key = archive.key(generation, position, str(side))
        generations.renew(generation)
        put_and_compare(key, thumbnail, pictures.CONTENT_TYPES["webp"])


def forget(generation: Generation) -> None:
    """Remove what was stored of a generation that ended without a picture after all."""
    if generation.stored_from_at is None:
        return
    try:
        adapters.current().storage.delete(archive.keys_of(generation))
    except MayWorkLater:  # they go with the row, at the latest
        log.warning("leftovers stay", extra={"generation_id": generation.id})


def put_and_compare(key: str, data: bytes, content_type: str) -> None:
    """Keep bytes, and compare what comes back with what went in. Raises `MayWorkLater`."""
    storage = adapters.current().storage
    storage.put(key, data, content_type)
    try:
        returned = storage.get(key)
    except NeverWill as missing:
        raise MayWorkLater("stored, and then it was not there") from missing
    if hashlib.sha256(returned).digest() != hashlib.sha256(data).digest():
        raise MayWorkLater("what came back is not what was stored")
