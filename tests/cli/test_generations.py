"""`generations`: states and counts, never words or pictures."""

from __future__ import annotations

import json

from flask import Flask

from fluxgen.models import Account, AuditRow, Status
from tests.support import life
from tests.support.making import Visit, ask, latest
from tests.support.workers import Workers, pass_time

MARKER = "marker-7f3a9c"


BECAUSE = ("--reason", "it hangs")


def test_show_tells_how_far_it_is_and_not_what_it_is(
    app: Flask, visit: Visit, alice: Account, workers: Workers
) -> None:
    generation = ask(visit(alice), prompt=MARKER)
    runner = app.test_cli_runner()
    args = ["generations", "show", generation.public_id]
    (row,) = json.loads(runner.invoke(args=[*args, "--json"]).output)
    assert (row["id"], row["status"], row["credits"]) == (generation.public_id, "held", 1)
    workers.work()
    output = runner.invoke(args=args).output
    assert "done" in output
    assert MARKER not in output and alice.email not in output and alice.name not in output


def test_advance_takes_one_step(app: Flask, visit: Visit, alice: Account) -> None:
    generation = ask(visit(alice))
    result = app.test_cli_runner().invoke(
        args=["generations", "advance", generation.public_id, *BECAUSE]
    )
    assert (result.exit_code, result.output) == (0, f"held -> running: {BECAUSE[1]}\n")
    assert latest(generation).status is Status.RUNNING


def test_what_has_ended_has_no_step_to_take_and_that_is_no_deed(app: Flask, alice: Account) -> None:
    ended = life.done(alice)
    for more in ((), ("--dry-run",)):
        args = ["generations", "advance", ended.public_id, *BECAUSE, *more]
        result = app.test_cli_runner().invoke(args=args)
        assert (result.exit_code, "has ended: done" in result.output) == (1, True)
    assert AuditRow.select().count() == 0


def test_stuck_lists_what_should_have_ended(app: Flask, visit: Visit, alice: Account) -> None:
    generation = ask(visit(alice), prompt=MARKER)
    runner = app.test_cli_runner()
    assert json.loads(runner.invoke(args=["generations", "stuck", "--json"]).output) == []
    pass_time(601)
    output = runner.invoke(args=["generations", "stuck", "--json"]).output
    assert [row["id"] for row in json.loads(output)] == [generation.public_id]
    assert MARKER not in output
    narrower = runner.invoke(args=["generations", "stuck", "--older-than", "700", "--json"])
    assert json.loads(narrower.output) == []


def test_an_unknown_one_is_one_friendly_line(app: Flask) -> None:
    runner = app.test_cli_runner()
    for command in (("show", "nothing"), ("advance", "nothing", *BECAUSE)):
        result = runner.invoke(args=["generations", *command])
        assert (result.exit_code, result.output) == (
            1,
            "Error: There is no generation nothing.\n",
        )
