"""The ledger: credits are held at the click, then captured or released, once.

`movements` are the things that may happen, `ledger` books them, `books` reads them, `sheet` writes them out, `unspent`
follows bought credits through them, `reconciling` compares them with everything else.
All amounts are whole credits.
"""

from __future__ import annotations

from fluxgen.credits.books import (
    PAGE,
    Difference,
    Wanted,
    corrections,
    entries,
    every,
    first_at,
    granted_since,
    receipt,
    released_since,
    spent_since,
    verify,
    was_given,
    withdrawn,
)
from fluxgen.credits.ledger import AlreadyBooked, digest, facts
from fluxgen.credits.movements import (
    RERUN,
    buy,
    capture,
    grant,
    hold,
    release,
    restore,
    reverse,
    withdraw,
)
from fluxgen.credits.reconciling import reconcile
from fluxgen.credits.sheet import COLUMNS, cells, csv_line
from fluxgen.credits.unspent import unspent

__all__ = [
    "COLUMNS",
    "PAGE",
    "RERUN",
    "AlreadyBooked",
    "Difference",
    "Wanted",
    "buy",
    "capture",
    "cells",
    "corrections",
    "csv_line",
    "digest",
    "entries",
    "every",
    "facts",
    "first_at",
    "grant",
    "granted_since",
    "hold",
    "receipt",
    "reconcile",
    "release",
    "released_since",
    "restore",
    "reverse",
    "spent_since",
    "unspent",
    "verify",
    "was_given",
    "withdraw",
    "withdrawn",
]
