"""The worker as it is run: a process of its own, over a real Redis, and without one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker

from fluxgen import accounts, measurements
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs import generations as jobs
from fluxgen.jobs.privacy import ring
from fluxgen.jobs.worker import StepWorker
from fluxgen.models import Account, Generation, Status
from fluxgen.settings import Settings
from tests.support import log_lines
from tests.support.cast import Browser, order
from tests.support.erasing import fresh, planned
from tests.support.life import done, submitted
from tests.support.making import latest
from tests.support.workers import until
from tests.support.world import books_are_exact

pytestmark = pytest.mark.both_databases

Visit = Callable[[Account | None], Browser]
ROOT = Path(__file__).parents[2]
START_S = 120.0
STOP_S = 60.0


@contextmanager
def worker(settings: Settings, **changes: str) -> Iterator[subprocess.Popen[str]]:
    """`flask worker` over this test's database; ended as a supervisor would end it."""
    environ = {
        **os.environ,
        "FLUXGEN_ENV": "test",
        "SECRET_KEY": settings.secret_key,
        "IDENTITY_KEY": settings.identity_key,
        "INSTANCE_DIR": str(settings.instance_dir),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SANDBOX_URL": settings.sandbox_url,
        **changes,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_S)
    finally:
        process.kill()
        process.communicate(timeout=STOP_S)


def reaches(generation: Generation, status: Status) -> None:
    until(lambda: latest(generation).status is status, START_S)


def test_a_ring_over_redis_is_what_moves_it(
    visit: Visit, alice: Account, settings: Settings, redis: Redis
) -> None:
    with worker(settings, SWEEP_S="60") as process:  # one sweep at the start, when nothing is due
        until(lambda: bool(Worker.all(connection=redis)), START_S)
        visit(alice).post("/generations", data=order(prompt="xylophone-marker"))
        generation = Generation.get()
        reaches(generation, Status.RUNNING)
        until(lambda: not list(redis.scan_iter("rq:job:*")))  # a ring during a step is not heard
        jobs.ring(generation)
        reaches(generation, Status.DONE)
    assert process.returncode == 0
    assert accounts.balance(alice).available == 99
    books_are_exact()


@pytest.mark.usefixtures("redis")
def test_a_worker_finds_what_nobody_rang_for(alice: Account, settings: Settings) -> None:
    generation = submitted(alice)
    with worker(settings, SWEEP_S="0.1", POLL_S="0.1"):
        reaches(generation, Status.DONE)
    books_are_exact()


def test_a_worker_without_redis_works_all_the_same(alice: Account, settings: Settings) -> None:
    generation = submitted(alice)
    nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "SWEEP_S": "0.1", "POLL_S": "0.1"}
    with worker(settings, **nowhere) as process:
        reaches(generation, Status.DONE)
        until(lambda: "worker" in measurements.latest(), START_S)
    assert process.returncode == 0
    books_are_exact()


def test_what_takes_long_holds_up_no_sweep(alice: Account, settings: Settings) -> None:
    """The hourly look at our own pages gets one that never ends."""
    with socket.create_server(("127.0.0.1", 0)) as endless:
        endless.settimeout(START_S)
        address = f"http://127.0.0.1:{endless.getsockname()[1]}"
        nowhere = {"REDIS_URL": "redis://127.0.0.1:1/0", "SWEEP_S": "0.1", "POLL_S": "0.1"}
        with worker(settings, **nowhere, PUBLIC_URL=address):
            looking, _ = endless.accept()
            with looking:
                looking.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                generation = submitted(alice)

                def is_sent() -> bool:
                    looking.sendall(b" ")  # raises where nobody reads it any more
                    return latest(generation).status is Status.RUNNING

                until(is_sent, START_S)


@pytest.mark.usefixtures("redis")
def test_a_worker_logs_no_words_of_anybody(alice: Account, settings: Settings) -> None:
    generation = submitted(alice, prompt="xylophone-marker [fail]")
    with worker(settings, SWEEP_S="0.1", POLL_S="0.1") as process:
        reaches(generation, Status.FAILED)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=STOP_S)
    assert '"event": "ended"' in said
    for private in ("xylophone", alice.email, alice.name, alice.identity):
        assert private not in said


def test_a_killed_worker_is_replaced_by_the_next(
    alice: Account, settings: Settings, redis: Redis
) -> None:
    generation = submitted(alice)
    with worker(settings, SWEEP_S="60") as process:
        until(lambda: bool(Worker.all(connection=redis)), START_S)
        process.kill()
        process.wait(timeout=STOP_S)
    with worker(settings, LEASE_S="5", SWEEP_S="0.1", POLL_S="0.1"):
        reaches(generation, Status.DONE)
    books_are_exact()


def test_steps_leave_no_connection_open(visit: Visit, alice: Account, redis: Redis) -> None:
    visit(alice).post("/generations", data=order())
    database.close()
    StepWorker([bell.queue()], connection=redis, serializer="json").work(burst=True)
    assert database.is_closed()
    assert Generation.get().status is Status.RUNNING


def test_an_erasure_with_the_number_of_a_picture_is_no_alarm(alice: Account, redis: Redis) -> None:
    """It would take its own job out of Redis with those of the picture, and RQ miss it."""
    generation, erasure = done(alice), planned(alice)
    assert generation.id == erasure.id
    ring(erasure)
    with log_lines.recorded() as said:
        StepWorker([bell.queue()], connection=redis, serializer="json").work(burst=True)
    assert fresh(erasure).step
    assert '"error"' not in said.getvalue()
