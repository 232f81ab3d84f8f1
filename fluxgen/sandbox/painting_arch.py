"""Plain walls in strong sun: an arch, steps, a ball, and the shadow that crosses them."""

from dataclasses import dataclass

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane
from fluxgen.sandbox.painting_colour import mix, rgb
from fluxgen.sandbox.painting_light import (
    NOWHERE,
    Ball,
    Blocks,
    Box,
    Camera,
    Hit,
    Mask,
    Rays,
    developed,
    dot,
    linear,
    rendered,
    unit,
)
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)
_WALL_Z, _WALL_BACK, _FAR_Z = 4.0, 4.85, 9.5


@dataclass(frozen=True)
class ArchedWall:
    """A thick wall facing us, with a round-headed opening."""

    middle: float
    half: float
    spring: float
    top: float

    def is_open(self, x: Plane, y: Plane) -> Mask:
        """Whether a place on the wall lies in the opening."""
        away = np.abs(x - self.middle)
        above = np.clip(y - self.spring, 0, None)
        inside: Mask = (away**2 + above**2 < self.half**2) & (away < self.half)
        return inside

    def hit(self, rays: Rays) -> Hit:
        """The face first, else the inner side of the opening."""
        ox, oy, oz = rays.origin
        dx, dy, dz = rays.way
        safe = np.where(np.abs(dz) < 1e-7, np.float32(1e-7), dz)
        t = (_WALL_Z - oz) / safe
        x, y = ox + dx * t, oy + dy * t
        on_face = (t > 1e-3) & (y < self.top) & ~self.is_open(x, y)
        inner, side = self._inner(rays)
        best = np.minimum(np.where(on_face, t, NOWHERE), inner)
        face = on_face & (t <= inner)
        zero = np.zeros_like(best)
        return Hit(
            best,
            (
                np.where(face, 0, side[0]),
                np.where(face, 0, side[1]),
                np.where(face, -np.sign(dz), zero),
            ),
        )

    def _inner(self, rays: Rays) -> tuple[Plane, tuple[Plane, Plane]]:
        """Where rays leave the opening through its jamb or vault."""
        ox, oy, _ = rays.origin
        dx, dy, _ = rays.way
        toward = np.where(np.abs(dx) < 1e-7, np.float32(1e-7), dx)
        jamb = (self.middle + np.sign(toward) * self.half - ox) / toward
        _, jamb_y, jamb_z = rays.at(jamb)
        in_jamb = (jamb > 1e-3) & (jamb_y < self.spring) & (jamb_y > 0)
        in_jamb &= (jamb_z > _WALL_Z) & (jamb_z < _WALL_BACK)
        px, py = ox - self.middle, oy - self.spring
        a = dx * dx + dy * dy + 1e-9
        half = px * dx + py * dy
        root = half * half - a * (px * px + py * py - self.half**2)
        vault = (-half + np.sqrt(np.clip(root, 0, None))) / a
        x, y, z = rays.at(vault)
        in_vault = (root > 0) & (vault > 1e-3) & (y >= self.spring)
        in_vault &= (z > _WALL_Z) & (z < _WALL_BACK)
        t = np.minimum(np.where(in_jamb, jamb, NOWHERE), np.where(in_vault, vault, NOWHERE))
        flat = in_jamb & (jamb <= t)
        normal_x = np.where(flat, -np.sign(toward), -(x - self.middle) / self.half)
        normal_y = np.where(flat, 0, -(y - self.spring) / self.half)
        return t, (normal_x, normal_y)


