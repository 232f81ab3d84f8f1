"""What can be painted, and which words ask for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fluxgen.sandbox.painting_arch import arch
from fluxgen.sandbox.painting_canvas import Canvas, Plane
from fluxgen.sandbox.painting_flower import dahlia
from fluxgen.sandbox.painting_hills import aurora, ridges
from fluxgen.sandbox.painting_palettes import Palette
from fluxgen.sandbox.painting_paper import paper, woodblock
from fluxgen.sandbox.painting_room import city, window
from fluxgen.sandbox.painting_sea import sea
from fluxgen.sandbox.painting_spheres import spheres
from fluxgen.sandbox.painting_stone import agate, silk
from fluxgen.sandbox.painting_terrain import dunes


@dataclass(frozen=True)
class Motif:
    """How it is painted, the palettes that suit it when no word asks for one, its words."""

    paint: Callable[[Canvas, Palette], Plane]
    palettes: tuple[str, ...]
    words: str
    grain: float = 0.012


MOTIFS: dict[str, Motif] = {
    "ridges": Motif(
        ridges,
        ("dusk", "winter", "forest", "azure"),
        "mountain mountains ridge ridges hill hills valley landscape peak alps forest woods tree "
        "trees pine fog mist misty horizon nature wilderness peaks snow snowy summit glacier alpine himalaya "
        "climbing winter fox wolf bear deer owl bird eagle horse cabin hiker",
    ),
    "sea": Motif(
        sea,
        ("dusk", "ember", "lagoon", "azure", "rose"),
        "sea ocean coast beach sunset sunrise water horizon boat boats ship sail sailboat harbour "
        "harbor fisherman lighthouse whale dolphin lake bay island tide shore surf pacific",
    ),
    "dunes": Motif(
        dunes,
        ("desert", "terracotta", "gold", "rose"),
        "dune dunes desert sand sahara camel canyon mars planet savanna",
    ),
    "agate": Motif(
        agate,
        ("ember", "terracotta", "lagoon", "dusk", "gold"),
        "agate stone marble mineral crystal geode gem gemstone jewel rock macro texture slice "
        "opal quartz layers",
    ),
    "silk": Motif(
        silk,
        ("rose", "azure", "ember", "lagoon", "orchid"),
        "silk satin fabric cloth velvet dress fashion drape curtain smoke flow flowing fluid "
        "music dance dancer elegant wind hair portrait woman man girl boy face person queen king",
    ),
    "paper": Motif(
        paper,
        ("lagoon", "terracotta", "citrus", "mint", "azure"),
        "paper cut collage abstract layered map topographic contour poster illustration flat "
        "shapes pattern geometric craft origami minimal modern",
    ),
    "woodblock": Motif(
        woodblock,
        ("lagoon", "azure", "winter", "sage"),
        "wave waves japan japanese tokyo kyoto hokusai woodblock ukiyo print linocut line lines "
        "storm tsunami kanagawa zen koi",
    ),
    "arch": Motif(
        arch,
        ("terracotta", "rose", "desert", "azure", "citrus"),
        "arch arches architecture building buildings house wall walls villa courtyard stairs "
        "staircase steps door doorway palace temple church concrete brutalist minimalist home",
    ),
    "spheres": Motif(
        spheres,
        ("terracotta", "rose", "mint", "citrus", "sage"),
        "still life sphere spheres ball balls marbles marble bubble bubbles fruit fruits candy "
        "sweets planets pearls beads lemon apple orange bowl coffee cup tea food cake toy toys product render 3d object objects",
    ),
    "dahlia": Motif(
        dahlia,
        ("rose", "ember", "citrus", "orchid", "dusk"),
        "dahlia flower flowers petal petals rose peony lotus blossom bloom garden botanical "
        "bouquet plant floral tulip sunflower chrysanthemum daisy lily cherry",
    ),
    "window": Motif(
        window,
        ("terracotta", "sage", "gold", "rose", "ink"),
        "window light shadow shadows room interior morning palm palms leaf leaves fern sunlight "
        "cat dog kitten library book chair quiet curtain kitchen bedroom tropical blinds cafe afternoon",
    ),
    "city": Motif(
        city,
        ("dusk", "night", "orchid", "ember", "lagoon"),
        "city skyline street streets urban town tower towers skyscraper skyscrapers neon cyberpunk "
        "downtown metropolis rain rainy york london paris shanghai hong kong future futuristic",
    ),
    "aurora": Motif(
        aurora,
        ("night",),
        "aurora night stars star starry sky galaxy cosmos cosmic space moon northern lights "
        "constellation nebula universe midnight astronaut rocket alien",
    ),
}


def choose_motif(words: Sequence[str], family: np.random.Generator) -> Motif:
    """The motif most words ask for; without any, one that the prompt as a whole picks."""
    said = [form for word in words for form in {word, word.removesuffix("s")}]
    asked = {
        name: sum(word in motif.words.split() for word in said) for name, motif in MOTIFS.items()
    }
    most = max(asked.values())
    if most:
        return MOTIFS[next(name for name, count in asked.items() if count == most)]
    return MOTIFS[list(MOTIFS)[int(family.integers(len(MOTIFS)))]]
