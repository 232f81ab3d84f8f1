"""`accounts export`: everything of an account in one file, on record, and nothing left here."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from flask import Flask

from fluxgen.errors import MayWorkLater
from fluxgen.jobs import exports as jobs
from fluxgen.models import Account, AuditRow, Export
from tests.support.exporting import Opened, run
from tests.support.making import Visit, make
from tests.support.workers import Workers
from tests.support.world import stored_files

WHY = ("--reason", "asked by mail")


@pytest.mark.both_databases
def test_it_is_written_and_on_record(
    app: Flask, visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    make(visit(alice), workers, prompt="a lighthouse")
    file = tmp_path / "alice.zip"
    answer = run(app, "export", alice.email, "--to", str(file), *WHY)
    assert answer.exit_code == 0, answer.output
    assert f"1 generations, {file.stat().st_size:,} bytes" in answer.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    archive = Opened(file.read_bytes())
    assert archive.zip.testzip() is None
    assert [row["prompt"] for row in archive.document["generations"]] == ["a lighthouse"]
    assert [name for name in archive.zip.namelist() if name.startswith("pictures/")]
    row = AuditRow.get(AuditRow.action == "account.export")
    assert (row.subject, row.reason) == (alice.public_id, "asked by mail")
    assert Export.select().count() == 0
    assert not [key for key in stored_files() if key.startswith("exports/")]
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_whoever_opened_somebodys_words_stands_in_their_export(
    app: Flask, visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    generation = make(visit(alice), workers, prompt="a lighthouse")
    words = ["generations", "open", generation.public_id, "--reason", "a complaint about it"]
    opened = app.test_cli_runner().invoke(args=words)
    assert "a lighthouse" in opened.output
    file = tmp_path / "alice.zip"
    run(app, "export", alice.email, "--to", str(file), *WHY)
    archive = Opened(file.read_bytes())
    deeds = {row["action"]: row for row in archive.document["audit_rows"]}
    assert deeds["generations.open"]["reason"] == "a complaint about it"
    facts = json.loads(deeds["generations.open"]["facts"])
    assert (facts["generation"], facts["what"]) == (generation.public_id, "words")
    assert deeds["account.export"]["reason"] == "asked by mail"
    assert "a complaint about it" in archive.text("archive/records.html")


@pytest.mark.parametrize(
    ("email", "target", "says"),
    [
        ("nobody@example.test", "new.zip", "No account has the address"),
        ("alice@example.test", "taken.zip", "is there already"),
        ("alice@example.test", "nowhere/new.zip", "There is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(
    app: Flask, alice: Account, tmp_path: Path, email: str, target: str, says: str
) -> None:
    (tmp_path / "taken.zip").write_text("somebody else's")
    answer = run(app, "export", email, "--to", str(tmp_path / target), *WHY)
    assert answer.exit_code == 1 and says in answer.output
    assert (tmp_path / "taken.zip").read_text() == "somebody else's"
    assert Export.select().count() == AuditRow.select().count() == 0


def test_tried_it_writes_nothing(app: Flask, alice: Account, tmp_path: Path) -> None:
    file = tmp_path / "alice.zip"
    answer = run(app, "export", alice.email, "--to", str(file), *WHY, "--dry-run")
    assert answer.exit_code == 0 and "Would export account" in answer.output
    assert not file.exists() and Export.select().count() == 0


def test_interrupted_it_leaves_nothing(
    app: Flask, alice: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise MayWorkLater("down")

    real = jobs.build

    def built(export_id: int) -> None:
        real(export_id)
        monkeypatch.setattr("fluxgen.adapters.storage.FolderStorage.read", interrupted)

    monkeypatch.setattr(jobs, "build", built)
    file = tmp_path / "alice.zip"
    answer = run(app, "export", alice.email, "--to", str(file), *WHY)
    assert answer.exit_code == 1 and "could not be written: down" in answer.output
    assert list(tmp_path.glob("*.zip*")) == []
    assert not [key for key in stored_files() if key.startswith("exports/")]
