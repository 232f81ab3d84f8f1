"""The sweep: finds what is due, whoever forgot to ring, and clears away what is past."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fluxgen import archive, credits, db, generations, housekeeping, purchases
from fluxgen.jobs import bell
from fluxgen.jobs.archive import PURGE, purge
from fluxgen.jobs.generations import ADVANCE, advance
from fluxgen.jobs.purchases import CHECK, check, hear_what_was_missed

log = logging.getLogger(__name__)


def sweep(*, inline: bool = False) -> int:
    """Ring for every row that is due; returns how many there were.

    Where the bell cannot be heard (Redis is away) or `inline` is asked for, the steps are
    taken here and now.
    """
    due = generations.due()
    _call(due, ADVANCE, advance, inline)
    gone = archive.to_purge()
    _call(gone, PURGE, purge, inline)
    asked = purchases.due()
    _call(asked, CHECK, check, inline)
    return len(due) + len(gone) + len(asked)


def _call(ids: Sequence[int], job: str, step: Callable[[int], None], inline: bool) -> None:
    for row_id in ids:
        if inline or not bell.ring(job, row_id):
            step(row_id)


def poll() -> None:
    """What is due every five minutes: events that no webhook brought, and the books."""
    hear_what_was_missed()
    differences = credits.reconcile()
    if differences:
        log.error("books differ", extra={"count": len(differences)})


def tidy() -> None:
    """What is due once a minute: sessions and webhook ids that have had their time."""
    db.forget_deleted_bytes()
    removed = housekeeping.forget_expired()
    if removed:
        log.info("forgotten", extra={"count": removed})
