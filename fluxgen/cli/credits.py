"""`flask credits`: give some, and check the books."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from fluxgen import accounts
from fluxgen import credits as credits_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show


@click.group()
def credits() -> None:
    """Credits."""


@credits.command()
@click.argument("email")
@click.argument("amount", type=click.IntRange(1, 100_000))
@click.option("--key", required=True, help="Names this grant; the same key is booked once.")
@reason
@dry_run
@answering
def grant(email: str, amount: int, key: str, reason: str, dry_run: bool) -> None:
    """Give AMOUNT credits to an account."""
    account = accounts.find_by_email(email)
    if dry_run:
        click.echo(f"Would grant {amount} credits to account {account.id}: {reason}")
        return
    try:
        entry = credits_.grant(account, amount, key, reason)
    except credits_.AlreadyBooked:
        raise click.ClickException(f"The grant {key} is in the books already.") from None
    click.echo(f"Granted {amount}. Account {account.id} now has {entry.available_after}.")


@credits.command()
@as_json
@answering
def reconcile(as_json: bool) -> None:
    """Compare the books with the balances; exits with 1 when they differ. Repairs nothing."""
    differences = credits_.reconcile()
    if not differences and not as_json:
        click.echo("The books are exact.")
        return
    show(map(asdict, differences), as_json)
    if differences:
        sys.exit(1)
