"""The ledger: credits are held at the click, then captured or released, once.

`movements` are the things that may happen, `ledger` books them, `books` reads and checks.
All amounts are whole credits.
"""

from __future__ import annotations

from fluxgen.credits.books import (
    PAGE,
    Difference,
    entries,
    every,
    receipt,
    reconcile,
    spent_since,
    verify,
)
from fluxgen.credits.ledger import AlreadyBooked, digest, facts
from fluxgen.credits.movements import buy, capture, grant, hold, release, restore, reverse

__all__ = [
    "PAGE",
    "AlreadyBooked",
    "Difference",
    "buy",
    "capture",
    "digest",
    "entries",
    "every",
    "facts",
    "grant",
    "hold",
    "receipt",
    "reconcile",
    "release",
    "restore",
    "reverse",
    "spent_since",
    "verify",
]
