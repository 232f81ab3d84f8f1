"""`looks`: what editors ask."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from fluxgen.looks import library
from tests.support.shelf import Shelf
from tests.support.shelf import shelf as shelf_


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    with shelf_(tmp_path, monkeypatch) as shelf:
        yield shelf


def test_list_names_every_version_and_its_status(app: Flask, shelf: Shelf) -> None:
    shelf.revise("cutaway", "Cutaway of {object}", "Section through {object}")
    output = app.test_cli_runner().invoke(args=["looks", "list", "--json"]).output
    rows = {(row["look"], row["version"]): row for row in json.loads(output)}
    assert rows["cutaway", 1]["status"] == "retired"
    assert rows["cutaway", 2]["status"] == "live"
    assert rows["repeat", 1]["samples"] == 6
    assert "Window Light" in app.test_cli_runner().invoke(args=["looks", "list"]).output


def test_check_is_content_with_our_own(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["looks", "check"])
    assert (result.exit_code, result.output) == (
        0,
        f"{len(library.paths())} versions, nothing wrong.\n",
    )
    result = app.test_cli_runner().invoke(args=["looks", "check", "--json"])
    assert (result.exit_code, json.loads(result.output)) == (0, [])


def test_check_says_what_is_wrong_and_exits_with_1(app: Flask, shelf: Shelf) -> None:
    shelf.edit("cutaway", "[, {marks}]", "[, {marx}]")
    result = app.test_cli_runner().invoke(args=["looks", "check"])
    assert result.exit_code == 1
    assert "cutaway/1: the template asks for marx, which is no slot" in result.output
    assert "cutaway/1: went live and was changed since" in result.output
    result = app.test_cli_runner().invoke(args=["looks", "check", "--json"])
    assert result.exit_code == 1
    assert len(json.loads(result.output)) == 3


def test_register_prints_the_lines_that_make_a_version_live(app: Flask, shelf: Shelf) -> None:
    shelf.edit("cutaway", "Cutaway of {object}", "Section through {object}")
    output = app.test_cli_runner().invoke(args=["looks", "register", "cutaway", "1"]).output
    entry = tomllib.loads(output)["cutaway/1"]
    assert entry == {"status": "live", "sha256": library.sha256(shelf.path("cutaway"))}
    result = app.test_cli_runner().invoke(args=["looks", "register", "nothing", "1"])
    assert (result.exit_code, result.output) == (1, "Error: There is no nothing/1.\n")
