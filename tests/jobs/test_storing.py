"""From the provider to our storage: kept whole and read back, or not charged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fluxgen import adapters, archive
from fluxgen.jobs import storing
from fluxgen.jobs.storing import STORE_WITHIN_S
from fluxgen.models import Account, Generation, Image, Status
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.jobs.course import wait_out
from tests.support.drawing import opened
from tests.support.life import outlive_the_lease, submitted
from tests.support.making import Visit, latest, make
from tests.support.workers import Workers, pass_time
from tests.support.world import books_are_exact, nothing_was_charged, stored_files


def kept(sandbox: Sandbox, bucket: str) -> dict[str, bytes]:
    """What the bucket really has."""
    return {key: one.content for key, one in sandbox.s3.objects.keys(bucket, "")}


@contextmanager
def _unwritable(settings: Settings) -> Iterator[None]:
    """A file stands where the folder should be: trouble for root, too."""
    root = settings.instance_dir / "storage"
    root.touch()
    yield
    root.unlink()


def test_original_and_thumbnails_are_stored_as_they_were_made(
    alice: Account, workers: Workers
) -> None:
    generation = submitted(alice, aspect_ratio="3:2")
    workers.work()
    image = Image.get()
    storage = adapters.current().storage
    original = storage.get(archive.key(generation, 0, "original"))
    assert hashlib.sha256(original).hexdigest() == image.sha256
    assert len(original) == image.size_bytes
    assert opened(original).size == (image.width, image.height)
    for side in (640, 320):
        thumbnail = opened(storage.get(archive.key(generation, 0, str(side))))
        assert thumbnail.format == "WEBP"
        assert max(thumbnail.size) == min(side, image.width)
    assert stored_files() == set(archive.keys_of(generation))


def test_a_folder_that_is_away_for_a_while_only_delays(
    alice: Account, workers: Workers, settings: Settings
) -> None:
    generation = submitted(alice)
    with _unwritable(settings):
        wait_out(workers, 900)
        assert latest(generation).status is Status.STORING
    workers.work()
    assert latest(generation).status is Status.DONE
    books_are_exact()


def test_a_folder_that_never_comes_back_is_an_end_without_a_charge(
    alice: Account, workers: Workers, settings: Settings
) -> None:
    generation = submitted(alice)
    with _unwritable(settings):
        wait_out(workers, STORE_WITHIN_S + 120)
    assert (latest(generation).status, latest(generation).failure) == (Status.EXPIRED, "storage")
    nothing_was_charged(alice)


def test_a_bucket_takes_the_place_of_the_folder(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = submitted(alice)
    workers.work()
    assert latest(generation).status is Status.DONE
    assert set(kept(sandbox, bucket)) == set(archive.keys_of(generation))
    assert stored_files() == set()


def test_a_bucket_that_is_down_for_a_while_only_delays(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = submitted(alice)
    sandbox.s3.faults.down = True
    wait_out(workers, 120)
    assert latest(generation).status is Status.STORING
    sandbox.s3.faults.down = 0
    workers.work()
    assert latest(generation).status is Status.DONE
    assert len(kept(sandbox, bucket)) == 3
    books_are_exact()


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_down_for_ever_is_an_end_without_a_charge(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    workers.step()
    sandbox.s3.faults.down = True
    pass_time(2)
    workers.step()
    pass_time(STORE_WITHIN_S)
    workers.step()
    assert (latest(generation).status, latest(generation).failure) == (Status.EXPIRED, "storage")
    nothing_was_charged(alice)


def test_what_comes_back_garbled_is_stored_again(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    sandbox.s3.faults.corrupt = 2
    generation = submitted(alice)
    workers.work()
    assert latest(generation).status is Status.DONE
    original = kept(sandbox, bucket)[archive.key(generation, 0, "original")]
    assert hashlib.sha256(original).hexdigest() == Image.get().sha256


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_always_garbles_is_never_charged_for(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.s3.faults.corrupt = True
    generation = submitted(alice)
    workers.step()
    pass_time(3)
    workers.step()
    assert latest(generation).status is Status.STORING
    pass_time(STORE_WITHIN_S + 60)
    workers.work()
    assert latest(generation).failure == "storage"
    nothing_was_charged(alice)
    assert Image.select().count() == 0


def test_a_worker_that_died_while_storing_leaves_nothing_double(
    alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = submitted(alice)
    workers.step()
    sandbox.s3.faults.corrupt = 1  # the first object is in the bucket, and the step ends there
    pass_time(2)
    workers.step()
    assert latest(generation).status is Status.STORING
    Generation.update(lease="the dead worker's lease", lease_until=latest(generation).due_at).where(
        Generation.id == generation.id
    ).execute()
    outlive_the_lease()
    workers.work()
    assert latest(generation).status is Status.DONE
    assert set(kept(sandbox, bucket)) == set(archive.keys_of(generation))
    books_are_exact()


def test_what_was_stored_of_a_generation_that_failed_after_all_goes(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    make(visit(alice), workers)
    generation = Generation.get()
    Generation.update(status=Status.STORING, deleted_at=None).execute()
    storing.forget(Generation.get_by_id(generation.id))
    assert not [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
