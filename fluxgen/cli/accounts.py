"""`flask accounts`: who there is, and whether they may come in."""

from __future__ import annotations

import click

from fluxgen import accounts as accounts_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show
from fluxgen.models import Standing


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


@accounts.command()
@click.argument("email")
@reason
@dry_run
def suspend(email: str, reason: str, dry_run: bool) -> None:
    """Close the studio to an account; its pictures stay."""
    _set(email, Standing.SUSPENDED, reason, dry_run)


@accounts.command()
@click.argument("email")
@reason
@dry_run
def restore(email: str, reason: str, dry_run: bool) -> None:
    """Let a suspended account in again."""
    _set(email, Standing.ACTIVE, reason, dry_run)


@answering
def _set(email: str, standing: Standing, reason: str, dry_run: bool) -> None:
    account = accounts_.find_by_email(email)
    if dry_run:
        click.echo(f"Would make account {account.id} {standing.value}: {reason}")
        return
    accounts_.set_standing(account, standing)
    click.echo(f"Account {account.id} is now {standing.value}: {reason}")
