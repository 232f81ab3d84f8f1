"""The shapes of pictures, as the style sheets know them."""

from __future__ import annotations

from functools import cache

RATIOS = (
    *("1:1", "5:4", "4:3", "7:5", "3:2", "16:10", "5:3", "16:9", "2:1", "21:9", "3:1"),
    *("4:5", "3:4", "5:7", "2:3", "10:16", "3:5", "9:16", "1:2", "9:21", "1:3"),
)
"""Those that the style sheets know."""


def ratio_class(aspect_ratio: str) -> str:
    """3:2 as the style sheet's `r-3-2`."""
    return f"r-{aspect_ratio.replace(':', '-')}"


def nearest_ratio(width: int, height: int) -> str:
    """The usual aspect ratio that comes nearest to these pixels."""
    own = width / height
    return min(RATIOS, key=lambda ratio: abs(quotient(ratio) / own - 1))


@cache
def quotient(aspect_ratio: str) -> float:
    """3:2 as 1.5."""
    width, __, height = aspect_ratio.partition(":")
    return int(width) / int(height)
