"""The bell: row ids in Redis, once each, and no harm when Redis is away."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from fluxgen.jobs import bell
from fluxgen.jobs.bell import BUCKET_S
from fluxgen.jobs.generations import ADVANCE
from fluxgen.jobs.privacy import ERASE, OF_GENERATIONS
from fluxgen.models import Account, Generation
from tests.support.cast import Browser, order
from tests.support.workers import until

Visit = Callable[[Account | None], Browser]


def early_in_a_bucket() -> None:
    """Two rings are one only within the same ten seconds."""
    until(lambda: time.time() % BUCKET_S < BUCKET_S - 2)


def everything_in(redis: Redis) -> Iterator[bytes]:
    """Every key and value, unpacked where it is packed."""
    readers: dict[Any, Callable[[Any], object]] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
    }
    for key in redis.scan_iter():
        yield from _bytes_in(key)
        yield from _bytes_in(readers[redis.type(key)](key))


def _bytes_in(value: object) -> Iterator[bytes]:
    match value:
        case dict():
            yield from _bytes_in([*value.keys(), *value.values()])
        case list() | set() | tuple():
            for part in value:
                yield from _bytes_in(part)
        case bytes():
            yield value
            try:
                yield zlib.decompress(value)
            except zlib.error:
                return


def test_a_form_rings_with_its_rows_id_and_nothing_else(
    visit: Visit, alice: Account, redis: Redis
) -> None:
    visit(alice).post("/generations", data=order(prompt="xylophone-marker"))
    (job,) = bell.queue().jobs
    assert (job.func_name, job.args, job.kwargs) == (ADVANCE, [Generation.get().id], {})
    found = b"\n".join(everything_in(redis))
    assert ADVANCE.encode() in found  # the scan does see what is packed
    for private in ("xylophone-marker", alice.email, alice.name, alice.identity):
        assert private.encode() not in found


@pytest.mark.usefixtures("redis")
def test_ringing_twice_is_one_job() -> None:
    early_in_a_bucket()
    assert bell.ring(ADVANCE, 7)
    assert bell.ring(ADVANCE, 7)
    assert bell.ring(ADVANCE, 8)
    assert [job.args for job in bell.queue().jobs] == [[7], [8]]


def test_a_job_nobody_takes_is_forgotten(redis: Redis) -> None:
    bell.ring(ADVANCE, 7)
    (job,) = bell.queue().jobs
    assert 0 < redis.ttl(job.key) <= 60


@pytest.mark.usefixtures("redis")
def test_what_names_another_kind_of_row_stays() -> None:
    """An erasure takes out the jobs of its generations, and not its own of the same number."""
    for job in (*OF_GENERATIONS, ERASE):
        bell.ring(job, 7)
    bell.ring(ADVANCE, 8)
    assert bell.forget(OF_GENERATIONS, [7, 9]) == 3
    assert [(job.func_name, job.args) for job in bell.queue().jobs] == [
        (ERASE, [7]),
        (ADVANCE, [8]),
    ]


@pytest.mark.usefixtures("no_redis")
def test_without_redis_nobody_hears_and_nothing_breaks() -> None:
    assert not bell.answers()
    assert not bell.ring(ADVANCE, 7)


@pytest.mark.usefixtures("no_redis")
def test_without_redis_a_form_is_taken_all_the_same(visit: Visit, alice: Account) -> None:
    assert visit(alice).post("/generations", data=order()).status_code == 303
    assert Generation.select().count() == 1


@pytest.mark.usefixtures("redis")
def test_with_redis_the_bell_answers() -> None:
    assert bell.answers()
