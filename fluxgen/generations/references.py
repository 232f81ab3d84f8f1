"""What generations still know of their reference images: the provider's names of the files."""

from __future__ import annotations

from collections.abc import Collection

from peewee import fn

from fluxgen import clock
from fluxgen.models import UNFINISHED, Generation
from fluxgen.words import N_, _

LEFT_MAX = 100
OVERDUE_S = 3600
"""The provider may be silent for so long before a reference that stays is an alarm."""
NOT_KEPT = N_("The reference image was not kept: choose it again in the studio.")
DELETED = N_(
    "The picture that was its reference image is deleted. Choose another one in the studio."
)


def why_gone(generation: Generation) -> str:
    """Why its reference image cannot be had again, in words."""
    return _(NOT_KEPT if generation.source_position is None else DELETED)


def with_reference_left(limit: int = LEFT_MAX) -> list[Generation]:
    """Ended generations whose file has not been confirmed as deleted, in any order: so no one
    that cannot be deleted stands in the way of the others."""
    return list(
        Generation.select()
        .where(Generation.reference_file.is_null(False) & Generation.status.not_in(UNFINISHED))
        .order_by(fn.RANDOM())
        .limit(limit)
    )


def references_overdue() -> int:
    """Generations that ended an hour ago and still name a reference's file."""
    ended = Generation.status.not_in(UNFINISHED)
    ended &= Generation.finished_at < clock.after(-OVERDUE_S)
    named = Generation.reference_file.is_null(False) | Generation.reference_url.is_null(False)
    return int(Generation.select().where(ended & named).count())


def known_references(file_ids: Collection[str]) -> set[str]:
    """Those of these files that a generation still names."""
    named = Generation.select(Generation.reference_file).where(
        Generation.reference_file.in_(list(file_ids))
    )
    return {row.reference_file for row in named if row.reference_file}


def forget_reference(generation: Generation) -> None:
    """The provider has deleted the file: nothing is left to know of it but that it was there."""
    Generation.update(reference_file=None, reference_url=None).where(
        (Generation.id == generation.id) & Generation.status.not_in(UNFINISHED)
    ).execute()
    generation.reference_file = generation.reference_url = None
