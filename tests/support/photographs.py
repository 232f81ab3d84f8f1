"""Pictures that people choose as a reference: ordinary, odd and hostile ones."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image as Pillow
from PIL import ImageDraw

PLACE = "Behind the red door, Lindenstr. 7"
"""Stands in the EXIF block of every photograph."""


def photograph(format: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    """A scene with a red upper left corner, its EXIF block telling where it was taken."""
    return encoded(scene(size), format, **{"exif": exif(), **options})


def scene(size: tuple[int, int] = (640, 480), mode: str = "RGB") -> Pillow.Image:
    """Red in the upper left quarter, blue elsewhere."""
    picture = Pillow.new("RGB", size, (20, 40, 200))
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(220, 20, 30))
    return picture.convert(mode)


def encoded(picture: Pillow.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Pillow.Exif:
    """Who, where and which way up."""
    block = Pillow.Exif()
    block[0x0112] = orientation
    block[0x010E] = PLACE  # ImageDescription
    block.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return block


def animated(format: str) -> bytes:
    frames = [scene((32, 32)), Pillow.new("RGB", (32, 32), "white")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    """A small PNG that claims 30,000 × 30,000 pixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def without_rows() -> bytes:
    """A PNG whose lower rows are missing, each chunk of it in order."""
    head = struct.pack(">IIBBBBB", 600, 400, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(3 * 600)) * 100
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def read(data: bytes) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(data))
    picture.load()
    return picture


def is_red(picture: Pillow.Image, place: tuple[float, float]) -> bool:
    """Whether it is red there; the place in shares of its width and height."""
    found = picture.convert("RGB").getpixel(
        (int(place[0] * picture.width), int(place[1] * picture.height))
    )
    assert isinstance(found, tuple)
    return found[0] > 150 and found[2] < 100
