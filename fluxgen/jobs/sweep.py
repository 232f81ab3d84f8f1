"""The sweep: finds what is due, whoever forgot to ring, and clears away what is past."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fluxgen import archive, credits, db, generations, housekeeping, purchases
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import bell
from fluxgen.jobs.archive import PURGE, purge
from fluxgen.jobs.generations import ADVANCE, advance
from fluxgen.jobs.purchases import CHECK, check, hear_what_was_missed
from fluxgen.jobs.purchases import differences as payment_differences

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
    """What is due every five minutes: events that no webhook brought."""
    hear_what_was_missed()


def reconcile() -> None:
    """What is due every hour: the books against everything else we and Stripe know.

    A difference is an alarm in the log, and nothing is changed.
    """
    differences = credits.reconcile()
    try:
        differences += payment_differences()
    except MayWorkLater:
        log.warning("stripe not compared")
    if differences:
        log.error("books differ", extra={"count": len(differences)})


def tidy() -> None:
    """What is due once a minute: what has had its time goes."""
    db.forget_deleted_bytes()
    removed = housekeeping.forget_expired() + archive.dismiss_old()
    if removed:
        log.info("forgotten", extra={"count": removed})
