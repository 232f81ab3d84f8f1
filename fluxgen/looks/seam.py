"""Whether a tile goes on: its opposite edges compared with neighbours inside it."""

from __future__ import annotations

from PIL import Image, ImageChops

SIDE_PX = 512
"""Tiles are compared at no more than this, so that grain and compression do not count."""
USUAL = 0.9
"""The step that 90 of 100 neighbouring lines stay below is still usual in this picture."""
FLAT = 1.0
"""Steps below this (levels of 255) are nothing to see, however flat the rest is."""
TOLERANCE = 1.6
"""How many usual steps the seam may be; above it one sees where the tile ends."""


def score(tile: Image.Image) -> float:
    """The worse seam in usual steps: about 1 where it cannot be found, far more where it shows."""
    small = tile.convert("RGB")
    small = small.reduce(max(1, -(-max(small.size) // SIDE_PX)))
    return max(_seam(small), _seam(small.transpose(Image.Transpose.ROTATE_90)))


def is_seamless(tile: Image.Image) -> bool:
    """Whether nobody will see where one tile ends and the next begins."""
    return score(tile) <= TOLERANCE


def _seam(tile: Image.Image) -> float:
    """The step from the last column to the first, in usual steps between columns."""
    turned = ImageChops.offset(tile, 1, 0)
    steps = (
        ImageChops.difference(tile, turned)
        .convert("L")
        .resize((tile.width, 1), Image.Resampling.BOX)
    )
    seam, *inside = _levels(steps)
    usual = sorted(inside)[int(len(inside) * USUAL)] if inside else 0.0
    return seam / max(usual, FLAT)


def _levels(line: Image.Image) -> list[float]:
    return [float(level) for level in line.tobytes()]
