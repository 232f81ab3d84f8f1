"""`credits`: give some, and check the books."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from fluxgen.models import Account, Entry
from tests.support.making import Visit, ask

GRANT = ("credits", "grant", "alice@example.test", "25", "--key", "k1", "--reason", "sorry")


@pytest.mark.both_databases
def test_a_grant_is_booked_once_under_its_key(app: Flask, alice: Account) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=GRANT)
    assert (first.exit_code, "now has 125" in first.output) == (0, True)
    again = runner.invoke(args=GRANT)
    assert again.exit_code == 1
    assert again.output == "Error: The grant k1 is in the books already.\n"
    assert Account.get().available == 125
    assert Entry.get(Entry.key == "grant:k1").reason == "sorry"


def test_a_dry_run_books_nothing(app: Flask, alice: Account) -> None:
    result = app.test_cli_runner().invoke(args=[*GRANT, "--dry-run"])
    assert (result.exit_code, result.output.startswith("Would grant 25")) == (0, True)
    assert Account.get().available == 100
    assert Entry.select().count() == 1


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "many", "100001"])
def test_a_senseless_amount_is_refused(app: Flask, alice: Account, amount: str) -> None:
    args = ["credits", "grant", alice.email, "--key", "k", "--reason", "r", "--", amount]
    assert app.test_cli_runner().invoke(args=args).exit_code == 2
    assert Account.get().available == 100


@pytest.mark.both_databases
@pytest.mark.parametrize(("length", "code"), [(154, 0), (155, 1), (0, 1)])
def test_a_key_has_a_length_that_the_books_can_hold(
    app: Flask, alice: Account, length: int, code: int
) -> None:
    args = ["credits", "grant", alice.email, "25", "--key", "k" * length, "--reason", "sorry"]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == code
    if code:
        assert result.output == "Error: The key of a grant has 1 to 154 characters.\n"
    assert Entry.select().count() == 2 - code


def test_an_unknown_address_is_one_friendly_line(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=GRANT)
    assert result.exit_code == 1
    assert result.output == "Error: No account has the address alice@example.test.\n"


@pytest.mark.both_databases
def test_exact_books_are_exact(app: Flask, visit: Visit, alice: Account) -> None:
    ask(visit(alice))
    result = app.test_cli_runner().invoke(args=["credits", "reconcile"])
    assert (result.exit_code, result.output) == (0, "The books are exact.\n")


@pytest.mark.both_databases
def test_a_difference_is_named_and_not_repaired(app: Flask, alice: Account) -> None:
    Account.update(available=99).execute()
    result = app.test_cli_runner().invoke(args=["credits", "reconcile", "--json"])
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert [(row["what"], row["expected"], row["found"]) for row in found] == [
        ("available", 100, 99)
    ]
    assert Account.get().available == 99
