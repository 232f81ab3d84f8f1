"""`flask generations`: states and counts; words or a picture only for a reason, kept for the owner."""

from __future__ import annotations

from pathlib import Path

import click

from fluxgen import adapters, archive
from fluxgen import generations as generations_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show, show_one
from fluxgen.db import transaction
from fluxgen.errors import MayWorkLater, NeverWill
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
    show_one(_row(_find(public_id)), as_json)


@generations.command()
@click.argument("public_id")
@reason
@dry_run
@answering
def advance(public_id: str, reason: str, dry_run: bool) -> None:
    """Take one a step further, here and now."""
    generation = _find(public_id)
    if generation.is_finished:
        words = f"{public_id} has ended: {generation.status.value}. There is no step to take."
        raise click.ClickException(words)
    if dry_run:
        click.echo(f"Would advance {public_id} from {generation.status.value}: {reason}")
        return
    with transaction():
        generations_.note_deed(generation, "generations.advance", reason)
    jobs.advance(generation.id)
    click.echo(f"{generation.status.value} -> {_find(public_id).status.value}: {reason}")


@generations.command()
@click.option(
    "--older-than", default=600, show_default=True, help="Seconds since it was asked for."
)
@as_json
@answering
def stuck(older_than: int, as_json: bool) -> None:
    """List what should have ended by now."""
    show(map(_row, generations_.stuck(older_than)), as_json)


@generations.command("open")
@click.argument("public_id")
@click.option("--picture", type=click.IntRange(1, 4), help="This picture of it, not the words.")
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write the picture; needed with --picture.",
)
@reason
@dry_run
@as_json
@answering
def open_(
    public_id: str,
    picture: int | None,
    file: Path | None,
    reason: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read somebody's words, or see a picture; its owner sees that, when, and why.

    It is written down before anything is shown.
    """
    generation = _find(public_id)
    if (picture is None) != (file is None):
        raise click.UsageError(
            "A picture is written to a file: --picture and --to belong together."
        )
    if file is not None and not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}.")
    what = "words" if picture is None else "picture"
    if picture is not None and not generations_.has_picture(generation, picture - 1):
        raise click.ClickException(f"There is no picture {picture} of {public_id}.")
    if dry_run:
        click.echo(f"Would open the {what} of {public_id}, and its owner would see that: {reason}")
        return
    with transaction():
        generations_.note_deed(generation, "generations.open", reason, what=what)
    if picture is not None and file is not None:
        _write(generation, picture, file)
    if as_json:
        shown = {"words": generation.prompt} if file is None else {"file": str(file)}
        show_one({"id": public_id, **shown}, as_json)
    else:
        click.echo(generation.prompt if file is None else f"Wrote {file}.")


def _write(generation: Generation, picture: int, file: Path) -> None:
    try:
        original = archive.key(generation, picture - 1, "original")
        file.write_bytes(adapters.current().storage.get(original))
    except (MayWorkLater, NeverWill) as trouble:
        raise click.ClickException(f"The picture cannot be read ({trouble}).") from None
    except OSError as trouble:
        raise click.ClickException(f"{file} could not be written: {trouble}") from None


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
