"""The painter: the same for the same, different for different, and what words ask for."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from fluxgen.sandbox.painting import paint
from fluxgen.sandbox.painting_motifs import MOTIFS, choose_motif
from fluxgen.sandbox.painting_palettes import PALETTES
from fluxgen.sandbox.painting_quick import paint_quickly

SMALL = (192, 128)


def pixels(prompt: str, seed: int = 1, model: str = "flux-dev") -> npt.NDArray[np.float64]:
    return np.asarray(paint(prompt, model, *SMALL, seed), np.float64)


@pytest.mark.parametrize("name", MOTIFS)
def test_every_motif_paints_any_shape(name: str) -> None:
    prompt = MOTIFS[name].words.split()[0]
    assert choose_motif([prompt], np.random.default_rng(0)) is MOTIFS[name]
    for size in (SMALL, (96, 224)):
        picture = paint(prompt, "flux-dev", *size, 3)
        assert (picture.size, picture.mode) == (size, "RGB")
        assert np.asarray(picture, np.float64).std() > 8, "flat"


def test_it_is_deterministic() -> None:
    assert (pixels("a red fox") == pixels("a red fox")).all()


def test_another_seed_prompt_or_model_is_another_picture() -> None:
    one = pixels("misty mountains")
    for other in (
        pixels("misty mountains", seed=2),
        pixels("sunset at sea"),
        pixels("misty mountains", model="flux-2-pro"),
    ):
        assert np.abs(one - other).mean() > 2


def test_another_seed_stays_in_the_family() -> None:
    """Seeds of one prompt share their colours more than two prompts do."""

    def colour(prompt: str, seed: int) -> npt.NDArray[np.float64]:
        return np.asarray(pixels(prompt, seed).mean(axis=(0, 1)))

    apart = np.abs(colour("blue mountains", 1) - colour("blue mountains", 2)).max()
    assert apart < np.abs(colour("blue mountains", 1) - colour("a red dahlia", 1)).max()


def test_colour_words_are_heard() -> None:
    red, _, blue = pixels("red silk").mean(axis=(0, 1))
    assert red > blue
    red, _, blue = pixels("blue silk").mean(axis=(0, 1))
    assert blue > red


def test_a_reference_lends_its_colours() -> None:
    green = Image.new("RGB", (64, 64), (20, 160, 60))
    painted = paint("silk", "flux-dev", *SMALL, 1, [green])
    red, leafy, blue = np.asarray(painted, np.float64).mean(axis=(0, 1))
    assert leafy > red and leafy > blue


def test_motifs_name_palettes_that_exist() -> None:
    assert {name for motif in MOTIFS.values() for name in motif.palettes} <= set(PALETTES)


def test_any_prompt_is_painted() -> None:
    for prompt in ("", "…", "猫", "a portrait of a scientist", "x" * 2000):
        assert paint(prompt, "unknown-model", 64, 48, 0).size == (64, 48)


def test_the_quick_painter_is_small_and_keeps_the_ratio() -> None:
    assert paint_quickly("a fox", "flux-dev", 1344, 768, 1).size == (256, 146)
    assert paint_quickly("a fox", "flux-dev", 100, 50, 1).size == (100, 50)
