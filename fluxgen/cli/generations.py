"""`flask generations`: states and counts, never words or pictures."""

from __future__ import annotations

import click

from fluxgen import generations as generations_
from fluxgen.cli.answers import answering, as_json, show
from fluxgen.jobs import generations as jobs
from fluxgen.models import Generation


@click.group()
def generations() -> None:
    """Generations."""


@generations.command("show")
@click.argument("public_id")
@as_json
@answering
def show_(public_id: str, as_json: bool) -> None:
    """Show how far one has come."""
    show([_row(_find(public_id))], as_json)


@generations.command()
@click.argument("public_id")
@answering
def advance(public_id: str) -> None:
    """Take one a step further, here and now."""
    generation = _find(public_id)
    jobs.advance(generation.id)
    click.echo(f"{generation.status.value} -> {_find(public_id).status.value}")


@generations.command()
@click.option(
    "--older-than", default=600, show_default=True, help="Seconds since it was asked for."
)
@as_json
@answering
def stuck(older_than: int, as_json: bool) -> None:
    """List what should have ended by now."""
    show(map(_row, generations_.stuck(older_than)), as_json)


def _find(public_id: str) -> Generation:
    found = Generation.get_or_none(Generation.public_id == public_id)
    if found is None:
        raise click.ClickException(f"There is no generation {public_id}.")
    return found


def _row(generation: Generation) -> dict[str, object]:
    return {
        "id": generation.public_id,
        "status": generation.status.value,
        "model": generation.model,
        "tier": generation.tier,
        "credits": generation.cost_credits,
        "attempts": generation.attempt,
        "asked": generation.created_at,
        "due": generation.due_at,
        "failure": generation.failure or "",
    }
