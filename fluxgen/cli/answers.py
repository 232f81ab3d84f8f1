"""How commands answer: words or JSON, and refusals without a traceback."""

from __future__ import annotations

import functools
import getpass
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar

import click

from fluxgen import audit
from fluxgen.db import database, transaction
from fluxgen.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
reason = click.option("--reason", required=True, help="Why; kept in the audit with what was done.")
addresses = click.option(
    "--addresses", is_flag=True, help="With e-mail addresses; needs a --reason, for the audit."
)
addresses_reason = click.option("--reason", help="Why addresses are shown; kept in the audit.")
since = click.option("--since", type=click.DateTime(), help="From this day or moment on (UTC).")
dry_run = click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")


def answering(command: Callable[P, R]) -> Callable[P, R]:
    """Open the database for a command, and turn a refusal into one clear line.

    What it records in the audit is the operator's, by their login on this machine.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with database.connection_context(), audit.acting(operator()):
                return command(*args, **kwargs)
        except Refused as refusal:
            raise click.ClickException(refusal.words) from None

    return run


def note_addresses(reason: str | None, count: int, subject: str | None = None) -> None:
    """Write down that addresses are about to be shown: how many, and whose where it is one."""
    if not reason:
        raise click.UsageError("Addresses are shown for a --reason only, which the audit keeps.")
    with transaction():
        audit.record("addresses.show", subject=subject, reason=reason, facts={"addresses": count})


def operator() -> str:
    """Who gives commands here: the login, where the machine knows one."""
    try:
        return f"{audit.OPERATOR} {getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return audit.OPERATOR


def utc(moment: datetime | None) -> datetime | None:
    """A day or moment as it was typed, in UTC."""
    return moment and moment.replace(tzinfo=UTC)


def progress(rows: Iterable[T], length: int, label: str) -> Iterator[T]:
    """The same rows, with a bar on a terminal; nothing of it goes into the answer."""
    hidden = not sys.stderr.isatty()
    bar = click.progressbar(rows, length=length, label=label, file=sys.stderr, hidden=hidden)
    with bar as watched:
        yield from watched


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


def show_one(row: Mapping[str, Any], as_json: bool) -> None:
    """Print one row a line for each column, or as a JSON list of one."""
    if as_json:
        show([row], as_json)
        return
    width = max(map(len, row))
    for name, value in row.items():
        click.echo(f"{name.ljust(width)}  {_plain(value)}".rstrip())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
