"""The sweep: finds what is due whoever forgot to ring, with Redis and without."""

from __future__ import annotations

from threading import Event

import pytest
from redis import Redis

from fluxgen import archive, clock, credits, housekeeping
from fluxgen.archive import GONE_AFTER_S
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.archive import PURGE
from fluxgen.jobs.generations import ADVANCE
from fluxgen.jobs.sweep import sweep, tidy
from fluxgen.jobs.worker import QUICK, Housework
from fluxgen.models import Account, Generation, HeardWebhook, Session, Status
from tests.support.life import claimed, done, submitted
from tests.support.making import Visit, latest, make
from tests.support.workers import Workers, pass_time, until
from tests.support.world import books_are_exact

WEEK_S = 7 * 24 * 3600


@pytest.mark.usefixtures("redis")
def test_a_sweep_rings_for_what_is_due_and_leaves_the_work_to_others(alice: Account) -> None:
    waiting, held, gone = submitted(alice), submitted(alice), archive.delete(done(alice))
    claimed(held)
    pass_time(GONE_AFTER_S + 1)
    assert sweep() == 2
    queues = (bell.queue(), bell.queue(bell.CLEARING))
    rung = [{(job.func_name, *job.args) for job in queue.jobs} for queue in queues]
    assert rung == [{(ADVANCE, waiting.id)}, {(PURGE, gone.id)}]
    assert latest(waiting).status is Status.HELD


def test_a_flushed_redis_loses_nothing(alice: Account, redis: Redis) -> None:
    submitted(alice)
    sweep()
    redis.flushdb()
    sweep()
    assert len(bell.queue().jobs) == 1


@pytest.mark.usefixtures("no_redis")
def test_without_redis_the_sweep_takes_the_steps_itself(alice: Account) -> None:
    generation = submitted(alice)
    assert sweep() == 1
    assert latest(generation).status is Status.RUNNING
    pass_time(3)
    assert sweep() == 1
    assert latest(generation).status is Status.DONE
    books_are_exact()


@pytest.mark.usefixtures("redis")
def test_a_sweep_can_be_told_to_take_the_steps(alice: Account) -> None:
    generation = submitted(alice)
    sweep(inline=True)
    assert latest(generation).status is Status.RUNNING
    assert bell.queue().jobs == []


@pytest.mark.usefixtures("no_redis")
def test_the_sweeper_outlives_a_row_that_breaks_it(alice: Account) -> None:
    broken = submitted(alice, model="flux-dev", tier="draft")
    credits.release(broken, "behind the row's back")
    Generation.update(crashes=99).where(Generation.id == broken.id).execute()
    sweeper = Housework("sweeper", QUICK, Event())
    sweeper.start()
    try:
        until(lambda: latest(broken).lease is not None)
        healthy = submitted(alice)
        until(lambda: latest(healthy).status is Status.RUNNING)
    finally:
        sweeper.stopping.set()
        sweeper.join(timeout=60)
    assert not sweeper.is_alive()


def test_tidying_forgets_what_has_had_its_time(alice: Account) -> None:
    moments = {"created_at": clock.now(), "expires_at": clock.after(60)}
    Session.create(token_hash="a" * 64, account=alice, **moments)
    housekeeping.heard_first("msg_1")
    tidy()
    assert Session.select().count() == HeardWebhook.select().count() == 1
    pass_time(WEEK_S + 60)
    tidy()
    assert Session.select().count() == HeardWebhook.select().count() == 0


@pytest.mark.usefixtures("app")
def test_a_sweep_of_nothing_is_nothing() -> None:
    assert sweep(inline=True) == 0
    assert not database.in_transaction()


def test_what_ended_without_a_picture_goes_after_a_week(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    make(client, workers, prompt="a fox")
    make(client, workers, prompt="[fail]")
    pass_time(6 * 24 * 3600)
    tidy()
    assert Generation.select().where(Generation.deleted_at.is_null()).count() == 2
    pass_time(2 * 24 * 3600)
    tidy()
    (left,) = Generation.select().where(Generation.deleted_at.is_null())
    assert left.prompt == "a fox"
