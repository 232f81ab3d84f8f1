"""What is done to a picture that is there already: known again, enlarged, edited by words."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

EDIT_STRENGTH = 0.7


def fingerprint(picture: Image.Image) -> str:
    """The same for the same pixels only."""
    return hashlib.sha256(picture.tobytes()).hexdigest()


def enlarged(pictures: Sequence[Image.Image], size: tuple[int, int]) -> Image.Image:
    """The first picture at this size. Raises `ValueError` when there is none."""
    if not pictures:
        raise ValueError("cannot identify image file")
    if pictures[0].size == size:
        return pictures[0]
    return pictures[0].resize(size, Image.Resampling.LANCZOS)


def edited(picture: Image.Image, painted: Image.Image) -> Image.Image:
    """The picture in the light of what its instruction would paint: that one's tones and colours."""
    fitted = ImageOps.fit(picture.convert("RGB"), painted.size, Image.Resampling.LANCZOS)
    given = np.asarray(fitted, np.float32)
    wanted = np.asarray(painted, np.float32)
    mean, spread = _tones(given)
    new_mean, new_spread = _tones(wanted)
    graded = (given - mean) * (new_spread / spread) + new_mean
    mixed = given + EDIT_STRENGTH * (graded - given)
    return Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8))


def _tones(picture: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], ...]:
    """Mean and spread of each channel; a flat picture counts as hardly flat."""
    return picture.mean(axis=(0, 1)), np.maximum(picture.std(axis=(0, 1)), 4)
