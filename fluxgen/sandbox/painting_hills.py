"""Ridgelines one behind the other in haze, and the night sky with its northern lights."""

import numpy as np

from fluxgen.sandbox.painting_canvas import Canvas, Plane, blurred, line, over, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette


def ridges(canvas: Canvas, palette: Palette) -> Plane:
    """Mountains at a still hour, a pale disc above them, mist between."""
    horizon = canvas.family.uniform(0.36, 0.46)
    sky_light, ground_dark = rgb(palette.tones[4]), rgb(palette.tones[0])
    glow = rgb(palette.glow)
    picture = tinted(canvas.down, _sky(palette))[:, :1].repeat(canvas.width, axis=1)
    _light(canvas, picture, palette, horizon)
    _clouds(canvas, picture, sky_light, horizon)
    layers = int(7 + 3 * canvas.detail)
    haze = mix(sky_light, glow, 0.45)
    for number in range(layers):
        near = number / (layers - 1)
        colour = mix(mix(haze, rgb(palette.tones[2]), 0.22), ground_dark, near**0.75)
        if near > 0.25:
            colour = mix(colour, rgb(palette.tones[1]), 0.45 * (1 - abs(2 * near - 1.1)))
        crest = _crest(canvas, horizon, near)
        _layer(canvas, picture, crest, colour, haze * 0.6 + colour * 0.4, near)
    return picture


def _sky(palette: Palette) -> Plane:
    top = mix(rgb(palette.tones[3]), rgb(palette.tones[2]), 0.35)
    return ramp(
        [top, rgb(palette.tones[3]), rgb(palette.tones[4]), rgb(palette.glow), rgb(palette.glow)],
        [0, 0.14, 0.32, 0.48, 1],
    )


def _light(canvas: Canvas, picture: Plane, palette: Palette, horizon: float) -> None:
    """A sun or moon with its halo."""
    centre_x = canvas.chance.uniform(-0.32, 0.32) * canvas.width / canvas.side
    centre_y = (horizon - canvas.chance.uniform(0.10, 0.2) - 0.5) * canvas.height / canvas.side
    radius = canvas.family.uniform(0.035, 0.085)
    away = np.hypot(canvas.x - centre_x, canvas.y - centre_y)
    halo = np.exp(-((away / 0.42) ** 2)) * 0.5 + np.exp(-((away / 0.16) ** 2)) * 0.3
    over(picture, rgb(palette.glow), halo.astype(np.float32))
    disc = step(radius + canvas.pixel, radius - canvas.pixel, away)
    over(picture, mix(rgb(palette.glow), np.ones(3, np.float32), 0.72), disc)


def _clouds(canvas: Canvas, picture: Plane, light: Plane, horizon: float) -> None:
    noise = canvas.noise()
    drift = noise(canvas.x * 0.9, canvas.y * 3.4) + 0.4 * noise(canvas.x * 2.3, canvas.y * 9)
    fade = step(horizon + 0.05, horizon - 0.25, canvas.down + 0 * canvas.x)
    over(picture, light, step(0.05, 0.9, drift) * fade * 0.55)


def _crest(canvas: Canvas, horizon: float, near: float) -> Plane:
    """Height of a ridge along the picture, in pixels from the top."""
    wide = canvas.width / canvas.side
    waves = (1.6 + 1.8 * near) * wide
    rough = line(canvas.chance, canvas.across, waves, 8)
    if near < 0.55:
        rough = 0.75 - 1.5 * np.abs(rough)
    swell = line(canvas.chance, canvas.across, 0.9 * wide, 2)
    base = horizon + (1.02 - horizon) * near**1.25
    height = 0.16 * (1 - 0.45 * near)
    crest: Plane = (base - height * (0.55 * rough + 0.6 * swell)) * canvas.height
    return crest + _firs(canvas, near) if near > 0.5 else crest


def _firs(canvas: Canvas, near: float) -> Plane:
    """How far (negative, in pixels) a wood stands above its ridge."""
    raised = np.zeros(canvas.width, np.float32)
    tall = canvas.side * 0.075 * near**2.6
    count = int(canvas.width / max(2.0, tall * 0.22))
    places = canvas.chance.uniform(0, canvas.width, count)
    heights = tall * canvas.chance.uniform(0.35, 1, count) ** 1.4
    for place, height in zip(places, heights, strict=True):
        half = max(1.0, height * 0.21)
        columns = np.arange(max(0, int(place - half)), min(canvas.width, int(place + half) + 2))
        slope = np.clip(1 - np.abs(columns - place) / half, 0, 1)
        tiers = slope + 0.06 * np.sin(slope * 22) * (slope < 0.9)
        raised[columns] = np.maximum(raised[columns], height * tiers)
    return -raised


