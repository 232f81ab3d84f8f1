"""A calm sea below a low sun, and a shore of light on water."""

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane, line, over, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)


def sea(canvas: Canvas, palette: Palette) -> Plane:
    """The sun stands over the horizon and lays its road on the water."""
    horizon = canvas.family.uniform(-0.06, 0.10) * canvas.height / canvas.side
    sun_x = canvas.chance.uniform(-0.28, 0.28) * canvas.width / canvas.side
    sun_y = horizon - canvas.family.uniform(0.05, 0.17)
    radius = canvas.family.uniform(0.045, 0.085)
    tall = canvas.height / canvas.side / 2
    picture = canvas.blank()
    rows = int(np.clip((horizon + tall) * canvas.side, 8, canvas.height - 8))
    colours = _sky_ramp(palette)
    picture[:rows] = _sky(canvas, palette, colours, rows, horizon)
    away = np.hypot(canvas.x[:rows] - sun_x, (canvas.y[:rows] - sun_y) * 1.05)
    _glow(picture[:rows], palette, away)
    disc = step(radius + canvas.pixel, radius - canvas.pixel, away)
    over(picture[:rows], mix(rgb(palette.glow), _WHITE, 0.55), disc)
    _isles(canvas, picture, palette, rows)
    picture[rows:] = _water(canvas, palette, colours, rows, horizon, sun_x)
    if canvas.words & _BOATS or canvas.family.uniform() < 0.3:
        _boat(canvas, picture, palette, horizon, sun_x)
    return picture


_BOATS = frozenset(
    ["boat", "boats", "ship", "sail", "sailing", "sailboat", "harbour", "harbor", "fishing"]
)


def _sky_ramp(palette: Palette) -> Plane:
    low = mix(rgb(palette.glow), rgb(palette.accent), 0.12)
    return ramp(
        [
            low,
            rgb(palette.tones[4]),
            rgb(palette.tones[3]),
            rgb(palette.tones[2]),
            rgb(palette.tones[1]),
        ],
        [0, 0.16, 0.42, 0.74, 1],
    )


def _sky(canvas: Canvas, palette: Palette, colours: Plane, rows: int, horizon: float) -> Plane:
    """The upper part: a gradient with long clouds lit from below."""
    up = (horizon - canvas.y[:rows]) / max(0.25, rows / canvas.side)
    x = canvas.x[:rows]
    flat = 1.0 / (up + 0.16)
    noise = canvas.noise()
    body = noise(x * flat * 0.22, flat * 0.42) + 0.45 * noise(x * flat * 0.6 + 3, flat * 1.15)
    picture = tinted(up * 0.92 + 0.05 * body, colours)
    cover = step(0.02, 0.65, body) * step(0.0, 0.16, up) * step(1.15, 0.5, up)
    under = step(0.1, 0.8, noise(x * flat * 0.22, flat * 0.42 + 0.05))
    shade = mix(rgb(palette.tones[2]), rgb(palette.tones[3]), 0.5)
    light = mix(rgb(palette.glow), rgb(palette.accent), 0.25)
    over(picture, shade + (light - shade) * (0.85 - 0.6 * under)[..., None], cover * 0.62)
    return picture


def _glow(sky: Plane, palette: Palette, away: Plane) -> None:
    halo = 0.55 * np.exp(-((away / 0.30) ** 2)) + 0.35 * np.exp(-((away / 0.11) ** 2))
    over(sky, mix(rgb(palette.glow), _WHITE, 0.25), halo)


def _isles(canvas: Canvas, picture: Plane, palette: Palette, rows: int) -> None:
    """Far land on one side of the horizon."""
    wide = canvas.width / canvas.side
    heights = line(canvas.chance, canvas.across, 2.2 * wide, 6) * 0.5 + 0.12
    side = canvas.across if canvas.chance.uniform() < 0.5 else 1 - canvas.across
    heights = np.clip(heights, 0, None) * step(0.5, 0.12, side) * 0.14 * canvas.side
    up = rows - np.arange(rows, dtype=np.float32)[:, None]
    cover = np.clip(heights[None] - up + 1, 0, 1) * 0.9
    colour = mix(mix(rgb(palette.tones[1]), rgb(palette.tones[2]), 0.45), rgb(palette.glow), 0.22)
    over(picture[:rows], colour, cover)


def _water(
    canvas: Canvas, palette: Palette, colours: Plane, rows: int, horizon: float, sun_x: float
) -> Plane:
    """The lower part: the sky mirrored in waves, with the road of the sun."""
    x, down = canvas.x[rows:], canvas.y[rows:] - horizon + canvas.pixel
    far = 0.30 / (down + 0.012)
    noise = canvas.noise(16)
    u, v = x * far, far * 5.2
    swell = noise(u * 0.9, v * 0.8)
    chop = noise(u * 2.7 + 5, v * 2.4 + 1)
    ripple = noise(u * 7.0 + 2, v * 6.1 + 7)
    near = np.clip(down / 0.5, 0, 1)
    slope = (0.55 * swell + 0.35 * chop + 0.2 * ripple) * (0.25 + 0.75 * np.sqrt(near))
    mirrored = 0.10 + 0.75 * near + 0.42 * slope
    picture = tinted(mirrored, colours)
    deep = mix(rgb(palette.tones[1]), rgb(palette.tones[0]), 0.4)
    over(picture, deep, np.clip(0.22 + 0.5 * near - 0.55 * slope, 0, 0.9))
    width = 0.05 + 0.34 * near
    road = np.exp(-(((x - sun_x) / width) ** 2))
    glints = step(0.30, 0.75, slope * 1.25 + 0.62 * road)
    over(picture, mix(rgb(palette.glow), _WHITE, 0.4), np.clip(glints * road * 1.2, 0, 0.95))
    over(picture, rgb(palette.glow), step(0.03, 0.0, down) * 0.35)
    return picture


def _boat(canvas: Canvas, picture: Plane, palette: Palette, horizon: float, sun_x: float) -> None:
    """A small sail, and its broken reflection."""
    away = canvas.chance.uniform(0.16, 0.3) * (1 if sun_x < 0 else -1)
    size, foot = 0.05, horizon + 0.028
    x, y = (canvas.x - sun_x - away) / size, (canvas.y - foot) / size
    soft = canvas.pixel / size
    sail = _below(-1.55 + 2.6 * np.abs(x - 0.05) * np.where(x > 0.05, 0.9, 1.9), y, soft)
    sail = sail * _below(y, -0.16 * np.ones_like(y), soft) * (np.abs(x) < 0.8)
    hull = _below(np.abs(x) * 0.28 - 0.13, y, soft) * _below(y, 0.12 - 0.16 * x**2, soft)
    over(picture, mix(rgb(palette.tones[4]), _WHITE, 0.4), sail * (np.abs(x - 0.05) > 0.03))
    over(picture, rgb(palette.tones[0]), hull * (np.abs(x) < 0.78))
    wobble = x + 0.16 * np.sin(y * 21) + 0.08 * np.sin(y * 47)
    mirrored = step(1.5, 0.2, y) * _below(0.1 * np.ones_like(y), y, soft)
    over(picture, rgb(palette.tones[0]), mirrored * step(0.34, 0.10, np.abs(wobble)) * 0.45)


def _below(edge: Plane, y: Plane, soft: float) -> Plane:
    return np.clip((y - edge) / soft + 0.5, 0, 1)
