"""Deleted means gone everywhere: also out of exports that were made before."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from flask import Flask

from fluxgen import adapters, archive, exports
from fluxgen.archive import GONE_AFTER_S
from fluxgen.archive.deletion import ENDED_KEPT_S
from fluxgen.jobs.sweep import tidy
from fluxgen.models import Account, Export, ExportStatus, Generation, Image
from fluxgen.sandbox import Sandbox
from tests.support import life
from tests.support.exporting import built, finished, opened, run
from tests.support.making import Visit, latest
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files


def state(export: Export) -> ExportStatus:
    found: ExportStatus = Export.get_by_id(export.id).status
    return found


def purged(workers: Workers) -> None:
    """The undo is over, and workers have been by."""
    pass_time(GONE_AFTER_S + 1)
    workers.step()
    tidy()


@pytest.mark.both_databases
def test_what_is_deleted_takes_the_exports_along_that_hold_it(
    app: Flask, visit: Visit, alice: Account, bob: Account, workers: Workers, tmp_path: Path
) -> None:
    picture = life.done(alice, prompt="fox")
    holds, others = built(alice, workers), built(bob, workers)
    pass_time(1)
    life.done(alice, prompt="later")
    archive.delete(picture)
    pass_time(1)
    without = built(alice, workers)
    assert state(holds) is ExportStatus.READY, "an undo is still there"
    purged(workers)
    assert state(holds) is ExportStatus.WITHDRAWN
    assert {state(others), state(without)} == {ExportStatus.READY}
    assert not [name for name in stored_files() if holds.public_id in name]
    file = opened(built(alice, workers)).saved(tmp_path / "names-the-withdrawn-one.zip")
    words = ("--into", alice.email, "--reason", "x", "--dry-run")
    assert run(app, "import", str(file), *words).exit_code == 0
    page = visit(alice)
    assert page.get(f"/account/exports/{holds.public_id}/zip").status_code == 404
    assert "This export is deleted" in page.get(f"/account/exports/{holds.public_id}").text
    assert "deleted with a picture that was in it" in page.get("/account").text
    assert page.get(f"/account/exports/{without.public_id}/zip").status_code == 200
    pass_time(exports.KEPT_S)
    tidy()
    assert Export.select().where(Export.account == alice).count() == 0


def test_one_picture_of_several_does_the_same_and_an_undo_keeps_it(
    alice: Account, workers: Workers
) -> None:
    pair = life.done(alice, count=2)
    export = built(alice, workers)
    first, second = Image.select().where(Image.generation == pair)
    archive.delete_picture(first)
    gone = archive.deleted_picture(alice, first.public_id)
    assert gone is not None
    archive.undo_picture(gone)
    purged(workers)
    assert state(export) is ExportStatus.READY
    archive.delete_picture(second)
    purged(workers)
    assert state(export) is ExportStatus.WITHDRAWN


def test_what_a_timer_clears_away_takes_no_export_along(alice: Account, workers: Workers) -> None:
    life.done(alice)
    failed = life.failed(alice)
    pass_time(ENDED_KEPT_S - 60)
    export = built(alice, workers)
    pass_time(120)
    archive.dismiss_old()
    purged(workers)
    assert Generation.get_or_none(Generation.id == failed.id) is None
    assert state(export) is ExportStatus.READY
    archive.delete(life.failed(alice))
    purged(workers)
    assert state(export) is ExportStatus.READY, "it did not hold that one"


def test_one_that_is_being_built_begins_again_without_it(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.jobs.exports.STEP_S", 0)
    monkeypatch.setattr("fluxgen.jobs.exports.contents.GENERATIONS_AT_A_TIME", 1)
    made = [life.done(alice, prompt=f"fox {n}") for n in range(3)]
    export = exports.begin(alice)
    while Export.get_by_id(export.id).done < 2:
        workers.step()
    archive.delete(latest(made[2]))  # it is in what is written so far
    held = exports.claim(export.id)
    assert held is not None
    purged(workers)
    assert exports.claim(export.id) is not None, "whoever had it has it no more"
    pass_time(121)
    done = opened(finished(export, workers))
    assert [row["prompt"] for row in done.document["generations"]] == ["fox 1", "fox 0"]
    assert not [name for name in done.zip.namelist() if f"{made[2].number:06}" in name]


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_down_delays_both(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    picture = life.done(alice)
    export = built(alice, workers)
    address = adapters.current().storage.link(exports.zip_key(export))
    assert address and httpx.get(address, timeout=30).status_code == 200
    archive.delete(picture)
    sandbox.s3.faults.down = True
    purged(workers)
    assert (state(export), Generation.select().count()) == (ExportStatus.READY, 1)
    sandbox.s3.faults.down = 0
    life.outlive_the_lease()
    purged(workers)
    assert (state(export), Generation.select().count()) == (ExportStatus.WITHDRAWN, 0)
    assert httpx.get(address, timeout=30).status_code in {403, 404}
