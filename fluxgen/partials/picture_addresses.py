"""Where a page finds a picture's bytes: at our own address, or signed in the bucket.

A page carries signed addresses itself, so that sixty tiles do not ask us sixty times. They end;
then the page asks at the lasting address (`static/js/pictures.js`), which sends it to a fresh one.
"""

from __future__ import annotations

from fluxgen import adapters
from fluxgen.archive import key_at
from fluxgen.models import Generation, Image


def address(generation: Generation, image: Image, variant: str) -> str:
    """Where a page finds this variant of a picture."""
    return address_at(
        generation.public_id, generation.shelf, image.position, image.public_id, variant
    )


def address_at(
    generation_public_id: str, shelf: str | None, position: int, public_id: str, variant: str
) -> str:
    """The same, for whoever has no rows."""
    storage = adapters.current().storage
    if storage.has_links:
        signed = storage.link(key_at(generation_public_id, shelf, position, variant))
        if signed:
            return signed
    return f"{lasting(public_id)}{variant}"


def lasting(public_id: str) -> str:
    """Our own address of a picture, to which the variant is added."""
    return f"/images/{public_id}/"


def fallback(public_id: str) -> str:
    """The lasting address where a page carries one that ends; otherwise nothing."""
    return lasting(public_id) if adapters.current().storage.has_links else ""
