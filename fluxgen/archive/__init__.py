"""The archive: every picture, found in a moment, kept until deleted, gone when deleted.

`reading` has its pages, `finding` what somebody looks for, `terms` and `index` how it is found,
`favourites` and `deletion` what may be done with it, `keys` where its bytes are.
"""

from __future__ import annotations

from fluxgen.archive.deletion import (
    GONE_AFTER_S,
    UNDO_S,
    claim_purge,
    delete,
    dismiss_old,
    purge,
    to_purge,
    undo,
)
from fluxgen.archive.favourites import mark, unmark
from fluxgen.archive.finding import NUMBER_MAX, Wanted
from fluxgen.archive.index import catch_up, enter, forget_removed
from fluxgen.archive.keys import key, keys_of
from fluxgen.archive.reading import (
    COUNTED_MAX,
    Month,
    Page,
    Picture,
    Place,
    Tile,
    ended,
    image,
    months,
    page,
    place,
    total,
)

__all__ = [
    "COUNTED_MAX",
    "GONE_AFTER_S",
    "NUMBER_MAX",
    "UNDO_S",
    "Month",
    "Page",
    "Picture",
    "Place",
    "Tile",
    "Wanted",
    "catch_up",
    "claim_purge",
    "delete",
    "dismiss_old",
    "ended",
    "enter",
    "forget_removed",
    "image",
    "key",
    "keys_of",
    "mark",
    "months",
    "page",
    "place",
    "purge",
    "to_purge",
    "total",
    "undo",
    "unmark",
]
