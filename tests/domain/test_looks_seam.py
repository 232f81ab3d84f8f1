"""The seam of a tile: found where it shows, and only there."""

from __future__ import annotations

import math
import random

import pytest
from PIL import Image, ImageChops, ImageFilter

from fluxgen.looks import seam

SIDE = 256


def waves(width: int, height: int, across: float = 3, down: float = 2) -> Image.Image:
    """Waves that fit the tile when both numbers are whole."""
    tile = Image.new("L", (width, height))
    tile.putdata(
        [
            round(
                128
                + 60 * math.sin(2 * math.pi * across * x / width)
                + 60 * math.cos(2 * math.pi * down * y / height)
            )
            for y in range(height)
            for x in range(width)
        ]
    )
    return tile.convert("RGB")


def grain(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))


def spots(side: int) -> Image.Image:
    """Soft spots that go on beyond every edge."""
    rough = grain(side)
    tiled = Image.new("RGB", (side * 3, side * 3))
    for x in range(3):
        for y in range(3):
            tiled.paste(rough, (x * side, y * side))
    soft = tiled.filter(ImageFilter.GaussianBlur(6)).crop((side, side, side * 2, side * 2))
    return soft.point(lambda level: max(0, min(255, (level - 128) * 8 + 128)))


def gradient(side: int) -> Image.Image:
    return Image.linear_gradient("L").resize((side, side)).convert("RGB")


@pytest.mark.parametrize(
    "tile",
    [waves(SIDE, SIDE), waves(1024, 1024), grain(SIDE), spots(SIDE), Image.new("RGB", (64, 64))],
    ids=["waves", "large waves", "grain", "spots", "flat"],
)
def test_a_tile_that_goes_on_passes_wherever_it_is_cut(tile: Image.Image) -> None:
    assert seam.is_seamless(tile)
    assert seam.is_seamless(ImageChops.offset(tile, tile.width // 3, tile.height // 5))


@pytest.mark.parametrize(
    "tile",
    [
        gradient(SIDE),
        gradient(SIDE).rotate(90),
        waves(SIDE, SIDE, across=3.25),
        waves(SIDE, SIDE, down=2.25),
        spots(SIDE).crop((0, 0, 180, 256)),
        spots(SIDE).crop((0, 0, 256, 180)),
        grain(SIDE).filter(ImageFilter.GaussianBlur(8)),
    ],
    ids=["down", "across", "waves cut", "waves cut below", "spots cut", "spots cut below", "blur"],
)
def test_a_tile_that_ends_does_not(tile: Image.Image) -> None:
    assert not seam.is_seamless(tile)


def test_the_score_says_how_much_it_shows() -> None:
    assert seam.score(gradient(SIDE)) > 50
    assert seam.score(waves(SIDE, SIDE)) < 2


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (2, 2), (4000, 30)])
def test_any_size_has_a_score(size: tuple[int, int]) -> None:
    assert seam.score(Image.new("RGBA", size, "red")) == 0
