"""Where pictures are stored: the keys follow from the row, so storing twice writes the same."""

from __future__ import annotations

from fluxgen.models import Generation
from fluxgen.pictures import THUMBNAILS_PX

PREFIX = "pictures/"


def key(generation: Generation, position: int, variant: str) -> str:
    """Where a picture is stored, by its row."""
    return key_at(generation.public_id, generation.shelf, position, variant)


def key_at(generation_public_id: str, shelf: str | None, position: int, variant: str) -> str:
    """`pictures/<generation>/<position>/<variant>`; since it was put away,
    `pictures/<generation>/<shelf>/<position>/<variant>`."""
    place = f"{shelf}/{position}" if shelf else f"{position}"
    return f"{PREFIX}{generation_public_id}/{place}/{variant}"


def all_of(generation: Generation) -> str:
    """What every key of this generation begins with, wherever its pictures have been."""
    return f"{PREFIX}{generation.public_id}/"


def keys_on(generation: Generation, shelf: str) -> dict[str, str]:
    """Every key of this generation now, and what it is on this shelf."""
    there = keys_of(generation)
    return dict(zip(there, keys_of(generation, shelf), strict=True))


def keys_of(generation: Generation, shelf: str | None = None) -> list[str]:
    """Every key that this generation's pictures can have where they are, or on this shelf."""
    variants = ["original", *(str(side) for side in THUMBNAILS_PX)]
    return [
        key_at(generation.public_id, shelf or generation.shelf, position, variant)
        for position in range(generation.count)
        for variant in variants
    ]
