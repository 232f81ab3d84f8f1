"""A setting or command that nobody can read about does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

import fluxgen
from fluxgen import clock, desk
from fluxgen.models import RequestKind
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


MACHINERY = {"worker", "sweep", "migrate up"}
"""Started by machines, for no reason but that it is time."""
LOOKS_ONLY = {
    *("looks register", "policy register", "privacy remembered"),
    "accounts drill",
}
"""Print, write or check for the operator what is no list, and change nothing here."""
REPAIRS = {
    "credits reconcile": ("--fulfil",),
    "archive audit": ("--fix",),
    "accounts list": ("--addresses",),
    "requests list": ("--addresses",),
    "requests show": ("{request}", "--addresses"),
    "breach scope": ("--from", "2026-11-20", "--to", "2026-11-21", "--list"),
}
"""Look, and change something or show addresses with this option only: then they ask why."""


def every(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command of ours with its whole name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every(command, f"{path}{name} ")
        elif path or name not in FLASKS_OWN:
            yield f"{path}{name}", command


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def test_every_command_looks_or_asks_why_and_can_be_tried(app: Flask) -> None:
    apart = MACHINERY | LOOKS_ONLY
    undecided = [
        name
        for name, command in every(app.cli)
        if name not in apart
        and not {"--reason", "--dry-run"} <= options(command)
        and "--json" not in options(command)
    ]
    assert undecided == []
    assert apart <= {name for name, _ in every(app.cli)}


def test_what_asks_why_will_not_go_without_or_can_do_without(app: Flask) -> None:
    asked = desk.draft("a@b.test", RequestKind.ACCESS, clock.now())
    desk.add(asked, reason="to be shown")
    for name, command in every(app.cli):
        for parameter in command.params:
            if "--reason" in parameter.opts and name not in REPAIRS:
                assert parameter.required, name
    for name, repairing in REPAIRS.items():
        more = [word.format(request=asked.public_id) for word in repairing]
        result = app.test_cli_runner().invoke(args=[*name.split(), *more])
        assert (result.exit_code, "--reason" in result.output) == (2, True), name


def test_every_group_command_and_option_says_what_it_does(app: Flask) -> None:
    silent = []
    for name, command in every(app.cli):
        silent += [name] if not (command.help or "").strip() else []
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not (parameter.help or "").strip():
                silent.append(f"{name} {parameter.opts[0]}")
    groups = [group for group in app.cli.commands.values() if isinstance(group, click.Group)]
    silent += [str(group.name) for group in groups if not (group.help or "").strip()]
    assert silent == []


def test_what_changes_something_asks_why_and_can_be_tried(app: Flask) -> None:
    runner = app.test_cli_runner()
    for name in ("accounts suspend", "accounts restore", "credits grant"):
        text = runner.invoke(args=[*name.split(), "--help"]).output
        assert "--reason" in text and "--dry-run" in text, name
    for name in ("accounts list", "credits reconcile", "generations show", "generations stuck"):
        assert "--json" in runner.invoke(args=[*name.split(), "--help"]).output, name
