"""`flask journal`: posts, and making a draft public."""

from __future__ import annotations

import click

from fluxgen import journal as journal_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show


@click.group()
def journal() -> None:
    """The journal."""


@journal.command("list")
@as_json
@answering
def list_(as_json: bool) -> None:
    """List every post: public since when, to come, or a draft."""
    since = {one.post.slug: one.at for one in journal_.published()}
    rows = (
        {
            "post": post.slug,
            "title": post.title,
            "state": "public" if post.slug in since else "to come" if post.dated else "draft",
            "since": since.get(post.slug) or (str(post.dated) if post.dated else ""),
            "announces": post.announces or "",
        }
        for post in journal_.posts()
    )
    show(rows, as_json)


@journal.command()
@click.argument("slug")
@reason
@dry_run
@answering
def publish(slug: str, reason: str, dry_run: bool) -> None:
    """Let everybody read a draft from now on."""
    post = journal_.draft(slug)
    if dry_run:
        click.echo(f"Would publish {slug}: {reason}")
        return
    journal_.publish_draft(post, reason)
    click.echo(f"Published {slug}: {reason}")
