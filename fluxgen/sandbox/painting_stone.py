"""Bands and folds: cut agate, and satin in raking light."""

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Noise, Plane, over, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)


def agate(canvas: Canvas, palette: Palette) -> Plane:
    """A polished slice: bands around a hollow of small crystals."""
    broad, fine = canvas.noise(4, 3), canvas.noise(4)
    centre = canvas.chance.uniform(-0.16, 0.16, 2)
    x, y = canvas.x * 2 - centre[0], canvas.y * 2 - centre[1]
    bend_x, bend_y = broad(x * 0.55, y * 0.55), broad(x * 0.55 + 2, y * 0.55 + 1.3)
    stretch = canvas.family.uniform(0.75, 1.0)
    away = np.hypot(x * stretch + 0.52 * bend_x, y + 0.52 * bend_y)
    away += 0.06 * fine(x * 1.4 + bend_x, y * 1.4 + bend_y)
    bands = away * canvas.family.uniform(11, 16)
    wave = bands + 0.9 * broad(away * 3, away * 0 + 1.7) + 0.25 * broad(x * 1.5, y * 1.5)
    coarse = 0.5 + 0.5 * np.sin(wave * 4.1)
    narrow = 0.5 + 0.5 * np.sin(wave * 15.7 + 2 * fine(x, y))
    colours = _bands(canvas, palette)
    place = np.clip(away / 1.45, 0, 1)
    picture = tinted(place + 0.055 * (coarse - 0.5), colours)
    picture *= (0.80 + 0.20 * coarse**0.8)[..., None]
    over(picture, mix(rgb(palette.tones[4]), _WHITE, 0.3), 0.34 * coarse**7 + 0.10 * narrow**4)
    over(picture, rgb(palette.tones[0]), 0.10 * (1 - narrow) ** 3)
    _hollow(canvas, picture, palette, away, fine)
    shine = np.exp(-(((canvas.x + canvas.y * 0.7 + 0.15) / 0.34) ** 2)) * 0.07
    return picture + shine[..., None]


def _bands(canvas: Canvas, palette: Palette) -> Plane:
    """From the hollow outwards: light, glowing, dark, the accent's own band, pale again."""
    tones = [rgb(tone) for tone in palette.tones]
    accent = rgb(palette.accent)
    middle = mix(accent, tones[0], 0.35)
    return ramp(
        [tones[4], tones[3], tones[2], tones[1], tones[0], middle, accent, tones[3], tones[4]],
        [0, 0.13, 0.27, 0.38, 0.48, 0.58, 0.70, 0.85, 1],
    )


def _hollow(canvas: Canvas, picture: Plane, palette: Palette, away: Plane, fine: Noise) -> None:
    inside = step(0.26, 0.10, away)
    facets = fine(canvas.x * 13, canvas.y * 13) + 0.6 * fine(canvas.x * 31 + 3, canvas.y * 31)
    light = mix(rgb(palette.glow), _WHITE, 0.5)
    dark = mix(rgb(palette.tones[2]), rgb(palette.tones[3]), 0.4)
    crystal = dark + (light - dark) * step(-0.35, 0.8, facets)[..., None]
    over(picture, crystal, inside * 0.85)
    over(picture, _WHITE, step(0.85, 1.25, facets) * inside)


def silk(canvas: Canvas, palette: Palette) -> Plane:
    """Cloth that falls in folds; light from the side finds its threads."""
    broad, fine = canvas.noise(4, 3), canvas.noise(4)
    turn = canvas.family.uniform(-0.5, 0.5) + canvas.chance.uniform(-0.35, 0.35)
    x = canvas.x * np.cos(turn) - canvas.y * np.sin(turn)
    y = canvas.x * np.sin(turn) + canvas.y * np.cos(turn)
    bend = broad(x * 0.55, y * 0.38)
    twist = broad(x * 0.9 + bend * 0.7 + 2, y * 0.5 + 1)
    phase = x * 7.5 + 5.2 * bend + 1.5 * twist
    height = np.sin(phase) + 0.42 * np.sin(phase * 1.9 + 2 * bend + y * 2.2)
    height += 0.16 * np.sin(phase * 4.3 + 3 * twist)
    slope_y, slope_x = np.gradient(height * 0.085, canvas.pixel)
    size = np.sqrt(slope_x**2 + slope_y**2 + 1)
    facing = (-0.62 * slope_x - 0.34 * slope_y + 0.72) / size
    glance = np.clip((-0.38 * slope_x - 0.22 * slope_y + 0.92) / size, 0, 1)
    light = np.clip(facing, 0, 1)
    tones = [rgb(tone) for tone in palette.tones]
    colours = ramp(
        [mix(tones[0], tones[1], 0.3), tones[1], tones[2], tones[3], mix(tones[4], _WHITE, 0.2)],
        [0, 0.25, 0.55, 0.82, 1],
    )
    threads = 0.02 * fine(x * 2 + 0.1 * height, y * 60) + 0.02 * fine(x * 30, y * 3)
    picture = tinted(0.06 + 0.72 * light + 0.08 * height + threads * light, colours)
    sheen = glance**18
    over(picture, mix(rgb(palette.glow), _WHITE, 0.45), 0.5 * sheen * light)
    over(picture, rgb(palette.accent), 0.30 * step(0.15, 0.95, broad(x * 0.4 + 5, y * 0.4)) * light)
    return picture
