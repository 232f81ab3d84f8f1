"""The worker process: takes steps as the bell rings, and sweeps beside it.

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

from fluxgen import settings
from fluxgen.db import database
from fluxgen.jobs import bell
from fluxgen.jobs.export_drill import daily as export_drill
from fluxgen.jobs.leftovers import sweep_leftovers
from fluxgen.jobs.promises import measure
from fluxgen.jobs.scanning import scan
from fluxgen.jobs.sweep import anchor, clear_away, poll, reconcile, sweep, tidy

WORKER_TTL_S = 60
MAINTENANCE_S = 30
REDIS_WAIT_S = 2.0

log = logging.getLogger(__name__)


CHORES: dict[Callable[[], object], float] = {
    sweep: 0,
    tidy: 60,
    poll: 300,
    reconcile: 3600,
    clear_away: 3600,
    scan: 24 * 3600,
    measure: 3600,
    sweep_leftovers: 3600,
    anchor: 24 * 3600,
    export_drill: 3600,
}
"""What the sweeper does, and how many seconds lie between two times."""


class StepWorker(SimpleWorker):
    """RQ's in-process worker with a database connection a job."""

    def perform_job(self, job: Job, *args: Any, **kwargs: Any) -> bool:
        with database.connection_context():
            return bool(super().perform_job(job, *args, **kwargs))


class Sweeper(threading.Thread):
    """Sweeps every few seconds until told to stop."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        last: dict[Callable[[], object], float] = {}
        while not self.stopping.is_set():
            for chore, every_s in CHORES.items():
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
    sweeper = Sweeper()
    sweeper.start()
    try:
        while not sweeper.stopping.is_set():
            try:
                _listen()
                break
            except RedisError:  # the sweeper takes the steps itself meanwhile
                log.warning("redis away")
                sweeper.stopping.wait(REDIS_WAIT_S)
    except KeyboardInterrupt:
        log.info("stopping")
    finally:
        sweeper.stopping.set()
        sweeper.join(timeout=5)


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
