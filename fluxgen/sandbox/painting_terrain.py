"""Dunes in perspective, lit by a low sun.

The land is a height for every place. It is sampled on rows of growing distance; for each
column of the picture the first row that reaches up to a pixel is the one seen there.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane, resized, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

Land = Callable[[Plane, Plane], Plane]

_ROWS = 420
_SHADOW_STEPS = 16
_SHADOW_COARSER = 2


@dataclass(frozen=True)
class View:
    """Where the eye is and where the sun stands; `reach` is how far it is seen."""

    eye: float
    horizon: float
    nearest: float
    reach: float
    sun: tuple[float, float, float]


@dataclass(frozen=True)
class Seen:
    """What is seen of the land in every pixel; `ground` is 0 where the sky is."""

    ground: Plane
    height: Plane
    light: Plane
    steep: Plane
    away: Plane
    across: Plane


def look(canvas: Canvas, land: Land, view: View) -> Seen:
    """The land from the view, pixel by pixel."""
    columns = (np.arange(canvas.width, dtype=np.float32) + 0.5 - canvas.width / 2) / canvas.side
    share = np.linspace(0, 1, _ROWS, dtype=np.float32)[:, None]
    away = view.nearest * (view.reach / view.nearest) ** share
    x, z = columns[None] * away, away + 0 * columns[None]
    height = land(x, z)
    normal = _normals(land, x, z, height)
    light = np.clip(sum(n * s for n, s in zip(normal, view.sun, strict=True)), 0, None)
    coarse = (slice(None, None, _SHADOW_COARSER),) * 2
    shadow = _shadow(land, x[coarse], z[coarse], height[coarse], view)
    light = light * (1 - resized(shadow, canvas.width, _ROWS))
    on_screen = (view.eye - height) / away + view.horizon
    row = (on_screen + canvas.height / canvas.side / 2) * canvas.side
    place = _first_seen(row, canvas.height)
    ground = np.clip(
        np.arange(canvas.height, dtype=np.float32)[:, None] + 1 - row.min(axis=0)[None], 0, 1
    )
    planes = (height, light, 1 - normal[1], away + 0 * x, x)
    seen = [_picked(plane, place) for plane in planes]
    return Seen(ground, *seen)


def _normals(land: Land, x: Plane, z: Plane, height: Plane) -> tuple[Plane, Plane, Plane]:
    """Across, up and away; measured over a distance that grows with the distance."""
    gap = 0.004 * z
    slope_x, slope_z = (land(x + gap, z) - height) / gap, (land(x, z + gap) - height) / gap
    size = np.sqrt(slope_x**2 + slope_z**2 + 1)
    return -slope_x / size, 1 / size, -slope_z / size


def _shadow(land: Land, x: Plane, z: Plane, height: Plane, view: View) -> Plane:
    """How much of the sun the land itself takes away, from 0 to 1."""
    across, up, back = view.sun
    hidden = np.zeros_like(height)
    for number in range(1, _SHADOW_STEPS + 1):
        way = 0.035 * 1.28**number
        above = land(x + across * way, z + back * way) - (height + up * way)
        hidden = np.maximum(hidden, above / (0.02 + 0.05 * way))
    return step(0.0, 1.0, hidden)


def _first_seen(row: Plane, rows: int) -> Plane:
    """For every pixel the (fractional) number of the sampled row seen there."""
    rising = np.minimum.accumulate(row, axis=0)
    numbers = np.arange(len(row), dtype=np.float32)
    wanted = -(np.arange(rows, dtype=np.float32) + 0.5)
    place = np.empty((rows, row.shape[1]), np.float32)
    for column in range(row.shape[1]):
        place[:, column] = np.interp(wanted, -rising[:, column], numbers)
    return place


def _picked(plane: Plane, place: Plane) -> Plane:
    """The plane's values at fractional rows."""
    upper = np.minimum(place.astype(np.int32), _ROWS - 2)
    share = place - upper
    columns = np.arange(plane.shape[1])[None]
    picked: Plane = plane[upper, columns] * (1 - share) + plane[upper + 1, columns] * share
    return picked.astype(np.float32)


def dunes(canvas: Canvas, palette: Palette) -> Plane:
    """Sand, sharp crests and long shadows."""
    noise, rough = canvas.noise(16, 2), canvas.noise(16)
    turn = canvas.chance.uniform(-0.3, 0.3)
    side = 1.0 if canvas.chance.uniform() < 0.5 else -1.0
    steepness = canvas.family.uniform(0.62, 0.72)

    def land(x: Plane, z: Plane) -> Plane:
        slow = noise(x * 0.13, z * 0.13)
        phase = x * (0.20 + turn * 0.2) * side + z * 0.15 + 1.1 * slow
        part = phase - np.floor(phase)
        rise = np.where(part < steepness, part / steepness, (1 - part) / (1 - steepness))
        rise = rise * rise * (3 - 2 * rise) * 0.5 + rise * 0.5
        tall = 0.9 + 0.5 * noise(x * 0.07 + 7, z * 0.07)
        height: Plane = 1.05 * rise * tall + 0.5 * slow
        return height.astype(np.float32)

    view = View(2.9, -0.15, 2.2, 70.0, (-0.84 * side, 0.40, 0.36))
    return _sand(canvas, palette, look(canvas, land, view), rough, view)


def _sand(canvas: Canvas, palette: Palette, seen: Seen, noise: Land, view: View) -> Plane:
    shade = mix(rgb(palette.tones[0]), rgb(palette.tones[1]), 0.75)
    colours = ramp(
        [shade, rgb(palette.tones[2]), rgb(palette.tones[3]), rgb(palette.tones[4])],
        [0, 0.36, 0.68, 1],
    )
    ripples = np.sin((seen.across * 0.8 + seen.away * 1.3) * 26 + 9 * noise(seen.across, seen.away))
    ripples = ripples * np.clip(0.055 - 0.006 * seen.away, 0, 0.045) * (seen.light > 0.05)
    grains = 0.05 * noise(seen.across * 21, seen.away * 21) / (1 + 0.3 * seen.away)
    picture = tinted(0.10 + 0.98 * seen.light + ripples + grains, colours)
    haze = 1 - np.exp(-((seen.away / 26) ** 1.4))
    sky = _plain_sky(canvas, palette, view)
    air = mix(rgb(palette.glow), rgb(palette.tones[3]), 0.35)
    picture += (air - picture) * haze[..., None]
    return sky + (picture - sky) * seen.ground[..., None]


def _plain_sky(canvas: Canvas, palette: Palette, view: View) -> Plane:
    """Clear air, darkest on top."""
    blue = mix(rgb(palette.accent), rgb(palette.tones[3]), 0.42)
    colours = ramp(
        [
            mix(rgb(palette.glow), rgb(palette.tones[3]), 0.35),
            mix(rgb(palette.glow), blue, 0.45),
            blue,
        ],
        [0, 0.4, 1],
    )
    up = (view.horizon - canvas.y) / 0.7
    drift = canvas.noise()(canvas.x * 0.7, canvas.y * 3)
    return tinted(np.clip(up + 0.05 * drift, 0, 1), colours)
