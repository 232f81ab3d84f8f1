"""`flask migrate`: bring the database to the form that this release expects."""

from __future__ import annotations

import click

from fluxgen import archive, db
from fluxgen.cli.answers import answering, as_json, show


@click.group()
def migrate() -> None:
    """The database's form."""


@migrate.command()
@answering
def up() -> None:
    """Apply every pending migration, in order, and enter in the archive's index what is missing."""
    applied = db.migrations().up()
    for name in applied:
        click.echo(f"applied {name}")
    if entered := archive.catch_up():
        click.echo(f"entered {entered:,} in the archive's index")
    if not applied:
        click.echo("The database is up to date.")


@migrate.command()
@as_json
@answering
def status(as_json: bool) -> None:
    """List the migrations and when each was applied."""
    rows = (
        {"migration": step.name, "applied": step.applied or "pending"}
        for step in db.migrations().status()
    )
    show(rows, as_json)
