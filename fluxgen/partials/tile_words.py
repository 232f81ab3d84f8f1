"""The sentences of a tile with their places still open: a page fills them for each of its tiles."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen.archive import Tile
from fluxgen.words import _, ngettext


@dataclass(frozen=True, slots=True)
class TileWords:
    """One sentence each; `name` is the generation's or picture's, `words` say what is to be seen."""

    tile: str
    select: str
    favourite: str
    delete: str
    picture: str
    download: str

    def delete_all(self, tile: Tile) -> str:
        """What the tile's button deletes."""
        if len(tile.pictures) == 1:
            return self.delete % {"name": tile.number}
        return ngettext(
            "Delete the %(num)s picture of %(name)s",
            "Delete all %(num)s pictures of %(name)s",
            len(tile.pictures),
            name=tile.number,
        )


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


def missing(tile: Tile) -> str:
    """How many of how many came, where some did not."""
    if tile.came == tile.asked:
        return ""
    return _("%(came)s of %(asked)s", came=tile.came, asked=tile.asked)
