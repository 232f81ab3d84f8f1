"""The sentences of a tile with their places still open: a page fills them for each of its tiles."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen.words import _


@dataclass(frozen=True, slots=True)
class TileWords:
    """One sentence each; `name` is the generation's or picture's, `words` say what is to be seen."""

    tile: str
    select: str
    favourite: str
    delete: str
    picture: str
    download: str


def tile_words() -> TileWords:
    """All of them, in the language that is spoken."""
    return TileWords(
        tile=_("Generation %(name)s"),
        select=_("Select %(name)s"),
        favourite=_("Favourite %(name)s"),
        delete=_("Delete picture %(name)s"),
        picture=_("Picture %(name)s: %(words)s"),
        download=_("Download picture %(name)s"),
    )
