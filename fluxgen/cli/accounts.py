"""`flask accounts`: who there is, and whether they may come in."""

from __future__ import annotations

import click

from fluxgen import accounts as accounts_
from fluxgen import generations as generations_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show
from fluxgen.jobs import generations as jobs
from fluxgen.models import Status


@click.group()
def accounts() -> None:
    """Accounts."""


@accounts.command("list")
@as_json
@answering
def list_(as_json: bool) -> None:
    """List accounts, newest first."""
    rows = (
        {
            "id": account.id,
            "email": account.email,
            "standing": account.standing.value,
            "available": account.available,
            "held": account.held,
            "created": account.created_at,
        }
        for account in accounts_.listing()
    )
    show(rows, as_json)


@accounts.command("show")
@click.argument("email")
@as_json
@answering
def show_(email: str, as_json: bool) -> None:
    """Show one account in counts; never what it wrote or made."""
    account = accounts_.find_by_email(email)
    counts = generations_.counted(account)
    row = {
        "id": account.id,
        "standing": account.standing.value,
        "available": account.available,
        "held": account.held,
        "owed": account.owed,
        **{status.value: counts.by_status[status] for status in Status},
        "blocked_today": counts.blocked_today,
        **{f"refused_{rule}": count for rule, count in sorted(counts.refused.items())},
        "created": account.created_at,
    }
    show([row], as_json)


@accounts.command()
@click.argument("email")
@reason
@dry_run
@answering
def suspend(email: str, reason: str, dry_run: bool) -> None:
    """Close the studio to an account and stop all that is under way; its pictures stay."""
    account = accounts_.find_by_email(email)
    if dry_run:
        under_way = len(generations_.unfinished(account))
        click.echo(f"Would suspend account {account.id} and stop {under_way} under way: {reason}")
        return
    stopped = accounts_.suspend(account, reason)
    for generation_id in stopped.generation_ids:
        jobs.ring_id(generation_id)
    click.echo(
        f"Account {account.id} is now suspended: {reason}. Ended {stopped.sessions} sessions, "
        f"stopping {len(stopped.generation_ids)} generations."
    )


@accounts.command()
@click.argument("email")
@reason
@dry_run
@answering
def restore(email: str, reason: str, dry_run: bool) -> None:
    """Let a suspended account in again."""
    account = accounts_.find_by_email(email)
    if dry_run:
        click.echo(f"Would restore account {account.id}: {reason}")
        return
    accounts_.restore(account, reason)
    click.echo(f"Account {account.id} is now active: {reason}")
