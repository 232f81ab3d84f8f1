"""`accounts`: who there is, and whether they may come in."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from fluxgen import generations
from fluxgen.errors import Refused
from fluxgen.models import Account, Generation, Standing, Status
from fluxgen.sandbox import Sandbox
from tests.support.cast import order
from tests.support.life import submitted
from tests.support.making import Visit, ask, latest, make
from tests.support.workers import Workers, pass_time
from tests.support.world import nothing_was_charged


def test_list_tells_standing_and_balance(app: Flask, visit: Visit, alice: Account) -> None:
    ask(visit(alice), count="3")
    (row,) = json.loads(app.test_cli_runner().invoke(args=["accounts", "list", "--json"]).output)
    assert (row["reference"], row["standing"]) == (alice.public_id, "active")
    assert (row["available"], row["held"]) == (97, 3)


def test_list_is_columns_for_people(app: Flask, alice: Account, bob: Account) -> None:
    lines = app.test_cli_runner().invoke(args=["accounts", "list"]).output.splitlines()
    assert lines[0].split()[:3] == ["id", "reference", "standing"]
    assert [line.split()[1] for line in lines[1:]] == [bob.public_id, alice.public_id]


def test_an_empty_list_says_so(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["accounts", "list"]).output == "Nothing.\n"
    assert runner.invoke(args=["accounts", "list", "--json"]).output == "[]\n"


def test_suspend_closes_the_studio_and_restore_opens_it(
    app: Flask, visit: Visit, alice: Account
) -> None:
    runner, client = app.test_cli_runner(), visit(alice)
    args = [alice.email, "--reason", "abuse"]
    suspended = runner.invoke(args=["accounts", "suspend", *args])
    assert (suspended.exit_code, suspended.output.startswith("Account")) == (0, True)
    assert client.get("/studio").status_code == 303
    client = visit(alice)
    assert client.get("/studio").status_code == 403
    restored = runner.invoke(args=["accounts", "restore", *args])
    assert restored.exit_code == 0
    assert client.get("/studio").status_code == 200


@pytest.mark.parametrize("command", ["suspend", "restore"])
def test_a_dry_run_changes_nothing(app: Flask, alice: Account, command: str) -> None:
    before = Account.select().dicts().get()
    args = ["accounts", command, alice.email, "--reason", "try", "--dry-run"]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == 0
    assert result.output.startswith(f"Would {command} account")
    assert Account.select().dicts().get() == before


@pytest.mark.parametrize("command", ["suspend", "restore"])
def test_a_reason_is_required(app: Flask, alice: Account, command: str) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", command, alice.email])
    assert result.exit_code != 0
    assert "--reason" in result.output
    assert Account.get().standing is Standing.ACTIVE


def test_an_unknown_address_is_one_friendly_line(app: Flask, alice: Account) -> None:
    args = ["accounts", "suspend", "nobody@example.test", "--reason", "x"]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == 1
    assert result.output == "Error: No account has the address nobody@example.test.\n"
    assert isinstance(result.exception, SystemExit)


def test_suspension_stops_everything_at_once(
    app: Flask, visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 1.0
    client, runner = visit(alice), app.test_cli_runner()
    under_way = ask(client)
    workers.step()
    waiting = ask(client, count="4")
    result = runner.invoke(args=["accounts", "suspend", alice.email, "--reason", "abuse"])
    assert result.output.endswith("Ended 1 session, stopping 2 generations.\n")
    assert client.get("/studio").status_code == 303  # signed out
    again = visit(alice)
    assert again.post("/generations", data=order()).status_code == 403
    with pytest.raises(Refused, match="suspended"):
        submitted(alice)
    with pytest.raises(Refused, match="suspended"):
        generations.retry(failed_before := _ended(under_way, workers))
    assert failed_before.failure == latest(waiting).failure == "suspended"
    (prediction,) = sandbox.replicate.predictions.newest_first()
    assert prediction.cancelled_at is not None
    nothing_was_charged(alice)
    runner.invoke(args=["accounts", "restore", alice.email, "--reason", "a mistake"])
    assert make(again, workers).status is Status.DONE


def _ended(generation: Generation, workers: Workers) -> Generation:
    workers.work()
    return latest(generation)


MARKER = "marker-7f3a9c"


def test_operators_see_counts_and_never_a_prompt(
    app: Flask, visit: Visit, alice: Account, workers: Workers
) -> None:
    client, runner = visit(alice), app.test_cli_runner()
    made = make(client, workers, prompt=f"{MARKER} fox")
    make(client, workers, prompt=f"{MARKER} [blocked]")
    assert client.post("/generations", data=order(prompt=f"{MARKER} nude child")).status_code == 422
    waiting = ask(client, prompt=f"{MARKER} wolf")
    pass_time(700)
    said = ""
    for args in (
        ["accounts", "list"],
        ["accounts", "show", alice.email],
        ["accounts", "suspend", alice.email, "--reason", "try", "--dry-run"],
        ["generations", "show", made.public_id],
        ["generations", "stuck"],
        ["generations", "advance", waiting.public_id, "--reason", "it hangs"],
        ["credits", "statement", alice.email],
        ["sweep", "--inline"],
    ):
        result = runner.invoke(args=args)
        assert result.exit_code == 0, result.output
        said += result.output
    assert MARKER not in said
    shown = runner.invoke(args=["accounts", "show", alice.email, "--json"]).output
    (row,) = json.loads(shown)
    assert (row["done"], row["failed"], row["refused_minors"], row["blocked_today"]) == (1, 1, 1, 2)
