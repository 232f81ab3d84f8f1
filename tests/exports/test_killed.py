"""An export that is killed anywhere goes on, and has everything once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from fluxgen import adapters, exports
from fluxgen.errors import LeaseLost, MayWorkLater
from fluxgen.jobs import exports as jobs
from fluxgen.models import UNBUILT, Account, Export, ExportStatus
from fluxgen.sandbox import Sandbox
from tests.adapters.test_storage import r2_at
from tests.support import life
from tests.support.exporting import (
    Killed,
    Mortal,
    Opened,
    built,
    finished,
    immortal,
    mortal,
    opened,
)
from tests.support.making import Visit, make
from tests.support.sandboxes import SandboxServer
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

PICTURES = 3
CHANGES_MAX = 200


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A step adds one batch, and a batch is one generation."""
    monkeypatch.setattr("fluxgen.jobs.exports.STEP_S", 0)
    monkeypatch.setattr("fluxgen.jobs.exports.contents.GENERATIONS_AT_A_TIME", 1)
    yield
    immortal()


def names(archive: Opened) -> list[str]:
    return sorted(archive.zip.namelist())


def without_moment(archive: Opened) -> dict[str, object]:
    """The document without when it was made and what tells of the making itself."""
    return {
        name: value
        for name, value in archive.document.items()
        if name not in {"made_at", "exports", "mails"}
    }


class Deaf(Mortal):
    """A store that never gives out a picture."""

    CHANGES = frozenset({"get"})

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(key: str) -> bytes:
            if key.startswith("pictures/"):
                raise MayWorkLater("403")
            return bytes(real(key))

        return call


@pytest.fixture
def pictures(alice: Account) -> None:
    for n in range(PICTURES):
        life.done(alice, prompt=f"fox {n}")


def step(export: Export) -> None:
    """One step of a worker that may be killed in it."""
    try:
        jobs.build(export.id)
    except Killed:
        immortal()
        life.outlive_the_lease()


def killed_at(export: Export, change: int, *, behind: bool) -> Mortal:
    """Work on it with a store that kills once; go on with one that does not."""
    store = mortal(change, behind=behind)
    while Export.get_by_id(export.id).status in UNBUILT:
        step(export)
    immortal()
    return store


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_killed_at_any_change_of_the_store_it_is_the_same(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch, behind: bool
) -> None:
    monkeypatch.setattr("fluxgen.exports.life.A_DAY_MAX", CHANGES_MAX)
    whole = opened(built(alice, workers))
    for change in range(1, CHANGES_MAX):
        export = exports.begin(alice)
        store = killed_at(export, change, behind=behind)
        if store.changes < change:
            break
        found = opened(export)
        assert found.zip.testzip() is None, change
        assert names(found) == names(whole), change
        assert without_moment(found) == without_moment(whole), change
        exports.forget(export)
        adapters.current().storage.clear(exports.prefix(export))
    assert change > 20


@pytest.mark.usefixtures("pictures")
def test_of_what_was_killed_nothing_stays(alice: Account, workers: Workers) -> None:
    export = exports.begin(alice)
    killed_at(export, 12, behind=True)
    kept = {exports.zip_key(export), exports.json_key(export)}
    assert {key for key in stored_files() if key.startswith("exports/")} == kept


@pytest.mark.usefixtures("pictures")
def test_two_workers_make_one(alice: Account, workers: Workers) -> None:
    """One that lost its lease in the middle of a step writes nothing that counts."""
    export = exports.begin(alice)
    jobs.build(export.id)
    slow = exports.claim(export.id)
    assert slow is not None
    life.outlive_the_lease()
    jobs.build(export.id)
    after = Export.get_by_id(export.id)
    with pytest.raises(LeaseLost):
        exports.note(slow, state="A" * 22, done=99, missing=0)
    assert Export.get_by_id(export.id).state == after.state
    assert opened(finished(export, workers)).zip.testzip() is None


@pytest.mark.usefixtures("pictures")
def test_work_that_is_lost_is_begun_again(alice: Account, workers: Workers) -> None:
    export = exports.begin(alice)
    for _ in range(4):
        jobs.build(export.id)
    adapters.current().storage.clear(exports.work_key(export, ""))
    done = finished(export, workers)
    assert done.status is ExportStatus.READY
    assert len(opened(done).document["generations"]) == PICTURES


def test_it_is_the_same_in_a_bucket_that_is_down_now_and_then(
    visit: Visit,
    alice: Account,
    workers: Workers,
    sandbox: Sandbox,
    sandbox_server: SandboxServer,
) -> None:
    adapters.use(replace(adapters.current(), storage=r2_at(sandbox_server)))
    make(visit(alice), workers, count="2")
    export = exports.begin(alice)
    for round_ in range(100):
        sandbox.s3.faults.down = 2 if round_ % 3 == 0 else 0
        workers.step()
        pass_time(5)
        if Export.get_by_id(export.id).status not in UNBUILT:
            break
    sandbox.s3.faults.down = 0
    found = opened(Export.get_by_id(export.id))
    assert found.zip.testzip() is None
    assert len(found.document["generations"][0]["images"]) == 2
    left = {key for key, _ in sandbox.s3.objects.keys("fluxgen", "exports/")}
    assert left == {exports.zip_key(export), exports.json_key(export)}


def test_a_store_that_stays_silent_about_one_picture_does_not_hold_up_the_rest(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.done(alice)
    monkeypatch.setattr("fluxgen.exports.STUBBORN_AFTER", 2)
    store = adapters.current().storage

    adapters.use(replace(adapters.current(), storage=Deaf(store, 0, behind=False)))
    export = exports.begin(alice)
    for _ in range(60):
        jobs.build(export.id)
        pass_time(400)
        if Export.get_by_id(export.id).status not in UNBUILT:
            break
    immortal()
    (row,) = opened(Export.get_by_id(export.id)).document["generations"]
    assert row["images"][0]["missing"] == "unreadable"


def test_one_that_cannot_be_finished_is_given_up_and_leaves_nothing(
    alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = exports.begin(alice)
    jobs.build(export.id)
    pass_time(exports.BUILD_WITHIN_S + 1)
    jobs.build(export.id)
    assert Export.get_by_id(export.id).status is ExportStatus.FAILED
    assert not {key for key in stored_files() if key.startswith("exports/")}
