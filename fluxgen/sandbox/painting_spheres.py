"""A still life of balls on a bright floor, seen from above."""

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane
from fluxgen.sandbox.painting_colour import mix, rgb
from fluxgen.sandbox.painting_light import (
    NOWHERE,
    Ball,
    Camera,
    Rays,
    developed,
    dot,
    linear,
    rendered,
    unit,
)
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)
_MOST_BALLS = 22
_TRIES_PER_BALL = 40


class StillLife:
    """The scene: balls that touch the floor and not each other."""

    def __init__(self, canvas: Canvas, palette: Palette) -> None:
        chance = canvas.chance
        self.balls = _placed(canvas)
        self.sun = unit(-0.58 + chance.uniform(-0.12, 0.12), 0.74, 0.26 + chance.uniform(-0.2, 0.1))
        tones = [rgb(tone) for tone in palette.tones]
        accent = rgb(palette.accent)
        paints = [mix(tones[4], _WHITE, 0.5), tones[2], accent, tones[3], tones[1]]
        paints.append(mix(accent, tones[4], 0.5))
        order = [0, 1, 2, *chance.integers(0, len(paints), len(self.balls))]
        self.floor = linear(mix(mix(tones[3], tones[4], 0.55), rgb(palette.glow), 0.2))
        self.paint = linear(np.stack([paints[order[n]] for n in range(len(self.balls))]))
        self.gloss = chance.uniform(0, 1, len(self.balls)) < 0.6
        self.grain = canvas.noise(16)
        self.camera = Camera((0, 5.4, -4.3), (0, 0.0, 0.25), 1.95)

    def shade(self, across: Plane, down: Plane) -> Plane:
        """Colours of points of the picture plane."""
        rays = self.camera.rays(across, down)
        t = -rays.origin[1] / np.minimum(rays.way[1], -1e-4)
        which = np.full(len(t), -1, np.int32)
        for number, ball in enumerate(self.balls):
            met = np.flatnonzero(ball.seen_by(rays, self.camera.place))
            hit = ball.hit(rays.some(met)).t
            closer = met[hit < t[met]]
            which[closer] = number
            t[closer] = hit[hit < t[met]]
        light = np.empty((len(t), 3), np.float32)
        on_floor = which < 0
        if on_floor.any():
            light[on_floor] = self._floor(rays.some(on_floor), t[on_floor])
        for number, ball in enumerate(self.balls):
            on_ball = which == number
            if on_ball.any():
                light[on_ball] = self._ball(number, ball, rays.some(on_ball), t[on_ball])
        return developed(light)

    def _floor(self, rays: Rays, t: Plane) -> Plane:
        point = rays.at(t)
        sun = np.ones_like(t)
        sky = np.ones_like(t)
        tint = np.zeros((len(t), 3), np.float32)
        for number, ball in enumerate(self.balls):
            square = (point[0] - ball.centre[0]) ** 2 + (point[2] - ball.centre[2]) ** 2
            near = square < (6 * ball.radius) ** 2
            place = [one[near] for one in point]
            sun[near] *= 1 - ball.hides(place, self.sun, 0.05)
            apart = square[near] / ball.radius**2
            closed = 1 / (1 + apart) ** 2
            sky[near] *= 1 - 0.85 * closed
            tint[near] += (0.22 * closed)[:, None] * self.paint[number]
        wide = 1 - 0.05 * np.hypot(point[0] + 1.2, point[2] - 0.8)
        coat = 1 + 0.025 * self.grain(point[0] * 9, point[2] * 9)
        lit = (1.75 * self.sun[1] * sun * wide * coat)[:, None] * np.array(
            [1, 0.95, 0.87], np.float32
        )
        around = (0.62 * sky * wide)[:, None] * np.array([0.92, 0.97, 1.06], np.float32)
        shown: Plane = self.floor * (lit + around) + tint * (0.3 + 0.7 * sun)[:, None]
        return shown

    def _ball(self, number: int, ball: Ball, rays: Rays, t: Plane) -> Plane:
        point = rays.at(t)
        x, y, z = ((p - c) / ball.radius for p, c in zip(point, ball.centre, strict=True))
        sun = np.clip(dot((x, y, z), self.sun), 0, None)
        for other in self.balls:
            if other is not ball:
                sun = sun * (1 - other.hides(point, self.sun, 0.05))
        paint = self.paint[number]
        above = 0.5 + 0.5 * y
        low = np.clip(point[1] / (2 * ball.radius), 0, 1)
        around = (0.62 * above)[:, None] * np.array([0.92, 0.97, 1.06], np.float32)
        bounced = (0.72 * (1 - above) * (0.25 + 0.75 * low))[:, None] * self.floor
        warm = (1.9 * sun)[:, None] * np.array([1, 0.95, 0.87], np.float32)
        shown = paint * (warm + around + bounced)
        facing = np.clip(-dot((x, y, z), rays.way), 0, 1)
        rim = 0.04 + 0.5 * (1 - facing) ** 5
        back = [d + 2 * facing * n for d, n in zip(rays.way, (x, y, z), strict=True)]
        shine = self._room(back) * rim[:, None]
        if self.gloss[number]:
            shine = shine + (3.2 * np.clip(dot(back, self.sun), 0, 1) ** 160 * (sun > 0))[:, None]
        else:
            shine = shine * 0.25
        glossy: Plane = shown + shine
        return glossy

    def _room(self, way: list[Plane]) -> Plane:
        """What a mirror would show: floor below, a large soft window above."""
        window = np.clip(dot(way, unit(-0.7, 0.62, -0.1)), 0, 1) ** 10
        up = np.clip(0.5 + 3 * way[1], 0, 1)[:, None]
        seen: Plane = self.floor * (1 - up) + (0.75 + 5.0 * window)[:, None] * up
        return seen


def spheres(canvas: Canvas, palette: Palette) -> Plane:
    """The still life."""
    return rendered(canvas, StillLife(canvas, palette).shade)


def _placed(canvas: Canvas) -> list[Ball]:
    """Large ones first, small ones in the gaps."""
    chance = canvas.chance
    wide, deep = 1.75 * canvas.width / canvas.side, 1.85 * canvas.height / canvas.side
    sizes = np.sort(0.13 + 0.55 * chance.uniform(0, 1, _MOST_BALLS) ** 2.4)[::-1]
    sizes[0] = max(sizes[0], 0.58)
    balls: list[Ball] = []
    for size in map(float, sizes):
        for _ in range(_TRIES_PER_BALL):
            x, z = chance.uniform(-wide, wide), chance.uniform(-deep * 0.8, deep * 1.25)
            gaps = [
                np.hypot(x - one.centre[0], z - one.centre[2]) - 2 * np.sqrt(size * one.radius)
                for one in balls
            ]
            if min(gaps, default=NOWHERE) > 0.03:
                balls.append(Ball((x, size, z), size))
                break
    return balls
