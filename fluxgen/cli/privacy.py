"""`flask privacy`: the record of processing, certificates of erasures, and what backups bring back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

import click

from fluxgen import privacy as privacy_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.jobs import privacy as jobs
from fluxgen.models import Cause, Scope


@click.group()
def privacy() -> None:
    """The record of processing, certificates, and replays after a restored backup."""


@privacy.command("record")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@answering
def record_(as_json: bool) -> None:
    """Print the record of processing (Art. 30 GDPR), from the data map."""
    record = privacy_.record()
    if as_json:
        click.echo(json.dumps(record, indent=2))
        return
    click.echo(f"Controller: {record['controller']}\nAbout: {record['data_subjects']}")
    for activity in record["activities"]:
        click.echo(f"\n{activity['name']}\n  Purpose: {activity['purpose']}")
        click.echo(f"  Ground: {activity['basis']}")
        click.echo(f"  Recipients: {'; '.join(activity['recipients']) or 'nobody'}")
        outside = "; ".join(activity["outside_the_eu"]) or "nobody"
        click.echo(f"  Of these outside the EU: {outside}")
        for held in activity["data"]:
            click.echo(f"  - {held['what']}: {held['purpose']}. Kept {held['kept']}.")
    click.echo("\nSecurity")
    for measure in record["security"]:
        click.echo(f"  - {measure}")


@privacy.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@as_json
@answering
def verify(file: TextIO, as_json: bool) -> None:
    """Say whether a certificate of an erasure is ours and unchanged; exits with 1 where not."""
    facts = privacy_.verify(file.read(privacy_.SIZE_MAX))
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"Ours and unchanged: erasure {facts['erasure']}, finished {facts['finished_at']}.")


@privacy.command()
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write it here instead of printing it.",
)
@answering
def remembered(file: Path | None) -> None:
    """Write the list of erasures of the last 60 days, as keyed hashes: keep it beside backups."""
    document = privacy_.remembered()
    if file is None:
        click.echo(document)
        return
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.write_text(document + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as trouble:
        raise click.FileError(str(file), trouble.strerror) from None
    click.echo(f"Wrote {file}.")


@privacy.command()
@click.option(
    "--file",
    type=click.File("r", encoding="utf-8", errors="replace"),
    help="A list that `privacy remembered` wrote, for erasures after the backup.",
)
@reason
@dry_run
@answering
def replay(file: TextIO | None, reason: str, dry_run: bool) -> None:
    """After a backup was restored: erase again whoever was erased since it was made; exits with 1
    where somebody is left for another time."""
    left = 0
    back = _back(file.read() if file else None, reason, dry_run)
    for account, scope, erased_at in back:
        what = f"the {scope.value} {account.id}, erased {erased_at:%Y-%m-%d}"
        if dry_run:
            click.echo(f"Would erase again {what}.")
            continue
        try:
            erasure = privacy_.plan_instead(
                account, scope, Cause.BACKUP, reason=reason, up_to=erased_at
            )  # of a plan that came back with the backup
        except Refused as refusal:
            planned = privacy_.under_way(account)
            goes_anyway = planned is not None and planned.scope is Scope.ACCOUNT
            left += not goes_anyway
            then = "That takes it along." if goes_anyway else "Replay once more when it is over."
            click.echo(f"Left {what}: {refusal.words} {then}")
            continue
        jobs.ring(erasure)
        click.echo(f"Erasing again {what}.")
    click.echo(f"{len(back)} are back from the backup.")
    if left:
        sys.exit(1)


def _back(document: str | None, reason: str, dry_run: bool) -> list[privacy_.Back]:
    """Who is back, also by this list; in a dry run the list is forgotten again."""
    with transaction() as under_way:
        if document is not None:
            click.echo(f"{privacy_.learn(document, reason)} erasures were not known here.")
        back = list(privacy_.returned())
        if dry_run:
            under_way.rollback()
    return back


@privacy.command("erasures")
@as_json
@answering
def erasures(as_json: bool) -> None:
    """List erasures under way and those of the last 60 days; what is over names nobody."""
    rows = (
        {
            "erasure": one.public_id,
            "scope": one.scope.value,
            "asked_for_by": one.cause.value,
            "status": one.status.value,
            "step": one.step,
            "begins": one.begins_at,
            "finished": one.finished_at or "",
            "late": privacy_.is_late(one) and one.finished_at is None,
        }
        for one in privacy_.listing()
    )
    show(rows, as_json)
