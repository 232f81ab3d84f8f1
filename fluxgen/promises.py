"""Promises beside their measurements: kept, broken, or not looked after.

A number that is too old counts as broken, and so does one that was never measured: a promise
that nobody looks after is not being kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fluxgen import clock, measurements
from fluxgen.measurements import Measured
from fluxgen.words import N_, _

HOUR_S = 3600
DAY_S = 24 * HOUR_S
ERASURE_DAYS_MAX = 30
ERASURE_HOURS_MAX = 24
MAIL_HOURS_MAX = 24


class State(StrEnum):
    """How a promise stands."""

    KEPT = N_("kept")
    BROKEN = N_("broken")
    TOO_OLD = N_("measured too long ago")
    UNMEASURED = N_("never measured")
    IDLE = N_("nothing to measure yet")


@dataclass(frozen=True)
class Promise:
    """A sentence, the measurement that stands for it, and what it may be.

    `how` says how it is measured and what that leaves out. `unit` follows the number.
    """

    name: str
    sentence: str
    how: str
    unit: str
    least: int
    most: int
    fresh_s: float

    @property
    def words(self) -> str:
        """The sentence with its number."""
        return _(self.sentence, most=self.most)


PROMISES = (
    Promise(
        "cookies_looking",
        N_("Nobody gets a cookie for looking."),
        N_(
            "Every hour our public pages are opened as a visitor would. The names of all cookies set "
            "on the way are counted."
        ),
        "cookie",
        least=0,
        most=0,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "cookies",
        N_("One cookie, once you begin to sign in."),
        N_(
            "In the same hour a sign-in is begun, and all names are counted. Nobody is signed in for "
            "this: pages behind the sign-in are opened by our tests only."
        ),
        "cookie",
        least=1,
        most=1,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "foreign_origins",
        N_("Our pages load nothing from anyone else."),
        N_(
            "Every hour our public pages, their style sheets and scripts are read for addresses they "
            "would load, and the policy that tells browsers what any page of ours may load. Pages behind "
            "the sign-in are under that policy, too, but not opened for this. The bucket with your "
            "own pictures, where there is one, is not counted: it is ours."
        ),
        "other origin",
        least=0,
        most=0,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "references_found",
        N_("A reference image is never stored by us, and is deleted at the provider afterwards."),
        N_(
            "Every night requests that have ended are searched for references that are still held, and "
            "the store, the folder for temporary files and the one beside the database for pictures "
            "that have no business there."
        ),
        "reference",
        least=0,
        most=0,
        fresh_s=26 * HOUR_S,
    ),
    Promise(
        "erasure_oldest",
        N_("Who asks to be erased is erased, within %(most)s days at most."),
        N_(
            "The age of the oldest erasure that has not ended, a chosen later day included; looked at "
            "every hour."
        ),
        "day",
        least=0,
        most=ERASURE_DAYS_MAX,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "erasure_hours",
        N_("An erasure is over within %(most)s hours of its beginning."),
        N_(
            "The hours since the oldest erasure that has not ended was to begin, the last one counted "
            "whole; looked at every hour."
        ),
        "hour",
        least=0,
        most=ERASURE_HOURS_MAX,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "orphans",
        N_("What you delete is gone from the store as well."),
        N_(
            "Every hour the next part of the store (pictures, exports and the records of imports) is "
            "compared with the rows that name it, until all of it was looked at; then again. What is "
            "older than two hours and named by no row is counted, and removed."
        ),
        "orphan",
        least=0,
        most=0,
        fresh_s=8 * DAY_S,
    ),
    Promise(
        "export_drill",
        N_("An export holds everything, and another FluxGen can read it."),
        N_(
            "Once a day an account is exported that is a day old and has asked for pictures a hundred "
            "times at most, chosen by chance among those who neither restricted nor objected; what came is taken through all that an import does "
            "but the writing: schema, every file, each picture by our decoder, each row as the columns "
            "that it would become and back; and the statement's chain. What is wrong is counted."
        ),
        "fault",
        least=0,
        most=0,
        fresh_s=8 * DAY_S,
    ),
    Promise(
        "reconcile_difference",
        N_("Every credit is accounted for."),
        N_(
            "Every hour balances, holds and movements are compared with each other and with Stripe."
        ),
        "difference",
        least=0,
        most=0,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "changes_untold",
        N_("Changes of our privacy page and terms are announced."),
        N_(
            "Every hour the versions are counted that have come into force since this service began, "
            "and that nobody was told of. New terms are announced only 30 days before their day, a "
            "new privacy page before its day; where the law demands it sooner, the mail says so."
        ),
        "version",
        least=0,
        most=0,
        fresh_s=3 * HOUR_S,
    ),
    Promise(
        "mail_oldest",
        N_("What we have to tell you about your account is told within a day."),
        N_("The age of the oldest mail that has not been sent."),
        "hour",
        least=0,
        most=MAIL_HOURS_MAX,
        fresh_s=3 * HOUR_S,
    ),
)


@dataclass(frozen=True)
class Standing:
    """A promise as it stands now."""

    promise: Promise
    state: State
    value: int | None
    measured_at: datetime | None

    @property
    def is_kept(self) -> bool:
        return self.state is State.KEPT

    @property
    def is_broken(self) -> bool:
        """Red: it does not hold, or nobody looks after it."""
        return self.state not in {State.KEPT, State.IDLE}


def standing() -> list[Standing]:
    """Every promise as it stands now."""
    latest = measurements.latest()
    return [_standing(promise, latest.get(promise.name)) for promise in PROMISES]


def _standing(promise: Promise, measured: Measured | None) -> Standing:
    if measured is None:
        return Standing(promise, State.UNMEASURED, None, None)
    value = int(measured.value) if measured.value.lstrip("-").isdecimal() else None
    if measured.value == measurements.NOTHING:
        state = State.IDLE
    elif value is None or not promise.least <= value <= promise.most:
        state = State.BROKEN
    else:
        state = State.KEPT
    if state in {State.KEPT, State.IDLE} and measured.measured_at < clock.after(-promise.fresh_s):
        state = State.TOO_OLD
    return Standing(promise, state, value, measured.measured_at)
