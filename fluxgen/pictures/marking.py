"""What stands in a picture's file: the mark of what a model made, a recipe on demand, no more.

The pixels are not touched: the file is put together anew around them, with the colour profile
and the turning that show them as they are, and without anything else that came along.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import ModuleType

from fluxgen.pictures import jpeg, png, webp, xmp

FILES: dict[str, ModuleType] = {"png": png, "jpg": jpeg, "webp": webp}
STARTS = {png.SIGNATURE: "png", jpeg.START: "jpg", b"RIFF": "webp"}
UPRIGHT = 1


def marked(
    data: bytes,
    picture_format: str,
    recipe: Mapping[str, str] | None = None,
    *,
    orientation: int = UPRIGHT,
) -> bytes:
    """The same picture, marked as made by a model. Marking twice is marking once.

    Raises `ValueError` where the file is not whole.
    """
    exif = _turned(orientation) if orientation in range(UPRIGHT + 1, 9) else b""
    rewritten: bytes = FILES[picture_format].rewritten(data, xmp.packet(recipe), exif)
    return rewritten


def recipe_in(data: bytes) -> dict[str, str]:
    """The recipe that a working copy's file carries, by name; empty where there is none.

    The file's beginning is enough.
    """
    name = next((kind for start, kind in STARTS.items() if data.startswith(start)), None)
    if name is None:
        return {}
    try:
        found: bytes | None = FILES[name].xmp(data)
    except (ValueError, struct.error):
        return {}
    return xmp.recipe_of(found) if found else {}


def _turned(orientation: int) -> bytes:
    """An EXIF block that says how to turn the picture, and nothing else."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
