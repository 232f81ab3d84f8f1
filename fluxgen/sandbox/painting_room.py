"""Morning on a wall: a window's light with the shadow of a palm, and a city at dusk."""

import math

import numpy as np
from PIL import Image, ImageDraw

from fluxgen.sandbox.painting_canvas import Canvas, Plane, line, over, softened, step
from fluxgen.sandbox.painting_colour import mix, ramp, rgb, tinted
from fluxgen.sandbox.painting_palettes import Palette

_WHITE = np.ones(3, np.float32)


def window(canvas: Canvas, palette: Palette) -> Plane:
    """A plain wall; the sun comes through panes and leaves."""
    tones = [rgb(tone) for tone in palette.tones]
    wall = mix(mix(tones[2], tones[3], 0.5), tones[1], 0.25)
    sun = mix(mix(tones[4], rgb(palette.glow), 0.6), _WHITE, 0.15)
    noise, slow = canvas.noise(16), canvas.noise(4, 3)
    coat = 0.030 * noise(canvas.x * 6, canvas.y * 6) + 0.02 * noise(canvas.x * 24, canvas.y * 24)
    shade = 1 - 0.16 * (canvas.x * 0.6 + canvas.y) + 0.05 * slow(canvas.x * 0.6, canvas.y * 0.6)
    picture: Plane = (wall * 0.80) * (shade + coat)[..., None]
    light = _panes(canvas) * (1 - 0.86 * _fronds(canvas))
    glow = canvas.soft(light, 0.09)
    picture += (0.20 * glow)[..., None] * sun
    warm = sun * (1.0 + 0.8 * coat)[..., None]
    over(picture, warm, 0.92 * light)
    return picture


def _panes(canvas: Canvas) -> Plane:
    """The bright panes, leaning as low sun makes them lean."""
    tilt = canvas.chance.uniform(0.16, 0.34) * (1 if canvas.family.uniform() < 0.6 else -1)
    lean = canvas.chance.uniform(-0.16, -0.04)
    x = canvas.x - canvas.chance.uniform(-0.08, 0.08) + tilt * canvas.y
    y = canvas.y - canvas.chance.uniform(-0.06, 0.06) + lean * x
    wide = 0.30 * (canvas.width / canvas.side) ** 0.6
    tall = 0.42 * (canvas.height / canvas.side) ** 0.6
    columns, rows = (3, 3) if canvas.family.uniform() < 0.5 else (2, 3)
    soft = 0.006 + 0.006 * np.clip(y + 0.5, 0, 1)
    u, v = (x / wide + 1) / 2 * columns, (y / tall + 1) / 2 * rows
    inside = (u > 0) & (u < columns) & (v > 0) & (v < rows)
    beside = (0.5 - np.abs(u - np.floor(u) - 0.5)) * 2 * wide / columns - 0.012
    above = (0.5 - np.abs(v - np.floor(v) - 0.5)) * 2 * tall / rows - 0.012
    edge = np.clip(np.minimum(beside, above) / soft, 0, 1)
    panes: Plane = np.where(inside, edge * edge * (3 - 2 * edge), 0).astype(np.float32)
    return panes


def _fronds(canvas: Canvas) -> Plane:
    """Shadows of palm leaves, softer the farther the leaf hangs from the wall."""
    total = np.zeros((canvas.height, canvas.width), np.float32)
    count = int(canvas.chance.integers(3, 6))
    for number in range(count):
        drawing = Image.new("L", (canvas.width, canvas.height))
        _frond(canvas, ImageDraw.Draw(drawing))
        cover = np.asarray(drawing, np.float32) / 255
        far = 0.0028 + 0.0075 * number / count
        total = np.maximum(total, softened(cover, far * canvas.side))
    return total


def _frond(canvas: Canvas, pen: ImageDraw.ImageDraw) -> None:
    chance, side = canvas.chance, canvas.side
    edge = chance.uniform(0, 1)
    x = (edge * 1.1 - 0.05) * canvas.width
    y = canvas.height * (1.08 if chance.uniform() < 0.7 else 0.9)
    angle = -math.pi / 2 + (0.5 - edge) * 1.5 + chance.normal(0, 0.2)
    bend = chance.normal(0, 0.9)
    length = side * chance.uniform(0.7, 1.0)
    joints = 34
    for number in range(joints):
        t = number / joints
        angle += bend / joints
        x, y = x + math.cos(angle) * length / joints, y + math.sin(angle) * length / joints
        if t < 0.22:
            continue
        leaf = side * 0.27 * math.sin(math.pi * min(1.0, 0.12 + 0.86 * t)) ** 0.8
        for hand in (-1, 1):
            turn = angle + hand * (1.05 - 0.55 * t) + chance.normal(0, 0.05)
            _leaflet(pen, (x, y), turn, leaf * chance.uniform(0.85, 1.0), side * 0.011)


