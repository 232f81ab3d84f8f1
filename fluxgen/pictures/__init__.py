"""Pictures as bytes: what they really are, what stands in their files, and what does not.

`decoding` checks and measures, `marking` writes what a file says about its picture, `xmp` has
the words of it, and `png`, `jpeg` and `webp` know the files themselves.
"""

from __future__ import annotations

from fluxgen.pictures.decoding import (
    BROKEN,
    CONTENT_TYPES,
    FORMATS,
    PIXELS_MAX,
    PORTRAIT_PX,
    SIZE_MAX_BYTES,
    THUMBNAILS_PX,
    Picture,
    decode,
    opened,
    portrait,
    remarked,
    upright,
)
from fluxgen.pictures.marking import marked, recipe_in

__all__ = [
    "BROKEN",
    "CONTENT_TYPES",
    "FORMATS",
    "PIXELS_MAX",
    "PORTRAIT_PX",
    "SIZE_MAX_BYTES",
    "THUMBNAILS_PX",
    "Picture",
    "decode",
    "marked",
    "opened",
    "portrait",
    "recipe_in",
    "remarked",
    "upright",
]
