"""`flask archive`: what is stored against what the rows say."""

from __future__ import annotations

import json
import sys

import click

from fluxgen import audit as audit_
from fluxgen.cli.answers import answering, as_json, dry_run
from fluxgen.db import transaction
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import leftovers
from fluxgen.jobs.leftovers import Findings
from fluxgen.presentation import plural

SHOWN_MAX = 20
"""Keys of each kind that are printed; JSON has all of them."""


@click.group()
def archive() -> None:
    """The archive."""


@archive.command()
@as_json
@click.option("--fix", is_flag=True, help="Remove objects older than a day that no row names.")
@click.option("--reason", default="", help="Why; kept with what was done. Needed by --fix.")
@dry_run
@answering
def audit(as_json: bool, fix: bool, reason: str, dry_run: bool) -> None:
    """Compare stored objects and rows, both ways; exits with 1 when something differs."""
    if fix and not reason.strip() and not dry_run:
        raise click.UsageError("Say why: --reason.")
    try:
        findings = leftovers.compared(_progress)
        removed = _fix(findings, reason) if fix and not dry_run else 0
    except MayWorkLater as trouble:
        raise click.ClickException(f"The store does not answer: {trouble}") from None
    finally:
        _progress(0)
    if as_json:
        click.echo(json.dumps(_as_json(findings, removed), indent=2))
    else:
        _say(findings, fix, removed, dry_run)
    if findings.missing or len(findings.orphans) > removed:
        raise SystemExit(1)


def _fix(findings: Findings, reason: str) -> int:
    """Write down why, then remove what may go: the store takes part in no transaction of ours."""
    removable = findings.removable()
    if not removable:
        return 0
    with transaction():
        facts: dict[str, object] = {"removable": len(removable)}
        audit_.record("archive.fix", subject=None, reason=reason, facts=facts)
    return leftovers.remove(removable)


def _say(findings: Findings, fix: bool, removed: int, dry_run: bool) -> None:
    click.echo(
        f"{plural(findings.objects, 'object')}, {plural(findings.pictures, 'picture')} in rows."
    )
    _list("objects that no row names", [one.key for one in findings.orphans])
    _list("objects that rows need and that are missing", findings.missing)
    if fix and dry_run:
        click.echo(f"Would remove {len(findings.removable()):,} that are older than a day.")
    elif fix:
        click.echo(f"Removed {removed:,} that were older than a day.")


def _list(words: str, keys: list[str]) -> None:
    click.echo(f"{len(keys):,} {words}.")
    for key in keys[:SHOWN_MAX]:
        click.echo(f"  {key}")
    if len(keys) > SHOWN_MAX:
        click.echo(f"  and {len(keys) - SHOWN_MAX:,} more")


def _as_json(findings: Findings, removed: int) -> dict[str, object]:
    return {
        "objects": findings.objects,
        "pictures": findings.pictures,
        "orphans": [one.key for one in findings.orphans],
        "missing": findings.missing,
        "removable": len(findings.removable()),
        "removed": removed,
    }


def _progress(objects: int) -> None:
    """One line that counts on a terminal, wiped at the end."""
    if sys.stderr.isatty():
        said = f"{objects:,} objects" if objects else ""
        click.echo(f"\r{said:<40}\r", nl=False, err=True)