def _layer(
    canvas: Canvas, picture: Plane, crest: Plane, colour: Plane, mist: Plane, near: float
) -> None:
    """Fill from the crest down, the colour giving way to mist towards the valley."""
    top = max(0, int(crest.min()) - 2)
    if top >= canvas.height:
        return
    rows = np.arange(top, canvas.height, dtype=np.float32)[:, None] + 0.5
    cover = np.clip(rows - crest[None], 0, 1)
    calm = blurred(crest[None].repeat(8, axis=0), canvas.side * 0.05)[:1]
    deep = np.clip((rows - calm) / (canvas.height * (0.13 + 0.12 * near)), 0, 1)
    shown = colour + (mist - colour) * (deep * (0.85 - 0.55 * near))[..., None]
    part = picture[top:]
    part += (shown - part) * cover[..., None]


def aurora(canvas: Canvas, palette: Palette) -> Plane:
    """Curtains of light above dark hills, a sky full of stars."""
    dark = rgb(palette.tones[0])
    sky = ramp([dark, rgb(palette.tones[0]), mix(dark, rgb(palette.tones[1]), 0.9)], [0, 0.25, 1])
    picture = tinted(canvas.down * 1.15, sky)[:, :1].repeat(canvas.width, axis=1)
    _stars(canvas, picture)
    glow = canvas.blank()
    low, high = _curtain_colour(palette), rgb(palette.tones[2])
    for number in range(3):
        _curtain(canvas, glow, mix(low, rgb(palette.tones[3]), 0.25 * number), high, number)
    for channel in range(3):
        glow[..., channel] += 0.55 * canvas.soft(glow[..., channel], 0.05)
    picture += (1 - picture) * (1 - np.exp(-1.15 * glow))
    for number, near in enumerate((0.0, 0.5, 1.0)):
        rough = 0.7 - 1.4 * np.abs(line(canvas.chance, canvas.across, 2.2 + number, 7))
        crest = (0.80 + 0.075 * number - 0.06 * rough) * canvas.height
        crest = crest + _firs(canvas, 0.55 + 0.4 * near) if number else crest
        shade = mix(mix(dark, rgb(palette.tones[1]), 0.55), dark * 0.45, near)
        _layer(canvas, picture, crest, shade, mix(shade, low, 0.16), near)
    return picture


def _curtain_colour(palette: Palette) -> Plane:
    """The accent if it is a cold colour, as northern lights are; else the palette's own."""
    red, green, blue = rgb(palette.accent)
    return rgb(palette.accent if max(green, blue) > red else palette.tones[3])


def _stars(canvas: Canvas, picture: Plane) -> None:
    count = int(1500 * canvas.width * canvas.height / canvas.side**2 * canvas.detail)
    rows = (canvas.chance.uniform(0, 0.85, count) * canvas.height).astype(np.int32)
    columns = canvas.chance.integers(0, canvas.width, count)
    light = np.zeros((canvas.height, canvas.width), np.float32)
    bright = (0.12 + 1.6 * canvas.chance.uniform(0, 1, count) ** 18).astype(np.float32)
    np.maximum.at(light, (rows, columns), bright)
    spread = light + 5 * canvas.soft(np.where(light > 0.3, light, 0), 1.0 / canvas.side)
    spread += 20 * canvas.soft(np.where(light > 1.1, light, 0), 0.003)
    band = canvas.noise()(canvas.x * 0.8 + canvas.y * 0.5, canvas.y * 0.8 - canvas.x * 0.3)
    milky = np.exp(-(((canvas.x * 0.7 - canvas.y + 0.25) / 0.24) ** 2)) * (0.6 + band)
    picture += (np.clip(spread, 0, 1) + 0.09 * np.clip(milky, 0, 2))[..., None] * np.array(
        [0.93, 0.97, 1.0], np.float32
    )


def _curtain(canvas: Canvas, glow: Plane, low: Plane, high: Plane, number: int) -> None:
    """One curtain: a wandering foot, rays that climb from it and fade."""
    across, chance = canvas.across, canvas.chance
    wide = canvas.width / canvas.side
    foot = 0.40 + 0.11 * number + 0.15 * line(chance, across, 1.3 * wide, 3)
    strong = np.clip(0.45 + 0.75 * line(chance, across, 2.4 * wide, 3), 0, 1.4)
    rays = 0.62 + 0.42 * line(chance, across, 34 * wide, 3)
    up = foot[None] - canvas.down
    reach = 0.10 + 0.13 * np.clip(strong, 0, 1)[None]
    rising = np.exp(-np.clip(up, 0, None) / reach) * step(-0.05, 0.035, up)
    light = (rising * (strong * rays)[None] * (1.0 - 0.22 * number)).astype(np.float32)
    tall = np.clip(up / 0.34, 0, 1)[..., None]
    glow += light[..., None] * (low * (1 - tall) + high * 1.15 * tall)
