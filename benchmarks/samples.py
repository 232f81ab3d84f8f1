"""Draws the Looks' sample pictures with the sandbox's painter, until real ones exist.

Each is painted from the very text that its version and answers compose, so it changes when and
only when they do. Samples that a model made (`made_by` in the samples' file) are left alone.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image as Pillow

from fluxgen import looks, pictures
from fluxgen.assets import STATIC
from fluxgen.looks import library
from fluxgen.looks.look import Look, Sample
from fluxgen.sandbox.painting import paint

PAINTED_BY = "sandbox"
OVERSIZE = 2
"""Painted larger, then made smaller: fine lines stay fine."""
QUALITIES = (72, 60, 48, 36)
MAX_BYTES = 25_000


def main() -> None:
    """Draw what is missing; with `--anew` everything."""
    anew = "--anew" in sys.argv
    for look in library.every():
        for sample in look.samples:
            path = STATIC / sample.file
            if sample.made_by == PAINTED_BY and (anew or not path.exists()):
                _keep(path, drawn(look, sample))


def drawn(look: Look, sample: Sample) -> Pillow.Image:
    """The sample as the painter sees its text."""
    width, height = sample.size
    model = look.model(sample.tier).address(sample.tier).rpartition("/")[2]
    text = looks.compose(look, sample.values)
    large = paint(text, model, width * OVERSIZE, height * OVERSIZE, sample.seed)
    return large.resize((width, height), Pillow.Resampling.LANCZOS)


def _keep(path: Path, picture: Pillow.Image) -> None:
    """As WebP, at the best quality that stays small."""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MAX_BYTES:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pictures.marked(out.getvalue(), "webp"))
    print(f"{path.name}: {out.tell():,} bytes")


if __name__ == "__main__":
    main()
