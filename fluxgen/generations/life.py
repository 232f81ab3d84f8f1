"""The steps of a generation, each taken under its lease."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from fluxgen import archive, clock, credits, settings
from fluxgen.db import transaction
from fluxgen.errors import LeaseLost, Refused
from fluxgen.generations import describing, limits
from fluxgen.models import UNFINISHED, Account, Generation, Image, Status
from fluxgen.models.fields import public_id
from fluxgen.pictures import Picture
from fluxgen.words import _

CRASHES_MAX = 10
"""Claims in a row that may end without a word before a row counts as poison."""

ENDINGS = {
    "cancelled": Status.CANCELLED,
    "halted": Status.CANCELLED,
    "suspended": Status.CANCELLED,
    "unreachable": Status.EXPIRED,
    "overdue": Status.EXPIRED,
    "waited": Status.EXPIRED,
    "storage": Status.EXPIRED,
}
"""Failure words that end in something other than FAILED."""


STOPPABLE = (Status.HELD, Status.SUBMITTING, Status.RUNNING)
"""Until the provider is done, a wish to stop may still save the credits."""


def claim(generation_id: int) -> Generation | None:
    """Take the lease of an unfinished row, or nothing if somebody has it.

    A crash is counted first and forgotten by the first orderly write, so a row that kills
    its workers is noticed.
    """
    now = clock.now()
    free = Generation.lease.is_null() | (Generation.lease_until < now)
    claimed = (
        Generation.update(
            lease=public_id(),
            lease_until=now + timedelta(seconds=settings.current().lease_s),
            crashes=Generation.crashes + 1,
        )
        .where((Generation.id == generation_id) & Generation.status.in_(UNFINISHED) & free)
        .returning(Generation)
        .execute()
    )
    return next(iter(claimed), None)


def renew(generation: Generation) -> None:
    """Keep the lease for another while. Raises `LeaseLost`."""
    _write(generation, lease_until=clock.after(settings.current().lease_s))


def attempt(generation: Generation) -> None:
    """Write down that it is being sent, under a new token, before it is. Raises `LeaseLost`."""
    _write(
        generation,
        status=Status.SUBMITTING,
        attempt=generation.attempt + 1,
        attempt_token=secrets.token_urlsafe(32),
        turn_at=generation.turn_at or clock.now(),
        submitted_at=clock.now(),
    )


def dismiss_attempt(
    generation: Generation, retry_after_s: float, *, was_sent: bool = False
) -> None:
    """Back to the waiting list; what certainly was not taken does not count as an attempt.

    Raises `LeaseLost`.
    """
    attempt = generation.attempt if was_sent else generation.attempt - 1
    _hand_over(generation, retry_after_s, status=Status.HELD, attempt=attempt)


def running(generation: Generation, prediction_id: str, look_after_s: float) -> None:
    """The provider has it under this id. Raises `LeaseLost`."""
    _hand_over(generation, look_after_s, status=Status.RUNNING, prediction_id=prediction_id)


def look_again(
    generation: Generation, look_after_s: float, *, begun: bool, percent: int | None
) -> None:
    """Still at it: note how far, and when to look next. Raises `LeaseLost`."""
    started = generation.run_started_at or (clock.now() if begun else None)
    _hand_over(generation, look_after_s, run_started_at=started, percent=percent)


def storing(generation: Generation) -> None:
    """The provider is done; the pictures are being fetched and kept. Raises `LeaseLost`."""
    if generation.status != Status.STORING:
        _write(generation, status=Status.STORING, stored_from_at=clock.now())


def put_back(generation: Generation, retry_after_s: float, *, crashed: bool = False) -> None:
    """Nothing has changed; look again later. Raises `LeaseLost`."""
    _hand_over(generation, retry_after_s, crashes=generation.crashes if crashed else 0)


def finish(generation: Generation, pictures: Iterable[Picture]) -> None:
    """The pictures are stored and read back: rows, capture and DONE in one transaction.

    Fewer than asked: that share is captured, the rest released. Raises `LeaseLost`.
    """
    stored = list(pictures)
    alt = describing.handed_on(generation)
    share = generation.cost_credits * len(stored) // generation.count
    with transaction():
        _end(generation, Status.DONE, charged_credits=share)
        for position, picture in enumerate(stored):
            Image.create(generation=generation, position=position, alt=alt, **picture.facts)
        credits.capture(generation, share)
        _take_back_unused(generation, share)
        archive.enter(generation)


def end(generation: Generation, failure: str) -> None:
    """End without a picture, and give the held credits back. Raises `LeaseLost`."""
    with transaction():
        _end(generation, ENDINGS.get(failure, Status.FAILED), failure=failure)
        credits.release(generation, failure)
        _take_back_unused(generation)
        archive.enter(generation)


def _take_back_unused(generation: Generation, charged: int = 0) -> None:
    """What was given for a free re-run pays for its pictures and for nothing else."""
    unused = generation.cost_credits - charged
    if unused and credits.was_given(generation.account, generation.nonce):
        credits.withdraw(generation, unused, generation.nonce)


def cancel(generation: Generation) -> Generation:
    """Note the wish to stop; the next step carries it out. Raises `Refused`.

    The row comes before its account, as in every step that settles one.
    """
    with transaction():
        if not _wish(Generation.id == generation.id):
            raise Refused(
                _("This one cannot be cancelled any more: it is nearly done, or has ended.")
            )
        wished = Generation.get_by_id(generation.id)
        if wished.status is not Status.HELD:
            limits.refuse_too_many_stops(wished.account)
    return wished


def stop_all(account: Account) -> list[int]:
    """Note that everything of the account is to stop; the ids that still can."""
    _wish(Generation.account == account)
    wished = Generation.cancel_requested_at.is_null(False)
    mine = (Generation.account == account) & Generation.status.in_(STOPPABLE) & wished
    return [row.id for row in Generation.select(Generation.id).where(mine)]


def _wish(which: Any) -> int:
    now = clock.now()
    stoppable = which & Generation.status.in_(STOPPABLE)
    return int(Generation.update(cancel_requested_at=now, due_at=now).where(stoppable).execute())


def _end(generation: Generation, status: Status, **changes: Any) -> None:
    _write(
        generation,
        status=status,
        finished_at=clock.now(),
        lease=None,
        lease_until=None,
        crashes=0,
        **changes,
    )


def _hand_over(generation: Generation, due_after_s: float, **changes: Any) -> None:
    """Write, set the time of the next look, and free the lease."""
    _write(
        generation,
        **{"crashes": 0, **changes},
        due_at=clock.after(due_after_s),
        lease=None,
        lease_until=None,
    )


def _write(generation: Generation, **changes: Any) -> None:
    """Write if the lease is still ours. Raises `LeaseLost`, and then nothing is written."""
    mine = (Generation.id == generation.id) & (Generation.lease == generation.lease)
    if Generation.update(**changes).where(mine).execute() != 1:
        raise LeaseLost(f"generation {generation.id}")
    for name, value in changes.items():
        setattr(generation, name, value)
