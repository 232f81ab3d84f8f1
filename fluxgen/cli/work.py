"""`flask worker` and `flask sweep`: the processes behind the pages."""

from __future__ import annotations

import click

from fluxgen.cli.answers import answering
from fluxgen.jobs import sweep as sweeps
from fluxgen.jobs import worker as workers


@click.command()
def worker() -> None:
    """Work until told to stop (SIGTERM or Ctrl-C)."""
    workers.stop_on_term()
    workers.work()


@click.command()
@click.option("--inline", is_flag=True, help="Take the steps here instead of ringing for them.")
@answering
def sweep(inline: bool) -> None:
    """Find everything that is due, once. Without Redis the steps are taken here."""
    due = sweeps.sweep(inline=inline)
    sweeps.tidy()
    click.echo(f"{due} due.")
