"""Colours as numbers from 0 to 1, and ramps that stay clean between their stops.

Mixing happens in OKLab (Björn Ottosson, 2020), where the way between two colours has no mud.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fluxgen.sandbox.painting_canvas import Plane

Numbers = npt.NDArray[np.float64]

_RAMP_STEPS = 1024
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def rgb(colour: str) -> Plane:
    """`#rrggbb` as three numbers."""
    return np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)], np.float32)


def hexed(colour: Plane | Numbers) -> str:
    """Three numbers as `#rrggbb`."""
    return "#" + "".join(f"{round(float(one) * 255):02x}" for one in np.clip(colour, 0, 1))


def mix(one: Plane, other: Plane, share: float) -> Plane:
    """A colour between two: `share` of the way from the first to the second."""
    return _from_lab(_to_lab(one) * (1 - share) + _to_lab(other) * share)


def ramp(colours: Sequence[str | Plane], places: Sequence[float] | None = None) -> Plane:
    """A smooth way through colours at places from 0 to 1 (evenly, if not given)."""
    stops = np.array([rgb(one) if isinstance(one, str) else one for one in colours])
    lab = _to_lab(stops)
    at = np.linspace(0, 1, len(colours)) if places is None else np.asarray(places)
    way = np.linspace(0, 1, _RAMP_STEPS)
    return _from_lab(np.stack([np.interp(way, at, lab[:, n]) for n in range(3)], axis=-1))


def tinted(place: Plane | np.float32, colours: Plane) -> Plane:
    """The colour of a ramp for every place from 0 to 1."""
    steps = np.clip(place, 0, 1) * np.float32(len(colours) - 1)
    return np.take(colours, np.asarray(steps).astype(np.int32), axis=0)


def hue_turned(colour: str, angle: float) -> str:
    """The colour with its hue turned by an angle in radians."""
    lightness, a, b = _to_lab(rgb(colour))
    turned = [a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle)]
    return hexed(_from_lab(np.array([lightness, *turned])))


def lightness_and_chroma(colour: str) -> tuple[float, float]:
    """How light and how strong a colour looks."""
    lightness, a, b = _to_lab(rgb(colour))
    return float(lightness), float(np.hypot(a, b))


def _to_lab(colours: Plane | Numbers) -> Numbers:
    wide = np.asarray(colours, np.float64)
    linear = np.where(wide <= 0.04045, wide / 12.92, ((wide + 0.055) / 1.055) ** 2.4)
    lab: Numbers = np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T
    return lab


def _from_lab(lab: Numbers) -> Plane:
    linear = np.clip((lab @ np.linalg.inv(_TO_LAB).T) ** 3 @ np.linalg.inv(_TO_LMS).T, 0, 1)
    curved = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.clip(curved, 0, 1).astype(np.float32)
