"""Deleted pictures really go, files and rows; a store that is down only delays it."""

from __future__ import annotations

import pytest
from redis import Redis

from fluxgen import adapters, archive, credits
from fluxgen.archive import GONE_AFTER_S
from fluxgen.jobs import bell
from fluxgen.jobs.archive import PUT_AWAY, purge
from fluxgen.jobs.generations import ADVANCE
from fluxgen.jobs.sweep import sweep
from fluxgen.jobs.worker import StepWorker
from fluxgen.models import Account, DeletedImage, Entry, Generation, Image
from fluxgen.sandbox import Sandbox
from tests.support.life import outlive_the_lease, submitted
from tests.support.making import Visit, image, latest, make
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

SELECTED = "/history/selected/delete"


def made(account: Account, workers: Workers, **recipe: int) -> Generation:
    generation = submitted(account, **recipe)
    workers.work()
    return latest(generation)


@pytest.mark.both_databases
def test_a_deleted_picture_goes_with_its_files_and_no_other(
    alice: Account, workers: Workers
) -> None:
    kept, gone = made(alice, workers), made(alice, workers, count=2)
    archive.delete(gone)
    pass_time(GONE_AFTER_S + 1)
    assert workers.step() == 1
    assert [generation.id for generation in Generation.select()] == [kept.id]
    assert [image.generation_id for image in Image.select()] == [kept.id]
    assert stored_files() == set(archive.keys_of(kept))
    assert Entry.select().where(Entry.generation == gone.public_id).count() == 2
    assert credits.reconcile() == []


def test_what_was_undone_in_time_keeps_its_files(alice: Account, workers: Workers) -> None:
    generation = made(alice, workers)
    archive.undo(archive.delete(generation))
    pass_time(GONE_AFTER_S + 1)
    assert workers.step() == 0
    assert stored_files() == set(archive.keys_of(generation))


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_down_only_delays_a_purge(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    archive.delete(made(alice, workers))
    pass_time(GONE_AFTER_S + 1)
    sandbox.s3.faults.down = True
    workers.step()
    assert Generation.select().count() == Image.select().count() == 1
    sandbox.s3.faults.down = 0
    assert workers.step() == 0  # not at once again
    outlive_the_lease()
    assert workers.step() == 1
    assert Generation.select().count() == 0
    assert list(sandbox.s3.objects.keys(bucket, "")) == []


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_down_only_delays_one_picture_of_several(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = made(alice, workers, count=2)
    archive.delete_picture(Image.select().order_by(Image.position).get())
    sandbox.s3.faults.down = True
    pass_time(GONE_AFTER_S + 1)
    workers.step()
    assert DeletedImage.select().count() == 1
    sandbox.s3.faults.down = 0
    assert workers.step() == 1
    assert DeletedImage.select().count() == 0
    assert {image.position for image in Image.select()} == {1}
    left = {key for key, _ in sandbox.s3.objects.keys(bucket)}
    assert left == set(archive.keys_of(latest(generation))[3:])


def test_a_purge_that_died_half_way_is_finished_by_another(
    alice: Account, workers: Workers
) -> None:
    gone = archive.delete(made(alice, workers))
    pass_time(GONE_AFTER_S + 1)
    archive.claim_purge(gone.id)
    adapters.current().storage.delete(archive.keys_of(gone)[:2])
    outlive_the_lease()
    assert workers.step() == 1
    assert Generation.select().count() == 0
    assert stored_files() == set()


def test_purging_what_is_not_deleted_or_not_there_does_nothing(
    alice: Account, workers: Workers
) -> None:
    generation = made(alice, workers)
    purge(generation.id)
    purge(4711)
    assert stored_files() == set(archive.keys_of(generation))


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    "address", ["/generations/{generation}/delete", "/pictures/{picture}/delete", SELECTED]
)
def test_a_deletion_rings_at_once(
    visit: Visit, alice: Account, workers: Workers, redis: Redis, address: str
) -> None:
    client = visit(alice)
    generation = make(client, workers, count=2)
    redis.flushdb()
    names = {"generation": generation.public_id, "picture": image(generation).public_id}
    answer = client.post(address.format(**names), data={"id": generation.public_id})
    assert answer.status_code == 303
    rung = [(job.func_name, *job.args) for job in bell.queue(bell.CLEARING).jobs]
    assert (rung, bell.queue().jobs) == ([(PUT_AWAY, generation.id)], [])


@pytest.mark.usefixtures("bucket")
def test_nobodys_picture_waits_behind_what_was_deleted(
    visit: Visit, alice: Account, workers: Workers, redis: Redis
) -> None:
    gone = [make(visit(alice), workers) for _ in range(3)]
    redis.flushdb()
    visit(alice).post(SELECTED, data={"id": [generation.public_id for generation in gone]})
    sweep()
    new = submitted(alice)
    bell.ring(ADVANCE, new.id)
    queues = [bell.queue(name) for name in bell.QUEUES]
    worker = StepWorker(queues, connection=redis, serializer="json")
    worker.work(burst=True, max_jobs=1, logging_level="WARNING")
    assert latest(new).attempt == 1
    assert len(bell.queue(bell.CLEARING).jobs) == 3
    redis.flushdb()
