"""`flask looks`: for the editors of Looks."""

from __future__ import annotations

import click

from fluxgen import looks as looks_
from fluxgen.assets import STATIC
from fluxgen.cli.answers import answering, as_json, show
from fluxgen.looks import checking, library
from fluxgen.looks.look import Look


@click.group()
def looks() -> None:
    """Looks."""


@looks.command("list")
@as_json
@answering
def list_(as_json: bool) -> None:
    """List every version of every Look."""
    show(map(_row, library.every()), as_json)


@looks.command()
@as_json
@answering
def check(as_json: bool) -> None:
    """Check all Looks' files; exits with 1 when something is wrong."""
    found = checking.complaints(STATIC)
    if as_json:
        show([{"wrong": words} for words in found], as_json)
    else:
        said = "\n".join(found) or f"{len(library.paths())} versions, nothing wrong."
        click.echo(said)
    if found:
        raise SystemExit(1)


@looks.command()
@click.argument("slug")
@click.argument("version", type=int)
@answering
def register(slug: str, version: int) -> None:
    """Print the lines that make a version live, for data/looks/versions.toml."""
    path = library.DATA / slug / f"{version}.toml"
    if not path.exists():
        raise click.ClickException(f"There is no {slug}/{version}.")
    click.echo(f'["{slug}/{version}"]\nstatus = "live"\nsha256 = "{library.sha256(path)}"')


def _row(look: Look) -> dict[str, object]:
    return {
        "look": look.slug,
        "version": look.version,
        "status": look.status.value,
        "job": looks_.JOBS[look.job],
        "title": look.title,
        "samples": len(look.samples),
        "from_credits": look.from_credits,
    }
