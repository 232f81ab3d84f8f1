"""`accounts`: who there is, and whether they may come in."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from fluxgen.models import Account, Standing
from tests.support.making import Visit, ask


def test_list_tells_standing_and_balance(app: Flask, visit: Visit, alice: Account) -> None:
    ask(visit(alice), count="3")
    (row,) = json.loads(app.test_cli_runner().invoke(args=["accounts", "list", "--json"]).output)
    assert (row["email"], row["standing"]) == ("alice@example.test", "active")
    assert (row["available"], row["held"]) == (97, 3)


def test_list_is_columns_for_people(app: Flask, alice: Account, bob: Account) -> None:
    lines = app.test_cli_runner().invoke(args=["accounts", "list"]).output.splitlines()
    assert lines[0].split()[:3] == ["id", "email", "standing"]
    assert [line.split()[1] for line in lines[1:]] == ["bob@example.test", "alice@example.test"]


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
    assert result.output.startswith("Would make account")
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
