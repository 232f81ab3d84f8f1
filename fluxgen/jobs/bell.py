"""The bell: tells the workers that a row wants attention.

Redis holds job names and row ids, nothing else, and may be flushed or absent: whoever does
not hear the bell is found by the sweep.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection
from functools import cache

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError

from fluxgen import settings
from fluxgen.errors import MayWorkLater

GENERATIONS = "generations"
MONEY = "money"
CLEARING = "clearing"
MAIL = "mail"
SLOW = "slow"
QUEUES = (MONEY, GENERATIONS, CLEARING, MAIL, SLOW)
"""Workers take what is about money first: it is rare and short. Nobody's picture waits behind
thousands that somebody else deleted. Mail can wait, and nobody waits at a slow thing."""
JOB_KEY = "rq:job:"
JOB_TIMEOUT_S = 240
FAILURE_TTL_S = 60
BUCKET_S = 10
"""A job of a killed worker blocks its own repetition for this long at most."""

log = logging.getLogger(__name__)


@cache
def _connection(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)


def redis() -> Redis:
    """This process's connection to Redis; nothing is sent before it is used."""
    return _connection(settings.current().redis_url)


def queue(name: str = GENERATIONS) -> Queue:
    """One of the queues, with JSON instead of pickles: reading it cannot run code."""
    return Queue(name, connection=redis(), serializer="json", default_timeout=JOB_TIMEOUT_S)


def ring(job: str, row_id: int, queue_name: str = GENERATIONS) -> bool:
    """Ask for a step of this row; False when nobody can hear it now.

    Ringing twice within a few seconds is ringing once.
    """
    name = _name(job)
    try:
        queue(queue_name).enqueue(
            job,
            row_id,
            job_id=f"{name}-{row_id}-{int(time.time()) // BUCKET_S}",
            unique=True,
            description=name,
            result_ttl=0,
            failure_ttl=FAILURE_TTL_S,
            ttl=FAILURE_TTL_S,
        )
    except DuplicateJobError:
        return True
    except RedisError:
        log.warning("bell not heard", extra={"job": name})
        return False
    return True


def forget(jobs: Collection[str], row_ids: Collection[int]) -> int:
    """Take out such jobs of these rows; how many there were. Raises `MayWorkLater`.

    Other tables have the same numbers: a job of another kind is about another row.
    """
    about = {(_name(job), str(row_id)) for job in jobs for row_id in row_ids}
    try:
        found = [key for key in redis().scan_iter(f"{JOB_KEY}*") if _about(key) in about]
        for key in found:
            job_id = key.decode().removeprefix(JOB_KEY)
            for name in QUEUES:
                queue(name).remove(job_id)
            redis().delete(key)
    except RedisError as trouble:
        raise MayWorkLater(type(trouble).__name__) from trouble
    return len(found)


def _name(job: str) -> str:
    """What a job's id begins with."""
    return job.rpartition(".")[2]


def _about(key: bytes) -> tuple[str, str]:
    """What is done, and to which row, by a job's key: `rq:job:<name>-<row>-<bucket>`."""
    name, _, rest = key.decode().removeprefix(JOB_KEY).partition("-")
    return name, rest.partition("-")[0]


def waiting() -> dict[str, int]:
    """How many jobs each queue holds; nothing where Redis is away."""
    try:
        return {name: queue(name).count for name in QUEUES}
    except RedisError:
        return {}


def answers() -> bool:
    """Whether Redis is there."""
    try:
        return bool(redis().ping())
    except RedisError:
        return False
