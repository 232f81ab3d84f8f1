"""A setting or command that nobody can read about does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

import fluxgen
from fluxgen.settings import Settings

ROOT = Path(fluxgen.__file__).parent.parent
FLASKS_OWN = {"run", "shell", "routes"}


def commands(group: click.Group, path: str = "") -> Iterator[str]:
    """Every command, by its whole name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        elif path or name not in FLASKS_OWN:
            yield f"{path}{name}"


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text()


def test_the_readme_names_no_setting_that_is_gone() -> None:
    table = re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(table) - {name.upper() for name in Settings.model_fields} == set()


def test_every_command_is_in_the_operators_page(app: Flask) -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    names = list(commands(app.cli))
    assert len(names) >= 10
    assert [name for name in names if not re.search(rf"`{name}\b", page)] == []


def test_the_operators_page_names_no_command_that_is_gone(app: Flask) -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    listed = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    named = {name for cell in listed for name in re.findall(r"`([a-z-]+(?: [a-z-]+)?)", cell)}
    assert named - set(commands(app.cli)) == set()


def test_every_command_says_what_it_does(app: Flask) -> None:
    runner = app.test_cli_runner()
    for name in commands(app.cli):
        result = runner.invoke(args=[*name.split(), "--help"])
        assert result.exit_code == 0, name
        assert len(result.output.splitlines()) > 3, name


def test_what_changes_something_asks_why_and_can_be_tried(app: Flask) -> None:
    runner = app.test_cli_runner()
    for name in ("accounts suspend", "accounts restore", "credits grant"):
        text = runner.invoke(args=[*name.split(), "--help"]).output
        assert "--reason" in text and "--dry-run" in text, name
    for name in ("accounts list", "credits reconcile", "generations show", "generations stuck"):
        assert "--json" in runner.invoke(args=[*name.split(), "--help"]).output, name
