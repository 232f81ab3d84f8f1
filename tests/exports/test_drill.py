"""The daily drill: what it finds, what it leaves, whom it takes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from flask import Flask

from fluxgen import archive, clock, measurements, promises
from fluxgen.adapters import current
from fluxgen.adapters.storage import FolderStorage
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import export_drill
from fluxgen.models import Account, AuditRow, Export, Generation, Image
from tests.support import life
from tests.support.exporting import run
from tests.support.making import Visit, make
from tests.support.workers import Workers, pass_time
from tests.support.world import stored_files

DAY_S = 24 * 3600


def noted() -> str | None:
    found = measurements.latest().get("export_drill")
    return found.value if found else None


@pytest.mark.both_databases
def test_it_is_done_once_a_day_and_leaves_nothing(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    make(visit(alice), workers)
    pass_time(DAY_S + 60)
    export_drill.daily()
    assert noted() == "0"
    assert Export.select().count() == 0
    assert not [key for key in stored_files() if key.startswith("exports/")]
    (row,) = AuditRow.select().where(AuditRow.subject == alice.public_id)
    assert "Nothing of it was kept" in str(row.reason)
    export_drill.daily()
    assert AuditRow.select().count() == 1
    pass_time(DAY_S)
    export_drill.daily()
    assert AuditRow.select().count() == 2


@pytest.mark.parametrize("switch", [("objection", "objected"), ("restriction", "restricted")])
def test_whoever_objected_or_restricted_is_not_taken(
    visit: Visit, alice: Account, workers: Workers, switch: tuple[str, str]
) -> None:
    make(visit(alice), workers)
    visit(alice).post(f"/account/{switch[0]}", data={switch[1]: "yes"})
    pass_time(DAY_S + 60)
    export_drill.daily()
    made = AuditRow.action == "account.export"
    assert (noted(), AuditRow.select().where(made).count()) == (measurements.NOTHING, 0)
    (drilled,) = [one for one in promises.standing() if one.promise.name == "export_drill"]
    assert (drilled.state, drilled.is_kept) == (promises.State.IDLE, False)


def test_a_lost_picture_is_a_difference(visit: Visit, alice: Account, workers: Workers) -> None:
    generation = make(visit(alice), workers)
    current().storage.delete([archive.key(generation, 0, "original")])
    pass_time(DAY_S + 60)
    export_drill.daily()
    assert noted() == "1"
    Generation.delete().execute()
    Account.update(generations_made=0).execute()
    pass_time(DAY_S)
    export_drill.daily()
    assert noted() == "1"  # nobody is left to try it with, and it was not found to be whole


@pytest.mark.parametrize("wrong", ["bytes", "model", "row"])
def test_what_another_house_would_not_take_as_it_is_counts(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    generation = make(visit(alice), workers)
    if wrong == "bytes":  # stored so, and its hash is right
        current().storage.put(archive.key(generation, 0, "original"), b"no picture", "image/webp")
        digest = hashlib.sha256(b"no picture").hexdigest()
        Image.update(sha256=digest, size_bytes=10).execute()
    elif wrong == "model":
        Generation.update(model="gone").execute()
    else:
        Generation.update(parent=generation).execute()
        monkeypatch.setattr("fluxgen.exports.as_rows.own_row", lambda *_: None)  # no lineage
    assert export_drill.drill(alice, "x") == [
        "rows come out otherwise" if wrong == "row" else "an import refuses it"
    ]


def test_a_silent_store_is_one_line(
    app: Flask, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = FolderStorage.read

    def silent(store: FolderStorage, key: str, *where: int) -> bytes:
        if key.endswith(".zip"):
            raise MayWorkLater("down")
        return read(store, key, *where)

    monkeypatch.setattr(FolderStorage, "read", silent)
    answer = run(app, "drill", alice.email, "--reason", "x")
    assert (answer.exit_code, answer.output) == (1, "Error: The store does not answer: down\n")


def test_whoever_has_their_data_restricted_is_left_alone(alice: Account) -> None:
    life.done(alice)
    Account.update(restricted_at=clock.now(), created_at=clock.now() - timedelta(days=2)).execute()
    export_drill.daily()
    assert noted() == measurements.NOTHING
    assert AuditRow.select().where(AuditRow.action == "account.export").count() == 0


def test_an_operator_may_drill(app: Flask, visit: Visit, alice: Account, workers: Workers) -> None:
    generation = make(visit(alice), workers)
    ran = run(app, "drill", alice.email, "--reason", "after the move")
    assert ran.exit_code == 0, ran.output
    assert "is whole" in ran.output
    current().storage.put(archive.key(generation, 0, "original"), b"bent", "image/webp")
    ran = run(app, "drill", alice.email, "--reason", "after the move")
    assert ran.exit_code == 1
    assert "picture damaged" in ran.output