def _leaflet(
    pen: ImageDraw.ImageDraw, foot: tuple[float, float], angle: float, length: float, half: float
) -> None:
    cos, sin = math.cos(angle), math.sin(angle)
    outline = [(0.0, 0.0), (0.3, 1.0), (0.6, 0.8), (1.0, 0.0), (0.6, -0.8), (0.3, -1.0)]
    points = [
        (foot[0] + cos * a * length - sin * b * half, foot[1] + sin * a * length + cos * b * half)
        for a, b in outline
    ]
    pen.polygon(points, fill=255)


def city(canvas: Canvas, palette: Palette) -> Plane:
    """Towers behind towers, windows lit, everything again in wet streets."""
    shore = 0.80
    rows = int(canvas.height * shore)
    tones = [rgb(tone) for tone in palette.tones]
    low = mix(rgb(palette.glow), rgb(palette.accent), 0.22)
    sky = ramp([tones[0], tones[1], tones[2], tones[3], low], [0, 0.22, 0.5, 0.76, 1])
    drift = canvas.noise()(canvas.x * 0.7, canvas.y * 2.6)
    picture = tinted(canvas.down / shore * 0.98 + 0.045 * drift, sky)
    layers = 5
    for number in range(layers):
        near = number / (layers - 1)
        colour = mix(mix(low, tones[2], 0.55), tones[0] * 0.75, near**0.6)
        _towers(canvas, picture[:rows], palette, colour, near)
    haze = np.exp(-(((canvas.down[:rows] - shore) / 0.10) ** 2)) * 0.35
    over(picture[:rows], low, np.broadcast_to(haze, picture[:rows].shape[:2]))
    picture[rows:] = _wet(canvas, picture[:rows], tones[0])
    return picture


def _towers(canvas: Canvas, picture: Plane, palette: Palette, colour: Plane, near: float) -> None:
    """One row of towers, from edge to edge."""
    chance, (rows, columns) = canvas.chance, picture.shape[:2]
    tall = line(canvas.chance, canvas.across, 3, 2)
    x = -canvas.side * chance.uniform(0, 0.05)
    while x < columns:
        wide = canvas.side * chance.uniform(0.035, 0.085) * (0.7 + 0.7 * near)
        middle = int(np.clip(x + wide / 2, 0, columns - 1))
        height = 0.17 + 0.15 * tall[middle] + 0.34 * (1 - near) * chance.uniform(0.2, 1)
        height = max(0.05, height + 0.14 * (chance.uniform() < 0.15)) * rows
        left, right = max(0, int(x)), min(columns, int(x + wide))
        top = max(0, int(rows - height))
        if right - left > 2:
            face = picture[top:, left:right]
            face += (colour - face) * (0.75 + 0.25 * near)
            _windows(canvas, face, palette, near)
            if chance.uniform() < 0.25:
                mast = max(0, top - int(0.05 * rows))
                thin = max(1, canvas.side // 512)
                picture[mast:top, (left + right) // 2 : (left + right) // 2 + thin] = colour
        x += wide * chance.uniform(0.95, 1.25)


def _windows(canvas: Canvas, face: Plane, palette: Palette, near: float) -> None:
    """Lit windows in a grid, most of them dark."""
    step_px = max(4, round(canvas.side * (0.0085 + 0.006 * near)))
    rows, columns = face.shape[0] // step_px, face.shape[1] // step_px
    if rows < 2 or columns < 2:
        return
    busy = canvas.chance.uniform(0.10, 0.5) * (0.35 + 0.65 * near)
    lit = canvas.chance.uniform(0, 1, (rows, columns)) < busy
    power = np.where(lit, canvas.chance.uniform(0.35, 1, (rows, columns)), 0)
    pane = np.zeros((step_px, step_px), np.float32)
    pane[step_px // 4 : -(step_px // 4) or None, step_px // 4 :] = 1
    cover = np.kron(power, pane).astype(np.float32)
    light = rgb(palette.glow) if canvas.chance.uniform() < 0.8 else rgb(palette.accent)
    part = face[: cover.shape[0], : cover.shape[1]]
    part += (light - part) * (cover * (0.45 + 0.5 * near))[..., None]


def _wet(canvas: Canvas, above: Plane, dark: Plane) -> Plane:
    """The city mirrored in rippled water."""
    rows = canvas.height - len(above)
    depth = np.arange(rows, dtype=np.float32)[:, None] / rows
    noise = canvas.noise(16)
    columns = np.arange(canvas.width, dtype=np.float32)[None]
    sway = noise(columns / canvas.side * 1.2, 3 + 26 * depth**0.7) * (0.004 + 0.016 * depth)
    source_x = np.clip(columns + sway * canvas.side, 0, canvas.width - 1).astype(np.int32)
    jump = noise(columns / canvas.side * 4, 9 + 40 * depth**0.7) * 0.03 * depth
    source_y = len(above) - 1 - (depth + jump) * rows * 2.2
    mirrored = above[np.clip(source_y, 0, len(above) - 1).astype(np.int32), source_x]
    faded: Plane = mirrored + (dark - mirrored) * (0.22 + 0.45 * depth)[..., None]
    faded += step(0.5, 1.2, sway * 60)[..., None] * 0.03
    return faded
