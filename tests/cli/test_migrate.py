"""`migrate`: the database's form, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from fluxgen import create_app, db
from fluxgen.settings import Settings
from tests.support.postgres import Postgres


class TestOnAnEmptyDatabase:
    """As on the first day."""

    @pytest.fixture
    def database_url(
        self, engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[str]:
        if engine == "sqlite":
            yield f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}"
        else:
            server: Postgres = request.getfixturevalue("postgres")
            with server.fresh_database() as url:
                yield url

    @pytest.mark.both_databases
    def test_up_applies_everything_once_and_status_says_so(self, app: Flask) -> None:
        runner = app.test_cli_runner()
        names = [step.name for step in db.migrations().status()]
        before = json.loads(runner.invoke(args=["migrate", "status", "--json"]).output)
        assert [(row["migration"], row["applied"]) for row in before] == [
            (name, "pending") for name in names
        ]
        first = runner.invoke(args=["migrate", "up"])
        assert first.exit_code == 0
        assert first.output.splitlines() == [f"applied {name}" for name in names]
        again = runner.invoke(args=["migrate", "up"])
        assert (again.exit_code, again.output) == (0, "The database is up to date.\n")
        after = json.loads(runner.invoke(args=["migrate", "status", "--json"]).output)
        assert all(row["applied"] != "pending" for row in after)

    def test_status_changes_nothing(self, app: Flask) -> None:
        assert app.test_cli_runner().invoke(args=["migrate", "status"]).exit_code == 0
        assert db.database.get_tables() == []


def test_a_second_process_finds_it_done(app: Flask, settings: Settings) -> None:
    app.test_cli_runner().invoke(args=["migrate", "up"])
    again = create_app(settings).test_cli_runner().invoke(args=["migrate", "up"])
    assert again.output == "The database is up to date.\n"
