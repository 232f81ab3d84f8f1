"""Small pictures as bytes, in whatever form a test needs."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from PIL import Image as Pillow

from fluxgen import pictures
from fluxgen.pictures import Picture

ORIENTATION = 0x0112
CAMERA = 0x0110
RED, BLUE = (200, 30, 30), (20, 40, 220)


def drawn(
    file_format: str = "PNG",
    size: tuple[int, int] = (64, 48),
    mode: str = "RGB",
    exif: dict[int, Any] | None = None,
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    picture = Pillow.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, size[0], size[1]))
    told = Pillow.Exif()
    for tag, value in (exif or {}).items():
        told[tag] = value
    out = io.BytesIO()
    picture.convert(mode).save(out, file_format, exif=told)
    return out.getvalue()


def opened(data: bytes) -> Pillow.Image:
    """The bytes as a picture again."""
    picture = Pillow.open(io.BytesIO(data))
    picture.load()
    return picture


@cache
def checked() -> Picture:
    """A picture that has passed our own check."""
    return pictures.decode(drawn())
