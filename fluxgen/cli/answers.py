"""How commands answer: words or JSON, and refusals without a traceback."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar

import click

from fluxgen.db import database
from fluxgen.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
reason = click.option("--reason", required=True, help="Why; printed with what was done.")
dry_run = click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")


def answering(command: Callable[P, R]) -> Callable[P, R]:
    """Open the database for a command, and turn a refusal into one clear line."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with database.connection_context():
                return command(*args, **kwargs)
        except Refused as refusal:
            raise click.ClickException(refusal.words) from None

    return run


def show(rows: Iterable[Mapping[str, Any]], as_json: bool) -> None:
    """Print rows as lines of columns, or as one JSON list."""
    listed = [{name: _plain(value) for name, value in row.items()} for row in rows]
    if as_json:
        click.echo(json.dumps(listed, indent=2))
        return
    if not listed:
        click.echo("Nothing.")
        return
    widths = {name: max(len(name), *(len(str(row[name])) for row in listed)) for name in listed[0]}
    click.echo("  ".join(name.ljust(width) for name, width in widths.items()).rstrip())
    for row in listed:
        cells = (str(row[name]).ljust(width) for name, width in widths.items())
        click.echo("  ".join(cells).rstrip())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
