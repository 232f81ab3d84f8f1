"""The ground all motifs paint on: coordinates, noise, soft edges and a last touch of grain.

Lengths are in units of the picture's shorter side, so that a motif looks alike at any size.
"""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

Plane = npt.NDArray[np.floating]
"""One number for each pixel, height by width; pictures have a third axis of red, green, blue."""

_TILE_PX = 1024
_TILES = 3


@dataclass
class Canvas:
    """Size, coordinates and chance of one picture.

    `family` depends on the words only and `chance` on words and seed: what is drawn from
    the first stays when a person asks for the same prompt with another seed.
    """

    width: int
    height: int
    family: np.random.Generator
    chance: np.random.Generator
    detail: float = 1.0
    words: frozenset[str] = frozenset()
    side: int = field(init=False)
    x: Plane = field(init=False)
    y: Plane = field(init=False)

    def __post_init__(self) -> None:
        self.side = min(self.width, self.height)
        across = (np.arange(self.width, dtype=np.float32) + 0.5 - self.width / 2) / self.side
        down = (np.arange(self.height, dtype=np.float32) + 0.5 - self.height / 2) / self.side
        self.x, self.y = (np.ascontiguousarray(one) for one in np.meshgrid(across, down))

    @property
    def pixel(self) -> float:
        """The size of one pixel."""
        return 1.0 / self.side

    @property
    def across(self) -> Plane:
        """0 at the left edge to 1 at the right, one row."""
        return (np.arange(self.width, dtype=np.float32) + 0.5) / self.width

    @property
    def down(self) -> Plane:
        """0 at the top to 1 at the bottom, one column."""
        return ((np.arange(self.height, dtype=np.float32) + 0.5) / self.height)[:, None]

    def blank(self) -> Plane:
        """A black picture."""
        return np.zeros((self.height, self.width, 3), np.float32)

    def noise(self, cells: int = 4, octaves: int = 9) -> "Noise":
        """A noise of its own place in one of a few tiles; fewer octaves make it smoother."""
        return Noise(
            _tile(int(self.chance.integers(_TILES)), cells, octaves),
            cells,
            self.chance.uniform(0, cells, 2).astype(np.float32),
        )

    def soft(self, plane: Plane, radius: float) -> Plane:
        """The plane blurred over `radius`."""
        return blurred(plane, radius * self.side)


@dataclass(frozen=True)
class Noise:
    """Smooth noise of many octaves, about -1 to 1, that repeats every `cells` units."""

    tile: Plane
    cells: int
    offset: Plane

    def __call__(self, x: Plane | float, y: Plane | float) -> Plane:
        scale = np.float32(_TILE_PX / self.cells)
        u = (np.asarray(x, np.float32) + self.offset[0]) * scale
        v = (np.asarray(y, np.float32) + self.offset[1]) * scale
        left, top = np.floor(u), np.floor(v)
        fx, fy = u - left, v - top
        i, j = left.astype(np.int32), top.astype(np.int32)
        mask = _TILE_PX - 1
        i0, i1 = i & mask, (i + 1) & mask
        j0, j1 = (j & mask) * _TILE_PX, ((j + 1) & mask) * _TILE_PX
        flat = self.tile
        upper = flat[j0 + i0] * (1 - fx) + flat[j0 + i1] * fx
        lower = flat[j1 + i0] * (1 - fx) + flat[j1 + i1] * fx
        mixed: Plane = upper * (1 - fy) + lower * fy
        return mixed


@cache
def _tile(number: int, cells: int, octaves: int) -> Plane:
    """A square of noise that fits to itself, flattened, with a spread of 0.4."""
    chance = np.random.default_rng((number, cells))
    total = np.zeros((_TILE_PX, _TILE_PX), np.float32)
    lattice, strength = cells, 1.0
    for _ in range(octaves):
        if lattice > _TILE_PX // 2:
            break
        grid = chance.uniform(-1, 1, (lattice, lattice)).astype(np.float32)
        total += strength * _spread(grid)
        lattice, strength = lattice * 2, strength * 0.5
    total *= 0.4 / total.std()
    return total.ravel()


def _spread(grid: Plane) -> Plane:
    """A small square enlarged to a tile, smoothly over its edges."""
    around = 2
    step = _TILE_PX // len(grid)
    padded = np.pad(grid, around, mode="wrap")
    large = resized(padded, step * len(padded), step * len(padded))
    return large[around * step :, around * step :][:_TILE_PX, :_TILE_PX]


