"""`flask policy`: versions of the privacy page and the terms, and telling everybody about one."""

from __future__ import annotations

import sys

import click

from fluxgen import announcements, policies
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show


@click.group()
def policy() -> None:
    """The privacy page and the terms."""


@policy.command("list")
@as_json
@answering
def list_(as_json: bool) -> None:
    """List every version, newest first, and which are in force."""
    rows = (
        {
            "policy": name,
            "version": one.version,
            "in_force": "yes" if one == policies.current(name) else "",
            "announced": announcements.announced_at(one.version) or "",
        }
        for name in policies.POLICIES
        for one in policies.versions(name)
    )
    show(rows, as_json)


@policy.command()
@as_json
@answering
def check(as_json: bool) -> None:
    """Compare the texts with their registered hashes, and with those of the day they were
    announced; exits with 1 where one differs."""
    found = announcements.complaints()
    if as_json or found:
        show(({"wrong": line} for line in found), as_json)
    else:
        click.echo("Every version is as it was registered, and as it was announced.")
    if found:
        sys.exit(1)


@policy.command()
@click.argument("version")
@answering
def register(version: str) -> None:
    """Print the lines that make a VERSION final, for data/policies/versions.toml."""
    found = policies.of(version)
    if not found:
        raise click.ClickException(f"There is no version {version}.")
    for one in found:
        click.echo(f'"{one.policy}/{one.version}" = "{one.sha256}"')


@policy.command()
@click.argument("version")
@reason
@click.option(
    "--late",
    default="",
    help="Why it comes into force sooner than the 30 days that terms promise, or than the day "
    "before that the privacy page does: a sentence for everybody, which the mail says.",
)
@dry_run
@answering
def announce(version: str, reason: str, late: str, dry_run: bool) -> None:
    """Publish the post about a VERSION and mail every account once; people also see a notice.

    New terms are announced 30 days before their day, a new privacy page before its day.
    """
    planned = announcements.plan(version, late)
    names = " and ".join(one.title for one in planned.documents)
    what = f"{names} of {version}: post {planned.post.slug}, {planned.accounts} mails"
    if dry_run:
        click.echo(f"Would announce {what}: {reason}")
        return
    mails = announcements.announce(version, reason, late)
    click.echo(f"Announced {names} of {version}: post {planned.post.slug}, {mails} mails: {reason}")
    click.echo("The mails are in the outbox; workers send them.")
