"""The statement as CSV: the columns of which docs/statement.md explains how to check the chain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from fluxgen.credits.ledger import facts
from fluxgen.models import Entry

COLUMNS = (
    "created_at",
    "kind",
    "key",
    "generation",
    "purchase",
    "reason",
    "available_delta",
    "held_delta",
    "owed_delta",
    "available_after",
    "held_after",
    "owed_after",
    "created_at_us",
    "previous_hash",
    "hash",
)


def csv_line(cells: Iterable[Any]) -> str:
    """One line, as a spreadsheet and docs/statement.md's program read it."""
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def cells(entry: Entry) -> list[Any]:
    """An entry in the order of `COLUMNS`."""
    previous, kind, key, generation, purchase, reason, *numbers, moment_us = facts(entry)
    moment = entry.created_at.isoformat(timespec="seconds")
    return [
        moment,
        kind,
        key,
        generation,
        purchase,
        reason,
        *numbers,
        moment_us,
        previous,
        entry.hash,
    ]
