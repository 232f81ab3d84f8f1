"""Exports by the worker as it is run: a process of its own, killed in the middle."""

from __future__ import annotations

import pytest
from redis import Redis

from fluxgen import clock, exports
from fluxgen.jobs import exports as jobs
from fluxgen.models import Account, Export, ExportStatus
from fluxgen.settings import Settings
from tests.jobs.test_worker import START_S, worker
from tests.support import life
from tests.support.exporting import opened
from tests.support.workers import until

pytestmark = pytest.mark.both_databases
PICTURES = 12


def now(export: Export) -> Export:
    return Export.get_by_id(export.id)


@pytest.mark.usefixtures("redis")
def test_a_worker_builds_it_behind_everything_else(alice: Account, settings: Settings) -> None:
    for n in range(PICTURES):
        life.done(alice, prompt=f"fox {n}")
    export = exports.begin(alice)
    with worker(settings, SWEEP_S="0.1"):
        until(lambda: now(export).status is ExportStatus.READY, START_S)
    rows = opened(now(export)).document["generations"]
    assert [row["prompt"] for row in rows] == [f"fox {n}" for n in reversed(range(PICTURES))]


def test_a_killed_worker_is_followed_by_the_next(
    alice: Account, settings: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.exports.STEP_S", 0)
    for n in range(PICTURES):
        life.done(alice, prompt=f"fox {n}")
    export = exports.begin(alice)
    for _ in range(6):
        jobs.build(export.id)
    assert now(export).status is ExportStatus.BUILDING
    assert exports.claim(export.id) is not None  # by a worker that is killed now
    with worker(settings, LEASE_S="30", SWEEP_S="0.1"):
        Export.update(lease_until=clock.now()).execute()  # its lease is over
        until(lambda: now(export).status is ExportStatus.READY, START_S)
    archive = opened(now(export))
    assert archive.zip.testzip() is None
    assert len(archive.document["generations"]) == PICTURES
