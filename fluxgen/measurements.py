"""What we measure about ourselves, for the promises page: the latest value, and its moment.

Whoever measures notes it here, each time, also when all is well: a number that is too old
counts as a broken promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fluxgen import clock
from fluxgen.models import Measurement

NAMES = {
    "cookies_looking": "cookies that our pages set before a sign-in is begun, by name",
    "cookies": "cookies that our pages set, by name",
    "foreign_origins": "other origins that our pages load from or may load from",
    "erasure_oldest": "whole days since the oldest unfinished erasure was asked for; 0 without one",
    "erasure_hours": "hours begun since the oldest unfinished erasure was to begin; 0 without one",
    "changes_untold": "versions of privacy page and terms in force that nobody was told of",
    "export_drill": "what was wrong with the last export that was checked",
    "orphans": "stored objects that no row names, at the last sweep",
    "references_found": "reference images of ended requests that the last scan found",
    "reconcile_difference": "differences between the books, and between them and Stripe",
    "worker": "seconds between two sweeps of the worker that lived last",
    "mail_oldest": "whole hours since the oldest unsent mail was queued; 0 without one",
}
"""What each number counts."""
NOTHING = "nothing"
"""Looked at, and there was nothing to count in."""


@dataclass(frozen=True)
class Measured:
    """A value and when it was measured."""

    value: str
    measured_at: datetime


def note(name: str, value: int | str) -> None:
    """Keep this as the latest value of a measurement. Raises `KeyError` for an unknown name."""
    if name not in NAMES:
        raise KeyError(name)
    row = {"name": name, "value": str(value), "measured_at": clock.now()}
    Measurement.insert(row).on_conflict(
        conflict_target=[Measurement.name],
        preserve=[Measurement.value, Measurement.measured_at],
    ).execute()


def latest() -> dict[str, Measured]:
    """Every measurement that was ever noted, by name."""
    return {row.name: Measured(row.value, row.measured_at) for row in Measurement.select()}
