"""The sweep: finds what is due, whoever forgot to ring, and clears away what is past."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from fluxgen import (
    announcements,
    archive,
    audit,
    credits,
    db,
    desk,
    exports,
    generations,
    housekeeping,
    measurements,
    outbox,
    privacy,
    purchases,
)
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.jobs import bell, references
from fluxgen.jobs import exports as export_jobs
from fluxgen.jobs.archive import (
    PURGE,
    PUT_AWAY,
    purge,
    purge_pictures,
    put_away,
    to_put_away,
)
from fluxgen.jobs.generations import ADVANCE, advance
from fluxgen.jobs.mail import DELIVER, deliver
from fluxgen.jobs.payments import differences as payment_differences
from fluxgen.jobs.payments import hear_what_was_missed
from fluxgen.jobs.privacy import ERASE, erase
from fluxgen.jobs.purchases import CHECK, check

RUNG_MAX = 500
"""Generations rung for at a time; the rest a sweep later."""

log = logging.getLogger(__name__)


def sweep(*, inline: bool = False) -> int:
    """Ring for every row that is due; returns how many there were.

    Where the bell cannot be heard (Redis is away) or `inline` is asked for, the steps are
    taken here and now.
    """
    due = generations.due() + generations.up_next(RUNG_MAX)
    _call(due, ADVANCE, advance, inline)
    gone = archive.to_purge()
    _call(to_put_away(), PUT_AWAY, put_away, inline, bell.CLEARING)
    _call(gone, PURGE, purge, inline, bell.CLEARING)
    asked = purchases.due()
    _call(asked, CHECK, check, inline, bell.MONEY)
    erasing = privacy.due()
    _call(erasing, ERASE, erase, inline)
    posted = outbox.due()
    _call(posted[:1], DELIVER, deliver, inline, bell.MAIL)
    unbuilt = exports.due()
    _call(unbuilt, export_jobs.BUILD, export_jobs.build, inline, bell.SLOW)
    rows = (due, gone, asked, erasing, posted, unbuilt)
    return sum(map(len, rows)) + purge_pictures()


def _call(
    ids: Sequence[int],
    job: str,
    step: Callable[[int], None],
    inline: bool,
    queue_name: str = bell.GENERATIONS,
) -> None:
    for row_id in ids:
        if inline or not bell.ring(job, row_id, queue_name):
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
        measurements.note("reconcile_difference", len(differences))
    except MayWorkLater as trouble:
        log.warning("stripe not compared", extra={"reason": str(trouble)})
    except NeverWill as wrong:
        log.error("stripe refuses", extra={"job": "reconcile", "reason": wrong.reason})
    if differences:
        measurements.note("reconcile_difference", len(differences))
        log.error("books differ", extra={"count": len(differences)})


def clear_away() -> None:
    """What is due every hour beside it: files at the provider that nobody needs any more."""
    try:
        if orphans := references.forget_orphans():
            log.warning("orphans deleted", extra={"count": orphans})
        if leftovers := export_jobs.forget_orphans():
            log.warning("exports without a row deleted", extra={"count": leftovers})
    except MayWorkLater as trouble:
        log.warning("files not compared", extra={"reason": str(trouble)})


def anchor() -> None:
    """What is due when a worker begins and once a day: the audit's head into the log, from where
    it can be compared; audit rows that have had their time go; requests that are due, and
    published texts that are no more what they were, are an alarm."""
    head = audit.head()
    log.info("audit head", extra={"count": head.number, "reason": head.hash})
    if gone := audit.purge():
        log.info("forgotten", extra={"count": gone, "job": "audit"})
    due = desk.due()
    if due:
        overdue = sum(desk.days_left(request) < 0 for request in due)
        log.warning("requests due", extra={"count": len(due), "reason": f"{overdue} overdue"})
    if changed := announcements.complaints():
        log.error("policy changed", extra={"count": len(changed), "reason": changed[0]})


def tidy() -> None:
    """What is due once a minute: what has had its time goes."""
    archive.forget_removed()
    db.forget_deleted_bytes()
    removed = housekeeping.forget_expired() + archive.dismiss_old() + privacy.forget_old()
    removed += references.forget_left() + export_jobs.purge()
    if given_up := outbox.give_up_old():
        log.error("mail given up", extra={"count": given_up})
    if removed:
        log.info("forgotten", extra={"count": removed})
