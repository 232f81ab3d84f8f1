"""`archive audit`: what is stored against what the rows say."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from flask import Flask

from fluxgen import adapters, archive
from fluxgen.jobs.leftovers import REMOVED_AGE_S
from fluxgen.models import Account, AuditRow
from fluxgen.sandbox import Sandbox
from tests.support.life import submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time

STRAY = f"pictures/{'s' * 22}/0/320"


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=["archive", "audit", *args])


def stray() -> None:
    """An object of nobody."""
    adapters.current().storage.put(STRAY, b"stray", "image/webp")


@pytest.mark.both_databases
def test_nothing_differs(app: Flask, alice: Account, workers: Workers) -> None:
    submitted(alice)
    workers.work()
    result = run(app)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "3 objects, 1 picture in rows.",
        "0 objects that no row names.",
        "0 objects that rows need and that are missing.",
    ]


def test_what_differs_is_counted_both_ways_and_exits_with_1(
    app: Flask, alice: Account, workers: Workers
) -> None:
    generation = submitted(alice)
    workers.work()
    lost = archive.key(latest(generation), 0, "640")
    adapters.current().storage.delete([lost])
    stray()
    result = run(app, "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == {
        "objects": 3,
        "pictures": 1,
        "orphans": [STRAY],
        "missing": [lost],
        "removable": 0,
        "removed": 0,
    }
    assert STRAY in run(app).output


def test_only_what_is_older_than_a_day_is_removed_with_a_reason(app: Flask) -> None:
    stray()
    young = run(app, "--fix", "--reason", "moved the bucket")
    assert (young.exit_code, "Removed 0" in young.output) == (1, True)
    pass_time(REMOVED_AGE_S + 60)
    assert run(app, "--fix").exit_code == 2  # no reason
    tried = run(app, "--fix", "--dry-run")
    assert (tried.exit_code, "Would remove 1" in tried.output) == (1, True)
    fixed = run(app, "--fix", "--reason", "moved the bucket")
    assert (fixed.exit_code, "Removed 1" in fixed.output) == (0, True)
    assert run(app).exit_code == 0
    assert AuditRow.select().where(AuditRow.action == "archive.fix").count() == 1


def test_a_store_that_is_down_is_said(app: Flask, bucket: str, sandbox: Sandbox) -> None:
    sandbox.s3.faults.down = True
    result = run(app)
    assert result.exit_code == 1
    assert "The store does not answer" in result.output
