"""The worker process: takes steps as the bell rings, and does the chores beside it in two threads.

What is due every few seconds never waits for what looks through everything once an hour.
Steps are short and run in this process. A step that kills it loses nothing: the row's lease
runs out and another worker, or the next one, takes the row over.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.job import Job

from fluxgen import measurements, settings
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.export_drill import daily as export_drill
from fluxgen.jobs.leftovers import sweep_leftovers
from fluxgen.jobs.promises import measure
from fluxgen.jobs.scanning import scan
from fluxgen.jobs.sweep import anchor, clear_away, poll, reconcile, sweep, tidy

WORKER_TTL_S = 60
BEAT_S = 30
MAINTENANCE_S = 30
REDIS_WAIT_S = 2.0
STOPPING_S = 5.0
"""How long an orderly end waits for the chore under way."""

log = logging.getLogger(__name__)


Chores = dict[Callable[[], object], float]
"""What is done again and again, and how many seconds lie between two times."""


def beat() -> None:
    """Say that a worker lives, for whoever watches."""
    measurements.note("worker", f"{settings.current().sweep_s:g}")


QUICK: Chores = {sweep: 0, beat: BEAT_S, tidy: 60, poll: 300}
LONG: Chores = {
    reconcile: 3600,
    clear_away: 3600,
    scan: 24 * 3600,
    measure: 3600,
    sweep_leftovers: 3600,
    anchor: 24 * 3600,
    export_drill: 3600,
}
"""What reads or asks so much that the sweep is not to wait for it."""


class StepWorker(SimpleWorker):
    """RQ's in-process worker with a database connection a job."""

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with database.connection_context():
            return bool(super().perform_job(job, *args, **kwargs))


class Housework(threading.Thread):
    """Does its chores in turn, whenever they are due, until told to stop."""

    def __init__(self, name: str, chores: Chores, stopping: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.chores = chores
        self.stopping = stopping

    def run(self) -> None:
        last: dict[Callable[[], object], float] = {}
        while not self.stopping.is_set():
            for chore, every_s in self.chores.items():
                if self.stopping.is_set():
                    break
                if time.monotonic() - last.get(chore, -every_s) >= every_s:
                    last[chore] = time.monotonic()
                    _do(chore)
            self.stopping.wait(settings.current().sweep_s)


def _do(chore: Callable[[], object]) -> None:
    """One chore; whatever goes wrong in it, the next time comes."""
    try:
        with database.connection_context():
            chore()
    except Exception:
        log.exception("chore failed", extra={"job": chore.__name__})


def work() -> None:
    """Work until SIGTERM or Ctrl-C; the step under way is finished first."""
    stopping = threading.Event()
    housework = [Housework("sweeper", QUICK, stopping), Housework("chores", LONG, stopping)]
    for thread in housework:
        thread.start()
    try:
        while not stopping.is_set():
            try:
                _listen()
                break
            except RedisError:  # the sweeper takes the steps itself meanwhile
                log.warning("redis away")
                stopping.wait(REDIS_WAIT_S)
    except KeyboardInterrupt:
        log.info("stopping")
    finally:
        stopping.set()
        ends_at = time.monotonic() + STOPPING_S
        for thread in housework:
            thread.join(timeout=max(0, ends_at - time.monotonic()))


def _listen() -> None:
    worker = StepWorker(
        [bell.queue(name) for name in bell.QUEUES],
        connection=bell.redis(),
        serializer="json",
        worker_ttl=WORKER_TTL_S,
        maintenance_interval=MAINTENANCE_S,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")


def stop_on_term() -> None:
    """Before RQ listens for signals, SIGTERM ends the process as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
