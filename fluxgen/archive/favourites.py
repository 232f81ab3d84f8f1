"""Favourites: marked by the person, found by a filter."""

from __future__ import annotations

from peewee import fn

from fluxgen import clock
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Generation, Status
from fluxgen.words import _


def mark(generation: Generation) -> Generation:
    """Make a finished one a favourite; twice is once. Raises `Refused`."""
    return _set(generation, is_favourite=True)


def unmark(generation: Generation) -> Generation:
    """It is no favourite any more; twice is once. Raises `Refused`."""
    return _set(generation, is_favourite=False)


def _set(generation: Generation, *, is_favourite: bool) -> Generation:
    kept = (
        (Generation.id == generation.id)
        & (Generation.status == Status.DONE)
        & Generation.deleted_at.is_null()
    )
    now = Generation.favourite_at.db_value(clock.now())
    first = fn.COALESCE(Generation.favourite_at, now, coerce=False) if is_favourite else None
    with transaction():
        changed: list[Generation] = list(
            Generation.update(favourite_at=first).where(kept).returning(Generation).execute()
        )
        if not changed:
            raise Refused(
                _("Only a finished picture can be a favourite. Wait until this one is done.")
            )
        index.enter(changed[0])
    return changed[0]
