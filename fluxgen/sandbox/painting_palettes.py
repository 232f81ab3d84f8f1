"""Palettes: chosen by the words of a prompt, or taken from a reference picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from fluxgen.sandbox.painting_colour import (
    hexed,
    hue_turned,
    lightness_and_chroma,
    rgb,
)


@dataclass(frozen=True)
class Palette:
    """Five tones from dark to light, a glow for lights and skies, an accent that stands out."""

    tones: tuple[str, ...]
    glow: str
    accent: str


PALETTES: dict[str, Palette] = {
    "ember": Palette(("#1b0d14", "#5a1a24", "#b23a2c", "#ee8a4c", "#fbdcae"), "#ffd08a", "#2f8f9d"),
    "dusk": Palette(("#161a33", "#3d3562", "#8d5a83", "#e49a86", "#fbe3cb"), "#ffb98f", "#f2674a"),
    "lagoon": Palette(
        ("#06222f", "#0d4f62", "#1f8d96", "#7fcfc0", "#eef7e6"), "#fff0c2", "#f0714f"
    ),
    "forest": Palette(
        ("#0d1912", "#1f3b2a", "#4b7150", "#a3b982", "#f1ecd0"), "#ffe9a8", "#d8643a"
    ),
    "desert": Palette(
        ("#2a1713", "#7a3b22", "#c9794a", "#e9b98a", "#faebd3"), "#ffe2b0", "#2d6f8f"
    ),
    "ink": Palette(("#0c0d10", "#2b2d33", "#6f7278", "#bfc1c2", "#f5f3ee"), "#ffffff", "#c8382a"),
    "rose": Palette(("#2a0f1c", "#7d2747", "#cf5a78", "#f2a7a4", "#fdebe0"), "#ffd9c2", "#5b8f7b"),
    "night": Palette(("#050914", "#0d1c3a", "#1d3f6e", "#5c8fb8", "#dcebf2"), "#ffe6b3", "#8df0c0"),
    "citrus": Palette(
        ("#3a2208", "#9c5a0b", "#e5a012", "#f7d04a", "#fff6d6"), "#fffbe0", "#2b6f4f"
    ),
    "winter": Palette(
        ("#16222e", "#3d566b", "#87a3b5", "#c9d8df", "#f8fafa"), "#fff1dd", "#c9502e"
    ),
    "terracotta": Palette(
        ("#2b1a1a", "#7c3a2d", "#c8694a", "#e8b093", "#f8ebdd"), "#ffe6c4", "#345f8c"
    ),
    "orchid": Palette(
        ("#1a1030", "#472a6b", "#8a5bb0", "#cfa4d6", "#f8ebf4"), "#ffd9c9", "#f0b429"
    ),
    "sage": Palette(("#1c2420", "#46554b", "#8a9a85", "#c6ccb5", "#f6f3e8"), "#fff3d6", "#c56b4a"),
    "azure": Palette(("#0a1a3a", "#15408a", "#2f78c8", "#8dbdea", "#f1f6fb"), "#fff2d0", "#f2772e"),
    "coral": Palette(("#331318", "#9c3735", "#ef6f5a", "#fdb08f", "#ffeee0"), "#ffdcbb", "#2f8a86"),
    "gold": Palette(("#1a130b", "#553a14", "#a97a2b", "#dfc07a", "#faf2da"), "#fff0bd", "#28556b"),
    "mint": Palette(("#0e2a28", "#2a6a60", "#6cb8a0", "#b9e2c8", "#f8f8ea"), "#fff4cf", "#f08a6a"),
}

_WORDS: dict[str, str] = {
    "ember": "red crimson scarlet fire flame lava ember hot autumn fall volcano passion",
    "dusk": "dusk sunset evening twilight dream dreamy nostalgic romantic sundown",
    "lagoon": "turquoise teal cyan aqua lagoon tropical underwater reef pool",
    "forest": "green forest jungle moss woods leaf leaves grass emerald wild",
    "desert": "desert sand orange dune sahara savanna warm canyon amber dry",
    "ink": "black white monochrome ink charcoal noir grey gray silver minimal grayscale bw",
    "rose": "pink rose blush peony love cherry blossom valentine",
    "night": "night midnight stars starry moon space galaxy cosmic dark navy aurora",
    "citrus": "yellow lemon citrus sunny summer sunflower bright happy cheerful mustard",
    "winter": "winter snow ice frost frozen cold arctic glacier fog foggy mist misty pale",
    "terracotta": "terracotta clay brick adobe mediterranean rust morocco pottery spanish",
    "orchid": "purple violet lavender lilac orchid magenta mystic plum neon cyberpunk",
    "sage": "sage olive calm quiet zen muted soft natural linen gentle peaceful serene",
    "azure": "blue azure cobalt sky ocean sea marine indigo sapphire water",
    "coral": "coral salmon peach apricot tangerine flamingo",
    "gold": "gold golden bronze brass honey baroque luxury brown caramel sepia vintage",
    "mint": "mint spring fresh pastel morning dawn pistachio easter sunrise",
}
_BY_WORD = {word: name for name, words in _WORDS.items() for word in words.split()}
MOST_TURN = 0.12
"""How far, in radians, another seed may turn the colours."""

_PLAIN_COLOURS = frozenset(
    [
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "purple",
        "violet",
        "pink",
        "turquoise",
        "teal",
        "gold",
        "golden",
        "black",
        "white",
        "coral",
        "crimson",
        "indigo",
        "lavender",
        "mint",
        "cobalt",
        "emerald",
        "rose",
        "cyan",
        "magenta",
        "brown",
    ]
)


_WEAK = frozenset(
    [
        "calm",
        "quiet",
        "muted",
        "soft",
        "natural",
        "gentle",
        "peaceful",
        "warm",
        "cold",
        "bright",
        "fresh",
        "dark",
        "pale",
        "dry",
    ]
)
"""Words that choose only where no other does."""


def choose_palette(
    words: Sequence[str],
    usual: Sequence[str],
    family: np.random.Generator,
    chance: np.random.Generator,
) -> Palette:
    """The palette the words ask for, colour words first; else one of the motif's usual ones."""
    said = [word for word in words if word in _PLAIN_COLOURS]
    said += [word for word in words if word in _BY_WORD and word not in _WEAK]
    said += [word for word in words if word in _WEAK]
    names = list(dict.fromkeys(_BY_WORD[word] for word in said))
    fallback = usual[int(family.integers(len(usual)))]
    palette = PALETTES[names[0] if names else fallback]
    if len(names) > 1:
        palette = replace(palette, accent=_liveliest(PALETTES[names[1]].tones))
    turn = chance.uniform(-MOST_TURN, MOST_TURN)
    return Palette(
        tuple(hue_turned(tone, turn) for tone in palette.tones),
        hue_turned(palette.glow, turn),
        palette.accent,
    )


def palette_of(picture: Image.Image) -> Palette:
    """The tones of a reference picture, its liveliest colour as the accent."""
    side = 96
    small = picture.convert("RGB").resize((side, side), Image.Resampling.BOX)
    reduced = small.quantize(8, method=Image.Quantize.MEDIANCUT).convert("RGB")
    counted = reduced.getcolors(side * side) or []
    found = {hexed(np.array(colour, np.float32) / 255) for _, colour in counted}
    colours = sorted(found, key=lambda one: lightness_and_chroma(one)[0])
    picked = [colours[round(n * (len(colours) - 1) / 4)] for n in range(5)]
    dark, light = hexed(rgb(picked[0]) * 0.5), hexed(rgb(picked[4]) * 0.4 + 0.6)
    return Palette((dark, picked[1], picked[2], picked[3], light), light, _liveliest(colours))


def _liveliest(colours: Sequence[str]) -> str:
    return max(colours, key=lambda one: lightness_and_chroma(one)[1])
