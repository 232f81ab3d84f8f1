"""The nightly look for what must not be there: it finds what is planted, and nothing else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from fluxgen import adapters, db, measurements, settings
from fluxgen.errors import MayWorkLater
from fluxgen.jobs.scanning import scan
from fluxgen.models import Account, Generation
from tests.support import life
from tests.support.drawing import drawn
from tests.support.making import Visit, make
from tests.support.referring import refer
from tests.support.workers import Workers, pass_time


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def found() -> str:
    scan()
    return measurements.latest()["references_found"].value


def a_row(account: Account) -> None:
    generation = life.done(account)
    Generation.update(reference_url="https://files.test/1").where(
        Generation.id == generation.id
    ).execute()


def a_temporary_file(_: Account) -> None:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(drawn("PNG"))


def a_file_beside_the_database(_: Account) -> None:
    (settings.current().instance_dir / "upload").write_bytes(drawn("WEBP"))


def a_strange_object(_: Account) -> None:
    adapters.current().storage.put("references/1", drawn("JPEG"), "image/jpeg")


@pytest.mark.parametrize(
    "plant", [a_row, a_temporary_file, a_file_beside_the_database, a_strange_object]
)
def test_what_is_planted_is_found(
    visit: Visit, alice: Account, workers: Workers, plant: Callable[[Account], None]
) -> None:
    refer(visit(alice))
    make(visit(alice), workers)
    pass_time(3601)
    assert found() == "0"
    plant(alice)
    pass_time(3601)
    assert found() == "1"


def test_other_files_are_not_taken_for_pictures(temporary: Path, alice: Account) -> None:
    (temporary / "tmp-notes").write_bytes(b"words")
    (temporary / "holiday.png").write_bytes(drawn("PNG"))  # not named as ours would be
    assert found() == "0"


def test_a_store_that_is_silent_is_not_none_found(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise MayWorkLater("down")

    monkeypatch.setattr(adapters.current().storage, "listed", down)
    scan()
    assert "references_found" not in measurements.latest()


def test_the_look_leaves_the_databases_locks_alone(app: Flask, alice: Account) -> None:
    """Another process that leaves must not take the write-ahead log along: what was in it, and
    all that is written to it afterwards, would be lost."""
    database = settings.current().instance_dir / "fluxgen.db"
    with db.database.connection_context():
        Account.update(name="before").execute()
        scan()
        log = database.with_name("fluxgen.db-wal")
        assert log.stat().st_size
        leaves = (
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM account')"
        )
        subprocess.run([sys.executable, "-c", leaves, str(database)], check=True)
        assert log.exists()
        Account.update(name="after").execute()
    with closing(sqlite3.connect(database)) as fresh:
        assert fresh.execute("SELECT name FROM account").fetchall() == [("after",)]