class Courtyard:
    """The scene: shapes, colours and sun."""

    def __init__(self, canvas: Canvas, palette: Palette) -> None:
        family, chance = canvas.family, canvas.chance
        self.plaster = canvas.noise(16)
        side = 1.0 if family.uniform() < 0.6 else -1.0
        middle = side * (1.05 + chance.uniform(-0.35, 0.35))
        half = 0.78 + chance.uniform(-0.12, 0.16)
        self.wall = ArchedWall(middle, half, 1.75 + chance.uniform(-0.25, 0.35), 4.3)
        self.stair = _steps(side, int(family.integers(6, 9)))
        inner, outer = sorted((-side * 3.3, -side * 9))
        self.side_wall = Box((inner, 0, -4), (outer, 5.4, 4.0))
        self.far = Box((-20, 0, _FAR_Z), (20, 1.5 + chance.uniform(-0.2, 0.5), _FAR_Z + 0.5))
        place = middle - side * chance.uniform(0.35, 1.0)
        radius = chance.uniform(0.26, 0.40)
        self.ball = Ball((place, radius, 1.35 + chance.uniform(-0.3, 0.5)), radius)
        self.sun = unit(-side * (0.62 + chance.uniform(-0.14, 0.14)), 0.62, -0.42)
        tones = [rgb(tone) for tone in palette.tones]
        self.colours = linear(
            np.stack(
                [
                    mix(tones[3], tones[4], 0.45),
                    mix(tones[2], tones[3], 0.55),
                    mix(tones[2], tones[1], 0.12),
                    mix(rgb(palette.glow), tones[2], 0.5),
                    mix(rgb(palette.accent), tones[3], 0.25),
                    mix(tones[4], _WHITE, 0.45),
                ]
            )
        )
        self.sky = linear(np.stack(_sky(palette)))
        tall = max(1.0, canvas.height / canvas.width)
        self.camera = Camera((0.0, 1.7, -6.4 - 1.2 * (tall - 1)), (0.0, 1.82, 4.0), 1.55)

    def shade(self, across: Plane, down: Plane) -> Plane:
        """Colours of points of the picture plane."""
        rays = self.camera.rays(across, down)
        t, which, normal = self._nearest(rays)
        x, y, z = rays.at(np.where(t < NOWHERE, t, 0))
        lit = np.clip(dot(normal, self.sun), 0, None)
        sunny = lit > 0.001
        start = [p + n * 2e-3 for p, n in zip((x, y, z), normal, strict=True)]
        lit[sunny] *= self._sunlight([one[sunny] for one in start])
        colour = self._surface(which, x, y, z)
        light = 2.45 * lit[:, None] * np.array([1.0, 0.93, 0.82], np.float32)
        light = light + self._shade_light(which, normal, (x, y, z))
        seen = colour * light
        up = np.clip(rays.way[1] * 2.2, 0, 1)[:, None]
        sky = self.sky[0] * (1 - up) + self.sky[1] * up
        return developed(np.where((t < NOWHERE)[:, None], seen, sky * 1.15))

    def _nearest(self, rays: Rays) -> tuple[Plane, Plane, tuple[Plane, Plane, Plane]]:
        """Distance, number of the colour and normal of what is seen first."""
        falling = np.where(rays.way[1] < -1e-6, rays.way[1], np.float32(-1e-6))
        t = np.where(rays.way[1] < -1e-6, -rays.origin[1] / falling, NOWHERE)
        which = np.zeros_like(t)
        normal = [np.zeros_like(t), np.ones_like(t), np.zeros_like(t)]
        shapes: list[tuple[ArchedWall | Box | Blocks | Ball, int]] = [(self.wall, 1)]
        shapes += [(self.stair, 2), (self.side_wall, 3), (self.far, 4), (self.ball, 5)]
        for shape, colour in shapes:
            hit = shape.hit(rays)
            closer = hit.t < t
            t = np.where(closer, hit.t, t)
            which[closer] = colour
            for n in range(3):
                normal[n] = np.where(closer, hit.normal[n], normal[n])
        return t, which, (normal[0], normal[1], normal[2])

    def _sunlight(self, point: list[Plane]) -> Plane:
        """How much sun reaches points, from 0 to 1."""
        x, y, z = (np.full_like(point[0], one) for one in self.sun)
        rays = Rays((point[0], point[1], point[2]), (x, y, z))
        open_air = np.ones_like(point[0])
        shapes: list[ArchedWall | Box | Blocks] = [self.wall, self.side_wall, self.stair]
        for shape in shapes:
            open_air *= shape.hit(rays).t >= NOWHERE
        return open_air * (1 - self.ball.hides(point, self.sun, 0.03))

    def _surface(self, which: Plane, x: Plane, y: Plane, z: Plane) -> Plane:
        """The colour of the plaster, a little uneven."""
        uneven = self.plaster(x * 0.9 + z * 0.7, y * 0.9 + z * 0.5)
        fine = self.plaster(x * 7 + z * 5, y * 7 + z * 6)
        coat = 1 + 0.05 * uneven + 0.05 * fine
        coat = np.where(which == 5, 1.0, coat)
        return self.colours[which.astype(np.int32)] * coat[:, None]

    def _shade_light(
        self, which: Plane, normal: tuple[Plane, Plane, Plane], point: tuple[Plane, Plane, Plane]
    ) -> Plane:
        """Light from the sky and from the walls themselves; less of it in corners."""
        x, y, z = point
        from_above = (0.5 + 0.5 * normal[1])[:, None]
        bounced = self.colours[0] * 0.5 + self.colours[1] * 0.3
        light = 0.30 * self.sky[0] * (0.5 + from_above) + bounced * (1.0 - 0.72 * from_above)
        corner = np.where(normal[1] > 0.5, np.abs(z - _WALL_Z), y)
        closed = 1 - 0.40 * np.exp(-np.clip(corner, 0, None) / 0.45)
        ball = self.ball
        apart = np.hypot(x - ball.centre[0], z - ball.centre[2]) / ball.radius
        closed = closed * (1 - 0.55 * np.exp(-((apart / 0.8) ** 2)) * (y < 0.01))
        closed = np.where(which == 5, 0.55 + 0.45 * np.clip(y / (2 * ball.radius), 0, 1), closed)
        shown: Plane = light * closed[:, None]
        return shown


def arch(canvas: Canvas, palette: Palette) -> Plane:
    """The courtyard, seen from across it."""
    return rendered(canvas, Courtyard(canvas, palette).shade)


def _steps(side: float, count: int) -> Blocks:
    """A stair along the wall, rising away from the arch."""
    blocks = []
    for number in range(count):
        near, far = -side * (0.35 + 0.42 * number), -side * (0.35 + 0.42 * (number + 1))
        low, high = min(near, far), max(near, far)
        blocks.append(Box((low, 0, 3.05), (high, 0.24 * (number + 1), _WALL_Z)))
    return Blocks(tuple(blocks))


def _sky(palette: Palette) -> tuple[Plane, Plane]:
    """Above the wall and on top: blue, or the light of evening over blue walls."""
    red, _, blue = rgb(palette.tones[2])
    if blue > red:
        return mix(rgb(palette.glow), _WHITE, 0.1), mix(rgb(palette.glow), rgb(palette.accent), 0.4)
    top = mix(rgb("#4f8fc4"), rgb(palette.tones[2]), 0.12)
    return mix(top, _WHITE, 0.5), top
