"""Where pictures are stored: the keys follow from the row, so storing twice writes the same."""

from __future__ import annotations

from fluxgen.models import Generation
from fluxgen.pictures import THUMBNAILS_PX


def key(generation_public_id: str, position: int, variant: str) -> str:
    """Where a picture is stored: `pictures/<generation>/<position>/<variant>`."""
    return f"pictures/{generation_public_id}/{position}/{variant}"


def keys_of(generation: Generation) -> list[str]:
    """Every key that this generation's pictures can have, stored or not."""
    variants = ["original", *(str(side) for side in THUMBNAILS_PX)]
    return [
        key(generation.public_id, position, variant)
        for position in range(generation.count)
        for variant in variants
    ]