def resized(plane: Plane, width: int, height: int, *, smooth: bool = True) -> Plane:
    """The plane at another size."""
    way = Image.Resampling.BICUBIC if smooth else Image.Resampling.BOX
    return np.asarray(Image.fromarray(plane).resize((width, height), way), np.float32)


def blurred(plane: Plane, radius_px: float) -> Plane:
    """A Gaussian-like blur: shrink, three passes of a box, enlarge."""
    shrink = max(1, int(radius_px / 2.5))
    height, width = plane.shape
    small = plane
    if shrink > 1:
        small = resized(plane, max(4, width // shrink), max(4, height // shrink), smooth=False)
    reach = max(1, round(radius_px / shrink * 0.9))
    for axis in (0, 1):
        for _ in range(3):
            small = _box(small, reach, axis)
    return resized(small, width, height) if shrink > 1 else small


def softened(mask: Plane, radius_px: float) -> Plane:
    """A blur for planes from 0 to 1 where 256 steps are enough: much faster."""
    grey = Image.fromarray((mask * 255 + 0.5).astype(np.uint8))
    soft = np.asarray(grey.filter(ImageFilter.GaussianBlur(radius_px)), np.float32)
    return soft / np.float32(255)


def _box(plane: Plane, reach: int, axis: int) -> Plane:
    """The mean over `reach` neighbours to both sides; edges are repeated."""
    reach = min(reach, plane.shape[axis] - 1)
    around = [(0, 0), (0, 0)]
    around[axis] = (reach + 1, reach)
    total = np.cumsum(np.pad(plane, around, mode="edge"), axis=axis, dtype=np.float64)
    size = plane.shape[axis]
    ends = np.take(total, np.arange(2 * reach + 1, 2 * reach + 1 + size), axis=axis)
    starts = np.take(total, np.arange(size), axis=axis)
    return ((ends - starts) / (2 * reach + 1)).astype(np.float32)


def shifted(plane: Plane, right: int, down: int) -> Plane:
    """The plane moved by whole pixels (0 or more); what comes in repeats the edge."""
    height, width = plane.shape
    moved: Plane = np.pad(plane, ((down, 0), (right, 0)), mode="edge")[:height, :width]
    return moved


def step(edge: float, end: float, value: Plane) -> Plane:
    """0 below `edge`, 1 above `end`, a smooth rise between (also when `end` is below)."""
    t = np.clip((value - edge) / (end - edge), 0, 1).astype(np.float32)
    rise: Plane = t * t * (3 - 2 * t)
    return rise


def over(picture: Plane, colour: Plane, cover: Plane) -> None:
    """Lay a colour over the picture where `cover` is above 0; changes the picture."""
    picture += (colour - picture) * cover[..., None]


def line(chance: np.random.Generator, across: Plane, waves: float, octaves: int) -> Plane:
    """A smooth random line along `across`, about -1 to 1."""
    total = np.zeros_like(across)
    strength = reach = 0.0
    for octave in range(octaves):
        knots = int(waves * 2**octave) + 4
        heights = chance.uniform(-1, 1, knots)
        place = across * waves * 2**octave + chance.uniform(0, 1)
        left = np.clip(place.astype(np.int32), 0, knots - 2)
        t = place - left
        t = t * t * (3 - 2 * t)
        share = 0.5**octave
        total += (share * (heights[left] * (1 - t) + heights[left + 1] * t)).astype(np.float32)
        reach += share
        strength = max(strength, reach)
    return (total / strength * 1.6).astype(np.float32)


def finished(
    canvas: Canvas, picture: Plane, *, grain: float = 0.012, vignette: float = 0.12
) -> Plane:
    """The last touch: a slightly darker rim, and fine grain like that of film."""
    if vignette:
        half_w, half_h = canvas.width / canvas.side / 2, canvas.height / canvas.side / 2
        away = (canvas.x / half_w) ** 2 + (canvas.y / half_h) ** 2
        picture = picture * (1 - vignette * step(0.5, 2.2, away))[..., None]
    speckle = canvas.chance.standard_normal((canvas.height, canvas.width), np.float32)
    speckle = _box(_box(speckle, 1, 0), 1, 1) * 1.6
    return picture + (grain / canvas.detail) * speckle[..., None]
