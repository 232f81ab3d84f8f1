"""Flat shapes with an edge: cut paper in layers, and a printed sea of lines."""

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane, line, over, shifted, softened, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)


def paper(canvas: Canvas, palette: Palette) -> Plane:
    """Sheets cut along the contours of a hidden land, each throwing its shadow."""
    broad, smooth = canvas.noise(4, 2), canvas.noise(4, 4)
    zoom = canvas.family.uniform(0.75, 1.1)
    x, y = canvas.x * zoom, canvas.y * zoom
    bend_x, bend_y = broad(x * 0.8 + 3, y * 0.8), broad(x * 0.8, y * 0.8 + 2)
    land = smooth(x * 0.75 + 0.5 * bend_x, y * 0.75 + 0.5 * bend_y)
    land = land + canvas.chance.uniform(-0.5, 0.5) * x + canvas.chance.uniform(-0.4, 0.4) * y
    low, high = map(float, np.quantile(land[::7, ::7], (0.02, 0.985)))
    land = canvas.soft((land - low) / (high - low), 0.0025)
    sheets = int(7 + 2 * canvas.detail)
    tones = [rgb(tone) for tone in palette.tones]
    accent = rgb(palette.accent)
    colours = ramp(
        [tones[0], tones[1], tones[2], tones[3], tones[4], mix(accent, tones[4], 0.35), accent],
        [0, 0.17, 0.36, 0.56, 0.70, 0.85, 1],
    )
    fibre = _fibre(canvas)
    picture: Plane = canvas.blank() + colours[0] * (1 + fibre)
    for number in range(1, sheets):
        edge = number / sheets
        _sheet(
            canvas, picture, land, edge, tinted(np.float32(number / (sheets - 1)), colours), fibre
        )
    return picture


def _sheet(
    canvas: Canvas, picture: Plane, land: Plane, edge: float, colour: Plane, fibre: Plane
) -> None:
    """One sheet: shadow first, then the paper, lit along its upper edge."""
    steep = np.hypot(*np.gradient(land)) + 1e-5
    cover = np.clip((land - edge) / steep + 0.5, 0, 1).astype(np.float32)
    for reach, strength in ((0.020, 0.42), (0.006, 0.34)):
        fall = reach * canvas.side
        shadow = shifted(softened(cover, fall), int(fall * 0.5), int(fall * 0.9))
        picture *= (1 - strength * shadow * (1 - cover))[..., None]
    gap = max(1, round(0.0016 * canvas.side))
    rim = np.clip(cover - shifted(cover, gap, gap), 0, 1)
    shown = colour * (1 + fibre) + 0.24 * rim[..., None]
    over(picture, shown, cover)


def _fibre(canvas: Canvas) -> Plane:
    """The tooth of the paper."""
    speckle = canvas.chance.standard_normal((canvas.height, canvas.width), np.float32)
    fine, coarse = canvas.soft(speckle, 0.0011), canvas.soft(speckle, 0.006)
    tooth = 0.018 * fine / fine.std() + 0.010 * coarse / coarse.std()
    shaped: Plane = tooth[..., None]
    return shaped


def woodblock(canvas: Canvas, palette: Palette) -> Plane:
    """Waves drawn as lines, sheet behind sheet, a red sun over them."""
    fibre = _fibre(canvas)
    sky = ramp([mix(rgb(palette.tones[4]), rgb(palette.glow), 0.35), rgb(palette.tones[4])])
    picture = tinted(canvas.down, sky)[:, :1].repeat(canvas.width, axis=1)
    _disc(canvas, picture, palette)
    layers = int(9 + 2 * canvas.detail)
    horizon = canvas.family.uniform(0.34, 0.42)
    for number in range(layers):
        near = number / (layers - 1)
        _wave(canvas, picture, palette, near, horizon)
    grain = canvas.noise()(canvas.x * 1.3, canvas.y * 26)
    return picture * (1 + 0.7 * fibre + 0.018 * grain[..., None])


def _disc(canvas: Canvas, picture: Plane, palette: Palette) -> None:
    centre_x = canvas.chance.uniform(-0.3, 0.3) * canvas.width / canvas.side
    centre_y = -0.27 * canvas.height / canvas.side
    away = np.hypot(canvas.x - centre_x, canvas.y - centre_y)
    radius = canvas.family.uniform(0.085, 0.13)
    disc = step(radius + canvas.pixel, radius - canvas.pixel, away)
    over(picture, mix(rgb(palette.accent), np.array([0.85, 0.2, 0.12]), 0.5), disc * 0.94)


def _wave(canvas: Canvas, picture: Plane, palette: Palette, near: float, horizon: float) -> None:
    """One band: a crest, and lines below that follow it ever more flatly."""
    wide = canvas.width / canvas.side
    humps = line(canvas.chance, canvas.across, (1.7 + 0.8 * near) * wide, 1)
    swell = line(canvas.chance, canvas.across, 4.5 * wide, 1)
    height = 0.05 + 0.05 * near
    crest = horizon + (0.98 - horizon) * near**1.1 - height * (humps + 0.22 * swell)
    top = max(0, min(canvas.height - 1, int(crest.min() * canvas.height) - 4))
    rows = np.arange(top, canvas.height, dtype=np.float32)[:, None] + 0.5
    under = (rows - crest[None] * canvas.height) / canvas.side
    cover = np.clip(under / canvas.pixel + 0.5, 0, 1)
    dark = mix(rgb(palette.tones[1]), rgb(palette.tones[0]), 0.35)
    fill = mix(
        mix(rgb(palette.tones[3]), rgb(palette.tones[4]), 0.2), rgb(palette.tones[1]), near**0.8
    )
    body = mix(fill, dark, 0.35)
    shade = np.clip(under / 0.20, 0, 1)[..., None]
    shown = fill + (body - fill) * shade
    spacing = 0.0125 + 0.004 * near
    wide_line = 0.5 + 0.5 * np.cos(under / spacing * 2 * np.pi)
    lines = step(0.72, 0.93, wide_line) * step(0.17, 0.10, under)
    stroke = mix(fill, rgb(palette.tones[4]), 0.62)
    shown = shown + (stroke - shown) * (0.78 * lines)[..., None]
    rim = step(0.0052, 0.0030, np.abs(under - 0.0015))
    shown = shown + (mix(stroke, _WHITE, 0.25) - shown) * rim[..., None]
    over(picture[top:], shown, cover)
