"""What was brought in: left alone by replays, and missed where its records are gone."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from fluxgen import accounts, adapters, archive, clock, exports, privacy
from fluxgen.accounts import Newcomer
from fluxgen.models import Account, Erasure, Generation, Import, Scope
from tests.support import life
from tests.support.erasing import carried_out, erased
from tests.support.exporting import built, emptied, opened, run
from tests.support.workers import Workers, pass_time


@pytest.mark.both_databases
def test_a_replay_leaves_alone_whoever_was_erased_and_brought_back(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    person = Newcomer(full.identity, full.email, full.name, "")
    erased(full)
    pass_time(60)
    assert run(app, "import", str(file), "--reason", "x").exit_code == 0
    accounts.sign_up(person, age_confirmed=True, terms_accepted=True)
    assert list(privacy.returned()) == []


def test_a_replay_leaves_alone_what_was_brought_into_an_emptied_archive(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    archive.collections.create(full, "Nothing in it yet")
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    erased(full, Scope.ARCHIVE)
    pass_time(60)
    into = ("--into", full.email, "--reason", "x")
    assert run(app, "import", str(file), *into).exit_code == 0
    assert list(privacy.returned()) == []
    lost = life.done(full)  # and a backup brings this one back
    Generation.update(created_at=clock.now() - timedelta(days=1)).where(
        Generation.id == lost.id
    ).execute()
    assert len(list(privacy.returned())) == 1
    assert app.test_cli_runner().invoke(args=["privacy", "replay", "--reason", "x"]).exit_code == 0
    carried_out(Erasure.select().order_by(Erasure.id.desc()).get())
    assert Generation.get_or_none(Generation.id == lost.id) is None
    names = {one.name for one in archive.collections.all_of(full)}
    assert names == {"Sea", "Nothing in it yet"}


def test_the_records_of_an_import_that_are_missing_are_reported(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    file = opened(built(full, workers)).saved(tmp_path / "alice.zip")
    emptied(app)
    assert run(app, "import", str(file), "--reason", "x").exit_code == 0
    key = exports.records_key(Import.get())
    adapters.current().storage.delete([key])
    audited = app.test_cli_runner().invoke(args=["archive", "audit", "--json"])
    assert (audited.exit_code, json.loads(audited.output)["missing"]) == (1, [key])
    drilled = run(app, "drill", Account.get().email, "--reason", "x")
    assert (drilled.exit_code, "records of an import" in drilled.output) == (1, True)
