"""What a picture really is, its thumbnails, and nine colours of it.

Our own decoder decides; what a provider says about a file is not believed, and what it wrote
into the file does not stay there.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image as Pillow
from PIL import ImageOps

from fluxgen.errors import NeverWill
from fluxgen.pictures import png
from fluxgen.pictures.marking import UPRIGHT, marked

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
SIZE_MAX_BYTES = 40 * 1024 * 1024
PIXELS_MAX = 25_000_000
THUMBNAILS_PX = (640, 320)
PORTRAIT_PX = 96
THUMBNAIL_QUALITY = 78
ORIENTATION = 0x0112

BROKEN = (OSError, SyntaxError, ValueError, KeyError, TypeError, struct.error)
"""Pillow's ways of saying that a file is broken, or no picture."""

Pillow.MAX_IMAGE_PIXELS = PIXELS_MAX


@dataclass(frozen=True)
class Picture:
    """A checked picture: its bytes, its measures, what is shown before it is loaded, and what
    its Look's own check found wrong."""

    data: bytes
    format: str
    width: int
    height: int
    sha256: str
    placeholder: str
    thumbnails: dict[int, bytes]
    flaw: str | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the image's row keeps of it."""
        return {
            "width": self.width,
            "height": self.height,
            "format": self.format,
            "size_bytes": len(self.data),
            "sha256": self.sha256,
            "placeholder": self.placeholder,
            "flaw": self.flaw,
            "is_marked": True,
        }


def decode(data: bytes) -> Picture:
    """Check and measure a picture, and mark it as made by a model.

    Raises `NeverWill` (not_a_picture, too_large).
    """
    if len(data) > SIZE_MAX_BYTES:
        raise NeverWill("too_large")
    found = opened(data)
    data = _marked(data, found)
    shown = upright(found).convert("RGB")
    thumbnails = {}
    smaller = shown
    for side in THUMBNAILS_PX:  # each is made from the one before, largest first
        smaller = _within(smaller, side)
        thumbnails[side] = marked(_webp(smaller), "webp")
    return Picture(
        data=data,
        format=FORMATS[str(found.format)],
        width=shown.width,
        height=shown.height,
        sha256=hashlib.sha256(data).hexdigest(),
        placeholder=_nine_colours(smaller),
        thumbnails=thumbnails,
    )


def portrait(data: bytes) -> bytes:
    """A person's picture drawn anew as a square WebP, without anything that rode along.

    Raises `NeverWill`.
    """
    square = ImageOps.fit(upright(opened(data)).convert("RGB"), (PORTRAIT_PX, PORTRAIT_PX))
    return _webp(square)


def opened(data: bytes, *, enough_px: int | None = None) -> Pillow.Image:
    """The decoded picture, with its pixels counted before they are unpacked.

    Where `enough_px` on either side suffice, a large JPEG is decoded at half its size, a
    quarter or an eighth. Raises `NeverWill` (not_a_picture, too_large).
    """
    try:
        found = Pillow.open(io.BytesIO(data), formats=tuple(FORMATS))
        if found.width * found.height > PIXELS_MAX:
            raise NeverWill("too_large")
        if enough_px is not None:
            found.draft(None, (enough_px, enough_px))
        found.load()
        if found.format == "PNG" and not png.is_whole(data):
            raise NeverWill("not_a_picture")
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        raise NeverWill("too_large") from None
    except BROKEN:
        raise NeverWill("not_a_picture") from None
    return found


def upright(picture: Pillow.Image) -> Pillow.Image:
    """Turned as its EXIF says; a broken EXIF block says nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def remarked(data: bytes, recipe: Mapping[str, str] | None = None) -> bytes:
    """A stored picture's file with the AI mark, and this recipe where one is given; turned as
    before. Raises `NeverWill` (not_a_picture)."""
    return _marked(data, opened(data), recipe)


def _marked(data: bytes, picture: Pillow.Image, recipe: Mapping[str, str] | None = None) -> bytes:
    """The same pixels, turned as before, in a file that says who made them and nothing else."""
    try:
        turned = int(picture.getexif().get(ORIENTATION, UPRIGHT))
    except BROKEN:
        turned = UPRIGHT
    try:
        return marked(data, FORMATS[str(picture.format)], recipe, orientation=turned)
    except BROKEN:
        raise NeverWill("not_a_picture") from None


def _within(picture: Pillow.Image, side: int) -> Pillow.Image:
    """The picture with its long side at most `side` pixels; never enlarged."""
    smaller = picture.copy()
    smaller.thumbnail((side, side), Pillow.Resampling.LANCZOS)
    return smaller


def _webp(picture: Pillow.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=THUMBNAIL_QUALITY, method=4)
    return out.getvalue()


def _nine_colours(picture: Pillow.Image) -> str:
    """The picture as 3×3 pixels, each as three hex digits: 27 characters."""
    tiny = picture.resize((3, 3), Pillow.Resampling.BOX)
    return "".join(f"{channel >> 4:x}" for channel in tiny.tobytes())
