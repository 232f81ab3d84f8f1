"""The archive: every picture, found in a moment, kept until deleted, gone when deleted.

`reading` has its pages, `place` a picture's neighbours, `finding` what somebody looks for,
`entries`, `terms` and `index` how it is found, `favourites`, `describing`, `deletion` and `single`
(one picture of several) what may be done with it, `selecting` with many of it, `collections` what
belongs together, `keys` where its bytes are, `shelves` how a deleted one's are put out of reach.
"""

from __future__ import annotations

from fluxgen.archive import collections
from fluxgen.archive.deletion import (
    GONE_AFTER_S,
    UNDO_S,
    FavouritesAmong,
    claim_purge,
    delete,
    delete_many,
    dismiss_old,
    purge,
    to_purge,
    undo,
    undo_left_s,
    undo_many,
    went_by_itself,
)
from fluxgen.archive.describing import ALT_MAX, describe
from fluxgen.archive.entries import answers
from fluxgen.archive.favourites import mark, unmark
from fluxgen.archive.finding import ENDED, Wanted
from fluxgen.archive.index import NUMBER_MAX, catch_up, enter, forget_all_removed, forget_removed
from fluxgen.archive.keys import PREFIX, all_of, key, key_at, keys_of, keys_on
from fluxgen.archive.place import PLACE_MAX, Neighbour, Place, place
from fluxgen.archive.reading import (
    AT_ONCE_MAX,
    COUNTED_MAX,
    Month,
    Page,
    Picture,
    Tile,
    ended,
    image,
    months,
    of_same_look,
    page,
    tile,
    tiles_of,
    total,
)
from fluxgen.archive.selecting import (
    PICTURES_MAX,
    TOGETHER_MAX,
    Kept,
    deleted_together,
    for_download,
    mark_many,
    matching,
)
from fluxgen.archive.shelves import moved, put_away, put_away_again, reachable, to_put_away
from fluxgen.archive.single import (
    claim_picture,
    delete_picture,
    deleted_picture,
    is_of_picture,
    keys_of_picture,
    pictures_to_purge,
    purge_picture,
    undo_picture,
)

__all__ = [
    "ALT_MAX",
    "AT_ONCE_MAX",
    "COUNTED_MAX",
    "ENDED",
    "GONE_AFTER_S",
    "NUMBER_MAX",
    "PICTURES_MAX",
    "PLACE_MAX",
    "PREFIX",
    "TOGETHER_MAX",
    "UNDO_S",
    "FavouritesAmong",
    "Kept",
    "Month",
    "Neighbour",
    "Page",
    "Picture",
    "Place",
    "Tile",
    "Wanted",
    "all_of",
    "answers",
    "catch_up",
    "claim_picture",
    "claim_purge",
    "collections",
    "delete",
    "delete_many",
    "delete_picture",
    "deleted_picture",
    "deleted_together",
    "describe",
    "dismiss_old",
    "ended",
    "enter",
    "for_download",
    "forget_all_removed",
    "forget_removed",
    "image",
    "is_of_picture",
    "key",
    "key_at",
    "keys_of",
    "keys_of_picture",
    "keys_on",
    "mark",
    "mark_many",
    "matching",
    "months",
    "moved",
    "of_same_look",
    "page",
    "pictures_to_purge",
    "place",
    "purge",
    "purge_picture",
    "put_away",
    "put_away_again",
    "reachable",
    "tile",
    "tiles_of",
    "to_purge",
    "to_put_away",
    "total",
    "undo",
    "undo_left_s",
    "undo_many",
    "undo_picture",
    "unmark",
    "went_by_itself",
]
