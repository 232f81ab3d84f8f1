"""Scenes of solid shapes under one sun, followed ray by ray.

A scene colours points of the picture plane; `rendered` asks for every pixel's centre first,
and again for four places inside each pixel that lies on an edge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from fluxgen.sandbox.painting_canvas import Canvas, Plane

Shade = Callable[[Plane, Plane], Plane]
"""Colours (n by 3) of n points of the picture plane, given across and down."""

Mask = npt.NDArray[np.bool_]

EDGE = 0.045
NOWHERE = np.float32(1e9)


@dataclass(frozen=True)
class Rays:
    """Many rays: origins and directions, each three planes of the same length."""

    origin: tuple[Plane, Plane, Plane]
    way: tuple[Plane, Plane, Plane]

    def some(self, chosen: "Mask | npt.NDArray[np.intp]") -> "Rays":
        """Those of the rays that are chosen."""
        x, y, z = (one[chosen] for one in self.origin)
        a, b, c = (one[chosen] for one in self.way)
        return Rays((x, y, z), (a, b, c))

    def at(self, t: Plane) -> tuple[Plane, Plane, Plane]:
        """The points `t` along the rays."""
        x, y, z = (o + d * t for o, d in zip(self.origin, self.way, strict=True))
        return x, y, z


@dataclass(frozen=True)
class Camera:
    """An eye at `place` that looks at `target`; `zoom` is the distance of the picture plane."""

    place: tuple[float, float, float]
    target: tuple[float, float, float]
    zoom: float

    def rays(self, across: Plane, down: Plane) -> Rays:
        """Rays through points of the picture plane."""
        forward = _unit(np.subtract(self.target, self.place))
        right = _unit(np.cross((0, 1, 0), forward))
        up = np.cross(forward, right)
        way = [forward[n] * self.zoom + right[n] * across - up[n] * down for n in range(3)]
        size = np.sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2)
        x, y, z = (np.full_like(across, one) for one in self.place)
        return Rays((x, y, z), (way[0] / size, way[1] / size, way[2] / size))


def unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    """A direction of length 1."""
    a, b, c = _unit(np.array([x, y, z], np.float64))
    return float(a), float(b), float(c)


def dot(one: Sequence[Plane], other: Sequence[Plane | float]) -> Plane:
    """The product of directions, ray by ray."""
    product: Plane = one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
    return product


def linear(colours: Plane) -> Plane:
    """Picture colours as amounts of light."""
    return np.asarray(colours, np.float32) ** np.float32(2.2)


def developed(light: Plane) -> Plane:
    """Light to picture: highlights roll off as on film."""
    scaled = light * 0.62
    curve = scaled * (2.51 * scaled + 0.03) / (scaled * (2.43 * scaled + 0.59) + 0.14)
    picture: Plane = np.clip(curve, 0, 1) ** (1 / 2.2)
    return picture.astype(np.float32)


def rendered(canvas: Canvas, shade: Shade) -> Plane:
    """The picture, smooth at its edges."""
    picture = shade(canvas.x.ravel(), canvas.y.ravel()).reshape(canvas.height, canvas.width, 3)
    rough = _edges(picture)
    x, y = canvas.x[rough], canvas.y[rough]
    gap = canvas.pixel / 4
    total = np.zeros((len(x), 3), np.float32)
    for right, low in ((-1.3, -0.5), (0.5, -1.3), (1.3, 0.5), (-0.5, 1.3)):
        total += shade(x + np.float32(right * gap), y + np.float32(low * gap))
    picture[rough] = total / 4
    return picture


def _edges(picture: Plane) -> Mask:
    rough = np.zeros(picture.shape[:2], bool)
    below = (np.abs(np.diff(picture, axis=0)) > EDGE) @ np.ones(3, bool)
    beside = (np.abs(np.diff(picture, axis=1)) > EDGE) @ np.ones(3, bool)
    rough[1:] |= below
    rough[:-1] |= below
    rough[:, 1:] |= beside
    rough[:, :-1] |= beside
    return rough


def _unit(vector: npt.NDArray[np.floating]) -> Plane:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@dataclass(frozen=True)
class Hit:
    """Where rays meet a shape first, and which way its surface faces there."""

    t: Plane
    normal: tuple[Plane, Plane, Plane]


@dataclass(frozen=True)
class Box:
    """A block between two corners."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]

    def hit(self, rays: Rays) -> Hit:
        """The first meeting; `t` is `NOWHERE` without one."""
        enter, near, far = self._passage(rays)
        t = np.where((near < far) & (near > 1e-3), near, NOWHERE)
        x, y, z = (
            np.where(one == near, -np.sign(way), np.float32(0))
            for one, way in zip(enter, rays.way, strict=True)
        )
        return Hit(t, (x, y, z))

    def is_crossed(self, rays: Rays) -> Mask:
        """Which rays go through it, or begin inside it."""
        _, near, far = self._passage(rays)
        crossed: Mask = (near < far) & (far > 0)
        return crossed

    def _passage(self, rays: Rays) -> tuple[list[Plane], Plane, Plane]:
        """Where rays enter each pair of faces, enter all of them, and leave the first."""
        enter, leave = [], []
        for o, d, low, high in zip(rays.origin, rays.way, self.low, self.high, strict=True):
            inverse = 1 / np.where(np.abs(d) < 1e-7, np.float32(1e-7), d)
            one, other = (low - o) * inverse, (high - o) * inverse
            enter.append(np.minimum(one, other))
            leave.append(np.maximum(one, other))
        near = np.maximum(np.maximum(enter[0], enter[1]), enter[2])
        far = np.minimum(np.minimum(leave[0], leave[1]), leave[2])
        return enter, near, far


