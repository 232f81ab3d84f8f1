"""Whose turn it is: the provider's places are shared between accounts, not between generations.

A generation's turn is its place among the account's own, counting those that are at the provider.
Lower turns go first; within a turn whoever was served longest ago, then whoever came first:
whoever has one waiting passes whoever has fifty, even where there is a single place. One account never has more than half of all places, so a newcomer finds one
free. The rows are the queue, and their order is worked out when somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence

from fluxgen import clock, db, settings
from fluxgen.generations import life
from fluxgen.models import Generation, Status

LOCK = 1
"""The name of the lock under which places are given away."""

# As literals: SQLite uses a partial index only for a condition that it can read.
UNFINISHED = "status IN ('held', 'submitting', 'running', 'storing')"
AT_THE_PROVIDER = f"{UNFINISHED} AND status IN ('submitting', 'running')"
LINE = f"""
    SELECT held.id, held.account_id,
        COALESCE(taken.places, 0)
            + ROW_NUMBER() OVER (PARTITION BY held.account_id ORDER BY held.id) AS turn,
        COALESCE(served.at, 0) AS served_at
    FROM generation AS held
    LEFT JOIN (
        SELECT account_id, COUNT(*) AS places FROM generation
        WHERE {AT_THE_PROVIDER} GROUP BY account_id
    ) AS taken ON taken.account_id = held.account_id
    LEFT JOIN (
        SELECT account_id, (
            SELECT last.turn_at FROM generation AS last
            WHERE last.account_id = waiting.account_id AND last.turn_at IS NOT NULL
            ORDER BY last.number DESC LIMIT 1
        ) AS at
        FROM (
            SELECT DISTINCT account_id FROM generation WHERE {UNFINISHED} AND status = 'held'
        ) AS waiting
    ) AS served ON served.account_id = held.account_id
    WHERE held.{UNFINISHED} AND held.status = 'held' AND held.cancel_requested_at IS NULL"""
READY = "(held.due_at <= ? AND (held.lease IS NULL OR held.lease_until < ?) OR held.id = ?)"
NEXT = f"""
SELECT id FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY turn, served_at, id) AS place
    FROM ({LINE} AND {READY}) AS line WHERE turn <= ?
) AS seated
WHERE place <= ? - (SELECT COUNT(*) FROM generation WHERE {AT_THE_PROVIDER})
ORDER BY place LIMIT ?"""
AHEAD = f"""
SELECT id, place - 1 FROM (
    SELECT id, account_id, ROW_NUMBER() OVER (ORDER BY turn, served_at, id) AS place FROM ({LINE}) AS line
) AS seated
WHERE account_id = ?"""


def share() -> int:
    """How many places one account may have: half of all, so that the next one finds a place."""
    return max(1, settings.current().provider_concurrency // 2)


def up_next(limit: int) -> list[int]:
    """Ids of the waiting rows whose turn it is, as far as there are free places, in order."""
    return _up_next(limit)


def take(generation: Generation) -> bool:
    """Write down that it is being sent, if it is its turn and a place is free; else False.

    Two workers never give the same place away. Raises `LeaseLost`.
    """
    with db.transaction():
        db.alone(LOCK)
        if generation.id not in _up_next(settings.current().provider_concurrency, generation.id):
            return False
        life.attempt(generation)
    return True


def ahead(generations: Sequence[Generation]) -> dict[int, int]:
    """How many others will be sent before each of these that waits, by id: one query.

    All are of one account.
    """
    waiting = {row.id: row.account_id for row in generations if row.status is Status.HELD}
    if not waiting:
        return {}
    account_id = next(iter(waiting.values()))
    return {id_: count for id_, count in db.tuples(AHEAD, account_id) if id_ in waiting}


def _up_next(limit: int, claimed_id: int = 0) -> list[int]:
    """The same, counting the row that the caller has claimed."""
    now = Generation.due_at.db_value(clock.now())
    places = settings.current().provider_concurrency
    found = db.tuples(NEXT, now, now, claimed_id, share(), places, limit)
    return [id_ for (id_,) in found]
