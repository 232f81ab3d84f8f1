"""A dahlia, petal over petal in the order of the golden angle."""

import math

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def dahlia(canvas: Canvas, palette: Palette) -> Plane:
    """One large blossom before a dark garden."""
    picture = _garden(canvas, palette)
    colours = _petal_colours(palette)
    petals = int(canvas.family.integers(190, 250) * canvas.detail**0.5)
    spread = canvas.family.uniform(0.46, 0.54)
    plump = canvas.family.uniform(0.30, 0.42)
    centre = canvas.chance.uniform(-0.08, 0.08, 2) * (canvas.width / canvas.side, 1.0)
    twist = canvas.chance.uniform(0, 2 * math.pi)
    for number in range(petals, 0, -1):
        outward = number / petals
        angle = twist + number * _GOLDEN_ANGLE + canvas.chance.normal(0, 0.035)
        away = spread * outward**0.62
        length = (0.035 + 0.165 * outward**0.75) * canvas.chance.uniform(0.93, 1.07)
        place = (
            float(centre[0]) + away * math.cos(angle),
            float(centre[1]) + away * math.sin(angle) * 0.96,
        )
        _petal(canvas, picture, colours, place, angle, length, plump, outward)
    return picture


def _garden(canvas: Canvas, palette: Palette) -> Plane:
    """Out of focus: large soft lights among leaves."""
    base = mix(rgb(palette.tones[0]), np.array([0.06, 0.13, 0.10]), 0.55)
    lighter = mix(base, mix(rgb(palette.tones[1]), np.array([0.18, 0.32, 0.24]), 0.6), 0.6)
    noise = canvas.noise(4, 3)
    cloudy = noise(canvas.x * 0.9, canvas.y * 0.9)
    picture = tinted(0.5 + 0.6 * cloudy - 0.25 * canvas.y, ramp([base * 0.7, base, lighter]))
    for _ in range(26):
        x = canvas.chance.uniform(-0.6, 0.6) * canvas.width / canvas.side
        y = canvas.chance.uniform(-0.6, 0.6) * canvas.height / canvas.side
        radius = canvas.chance.uniform(0.02, 0.085)
        part = _window(canvas, (x, y), radius, radius)
        away = np.hypot(canvas.x[part] - x, canvas.y[part] - y)
        light = step(radius, radius * 0.82, away) * (0.6 + 0.4 * step(radius * 0.5, radius, away))
        light *= 0.10 * canvas.chance.uniform(0.2, 1)
        picture[part] += light[..., None] * rgb(palette.glow)
    return picture


def _petal_colours(palette: Palette) -> Plane:
    tones = [rgb(tone) for tone in palette.tones]
    heart = mix(tones[1], rgb(palette.accent), 0.25)
    return ramp(
        [mix(tones[4], tones[3], 0.25), tones[3], tones[2], mix(tones[2], tones[1], 0.55), heart]
    )


def _petal(
    canvas: Canvas,
    picture: Plane,
    colours: Plane,
    place: tuple[float, float],
    angle: float,
    length: float,
    plump: float,
    outward: float,
) -> None:
    """One petal with the shadow it throws on those below."""
    cos, sin = math.cos(angle), math.sin(angle)
    thick = 2.05 * plump
    reach_x = length * math.hypot(1.36 * cos, thick * sin)
    reach_y = length * math.hypot(1.36 * sin, thick * cos)
    window = _window(canvas, place, reach_x, reach_y)
    part, x, y = picture[window], canvas.x[window] - place[0], canvas.y[window] - place[1]
    along = (x * cos + y * sin) / length
    aside = (y * cos - x * sin) / (length * plump)
    wide = np.sqrt(np.clip(1 - along * along, 0, 1)) * (1 - 0.24 * along)
    wide = wide * (1 - 0.30 * np.clip(along, 0, 1) ** 3)
    off = np.abs(aside) / np.maximum(wide, 1e-3)
    cover = np.clip((1 - off) * length * plump * wide / canvas.pixel, 0, 1) * (np.abs(along) < 1)
    below = np.clip(1.25 - np.hypot(along - 0.10, aside * 0.62), 0, 1) ** 1.6
    part *= (1 - 0.40 * below)[..., None]
    hollow = off * off
    shade = 0.50 + 0.36 * np.clip((along + 1) / 2, 0, 1) + 0.24 * (1 - hollow)
    shade -= 0.20 * np.clip(-along, 0, 1)
    lit = (-cos * 0.55 - sin * 0.70) * 0.16 * along + (sin * 0.65 - cos * 0.35) * 0.12 * aside
    veins = 1 - 0.05 * np.sin(aside / np.maximum(wide, 0.3) * 9) ** 2
    tone = (1 - outward) * 0.80 + 0.24 * (1 - (along + 1) / 2) + canvas.chance.normal(0, 0.02)
    colour = tinted(tone, colours) * ((shade + lit) * veins)[..., None]
    colour += (0.22 * np.clip(along - 0.72, 0, 1))[..., None]
    part += (np.clip(colour, 0, 1) - part) * cover[..., None]


def _window(
    canvas: Canvas, place: tuple[float, float], reach_x: float, reach_y: float
) -> tuple[slice, slice]:
    """The rows and columns within reach of a place; none of them if it lies outside."""
    middle_x = place[0] * canvas.side + canvas.width / 2
    middle_y = place[1] * canvas.side + canvas.height / 2
    far_x, far_y = reach_x * canvas.side + 2, reach_y * canvas.side + 2
    left, right = np.clip((middle_x - far_x, middle_x + far_x), 0, canvas.width).astype(int)
    top, bottom = np.clip((middle_y - far_y, middle_y + far_y), 0, canvas.height).astype(int)
    return slice(int(top), int(bottom)), slice(int(left), int(right))