@dataclass(frozen=True)
class Blocks:
    """Boxes close together; rays that miss the space around them are not followed further."""

    boxes: tuple[Box, ...]

    @cached_property
    def _around(self) -> Box:
        lows, highs = [one.low for one in self.boxes], [one.high for one in self.boxes]
        low_x, low_y, low_z = (min(axis) for axis in zip(*lows, strict=True))
        high_x, high_y, high_z = (max(axis) for axis in zip(*highs, strict=True))
        return Box((low_x, low_y, low_z), (high_x, high_y, high_z))

    def hit(self, rays: Rays) -> Hit:
        """The first meeting with any of the boxes."""
        near = self._around.is_crossed(rays)
        t = np.full_like(rays.way[0], NOWHERE)
        normal = [np.zeros_like(t) for _ in range(3)]
        few = rays.some(near)
        best, facing = t[near], [one[near] for one in normal]
        for box in self.boxes:
            hit = box.hit(few)
            closer = hit.t < best
            best = np.where(closer, hit.t, best)
            for n in range(3):
                facing[n] = np.where(closer, hit.normal[n], facing[n])
        t[near] = best
        for n in range(3):
            normal[n][near] = facing[n]
        return Hit(t, (normal[0], normal[1], normal[2]))


@dataclass(frozen=True)
class Ball:
    """A sphere."""

    centre: tuple[float, float, float]
    radius: float

    def hit(self, rays: Rays) -> Hit:
        """The first meeting."""
        to = [o - c for o, c in zip(rays.origin, self.centre, strict=True)]
        half = dot(to, rays.way)
        rest = dot(to, to) - self.radius**2
        inside = half * half - rest
        t = -half - np.sqrt(np.clip(inside, 0, None))
        t = np.where((inside > 0) & (t > 1e-3), t, NOWHERE)
        x, y, z = ((a + d * t) / self.radius for a, d in zip(to, rays.way, strict=True))
        return Hit(t, (x, y, z))

    def seen_by(self, rays: Rays, place: tuple[float, float, float]) -> Mask:
        """Which of the rays from one place meet it: those within its angle."""
        to = np.subtract(self.centre, place)
        far = float(np.linalg.norm(to))
        toward = [float(one) / far for one in to]
        met: Mask = dot(rays.way, toward) > float(np.sqrt(1 - (self.radius / far) ** 2))
        return met

    def hides(self, point: Sequence[Plane], sun: Sequence[float], softness: float) -> Plane:
        """How much of a wide sun the ball takes away from points, from 0 to 1."""
        to = [c - p for c, p in zip(self.centre, point, strict=True)]
        ahead = dot(to, sun)
        miss = np.sqrt(np.clip(dot(to, to) - ahead * ahead, 0, None))
        blur = softness * np.clip(ahead, 0.02, None)
        share = np.clip((self.radius + blur - miss) / (2 * blur), 0, 1)
        shade: Plane = share * share * (3 - 2 * share) * (ahead > 0)
        return shade
