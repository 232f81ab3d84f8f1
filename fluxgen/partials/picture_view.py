"""A finished picture as cards and lightbox show it: its addresses, its measures, its flaw."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen.generations import describing
from fluxgen.models import Generation, Image
from fluxgen.partials.picture_addresses import address, fallback
from fluxgen.pictures import THUMBNAILS_PX

LETTERS = "ABCD"


@dataclass(frozen=True)
class PictureView:
    """One finished picture of a card. Widths and heights are pixels."""

    public_id: str
    card_id: str
    """Of its generation's card or tile on the page."""
    position: int
    url_original: str
    url_640: str
    url_320: str
    lasting: str
    width: int
    height: int
    format: str
    size_bytes: int
    placeholder: list[str]
    alt: str
    own_alt: str = ""
    flaw: str | None = None

    @property
    def url_download(self) -> str:
        return f"/images/{self.public_id}/download"

    @property
    def url_delete(self) -> str:
        return f"/pictures/{self.public_id}/delete"

    @property
    def url_alt(self) -> str:
        return f"/pictures/{self.public_id}/alt"

    @property
    def srcset(self) -> str:
        """Both thumbnails with their widths."""
        return srcset(self.url_320, self.width_320, self.url_640, self.width_640)

    @property
    def width_320(self) -> int:
        return self._width_within(THUMBNAILS_PX[1])

    @property
    def width_640(self) -> int:
        return self._width_within(THUMBNAILS_PX[0])

    def _width_within(self, side: int) -> int:
        return max(1, round(self.width * min(1, side / max(self.width, self.height))))


def srcset(small: str, small_px: int, large: str, large_px: int) -> str:
    """Two files and their widths, for the browser to choose from; of a small picture both are as
    wide, and one is enough."""
    return f"{small} {small_px}w" + (f", {large} {large_px}w" if large_px > small_px else "")


def picture_view(generation: Generation, image: Image) -> PictureView:
    """The picture of this row."""
    colours = image.placeholder
    return PictureView(
        public_id=image.public_id,
        card_id=f"generation-{generation.public_id}",
        position=image.position,
        url_original=address(generation, image, "original"),
        url_640=address(generation, image, "640"),
        url_320=address(generation, image, "320"),
        lasting=fallback(image.public_id),
        width=image.width,
        height=image.height,
        format=image.format,
        size_bytes=image.size_bytes,
        placeholder=[f"#{colours[at : at + 3]}" for at in range(0, 27, 3)],
        alt=image.alt or describing.asked(generation),
        own_alt=image.alt or "",
        flaw=image.flaw,
    )


def named(generation: Generation, position: int | None) -> str:
    """41; or 41B, where there are several pictures."""
    letter = LETTERS[position] if position is not None and generation.count > 1 else ""
    return f"{generation.number}{letter}"
