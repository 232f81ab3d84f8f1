"""Generative paintings: the same words, model, size and seed always give the same picture."""

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageOps

from fluxgen.sandbox.painting_canvas import Canvas, Plane, finished
from fluxgen.sandbox.painting_motifs import choose_motif
from fluxgen.sandbox.painting_over import fingerprint
from fluxgen.sandbox.painting_palettes import choose_palette, palette_of
from fluxgen.sandbox.painting_quick import paint_quickly

Painter = Callable[[str, str, int, int, int, Sequence[Image.Image]], Image.Image]

_DETAIL = {
    "flux-schnell": 0.8,
    "flux-2-klein-4b": 0.9,
    "flux-1.1-pro": 1.15,
    "flux-1.1-pro-ultra": 1.35,
    "flux-2-pro": 1.35,
    "flux-2-max": 1.45,
}
TILE = "pattern tile"
"""Prompts that begin with it get a painting that goes on at all four sides ..."""
FLAWED_TILES = 0.2
"""... but for this share, since models fail at it, too."""
_WORD = re.compile(r"[^\W\d_]+")


def paint(
    prompt: str,
    model: str,
    width: int,
    height: int,
    seed: int,
    references: Sequence[Image.Image] = (),
) -> Image.Image:
    """Paint the prompt. Its words choose motif and palette, the seed everything else.

    A better model paints in finer detail; reference pictures lend their colours, and other
    pictures make another painting.
    """
    words = _WORD.findall(prompt.lower())
    if TILE in " ".join(words[:4]) and _chance(*words, seed).random() > FLAWED_TILES:
        return _mirrored(
            paint(prompt.lower().replace(TILE, "print", 1), model, width // 2, height // 2, seed)
        )
    family = _chance(" ".join(words))
    motif = choose_motif(words, family)
    chance = _chance(" ".join(words), model, seed, *map(fingerprint, references))
    usual = choose_palette(words, motif.palettes, family, chance)
    palette = palette_of(references[0]) if references else usual
    detail = _DETAIL.get(model, 1.0)
    canvas = Canvas(width, height, family, chance, detail, frozenset(words))
    return _as_image(finished(canvas, motif.paint(canvas, palette), grain=motif.grain))


PAINTERS: dict[str, Painter] = {"full": paint, "quick": paint_quickly}
"""By name, as `SANDBOX_PAINTER` chooses."""


def _mirrored(quarter: Image.Image) -> Image.Image:
    """Four of it, mirrored, so that opposite edges are the same."""
    width, height = quarter.size
    tile = Image.new("RGB", (2 * width, 2 * height))
    right = ImageOps.mirror(quarter)
    for x, above in ((0, quarter), (width, right)):
        tile.paste(above, (x, 0))
        tile.paste(ImageOps.flip(above), (x, height))
    return tile


def _chance(*parts: object) -> np.random.Generator:
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16]))


def _as_image(picture: Plane) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
