"""`flask accounts erase` and `flask accounts close-underage`: the same routine as self-service."""

from __future__ import annotations

from datetime import datetime

import click

from fluxgen import accounts as accounts_
from fluxgen import privacy
from fluxgen.cli.answers import answering, dry_run, reason, utc
from fluxgen.jobs import privacy as jobs
from fluxgen.models import Cause, Erasure, Scope

archive_only = click.option("--archive-only", is_flag=True, help="Empty the archive, no more.")


@click.command()
@click.argument("email")
@reason
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Begin on this day (YYYY-MM-DD, UTC) instead of now.",
)
@archive_only
@dry_run
@answering
def erase(email: str, reason: str, day: datetime | None, archive_only: bool, dry_run: bool) -> None:
    """Erase an account, or its archive alone; what a payment leaves stays without the person."""
    account = accounts_.find_by_email(email)
    scope = Scope.ARCHIVE if archive_only else Scope.ACCOUNT
    outlook = privacy.outlook(account, scope)
    begins_at = utc(day)
    if dry_run:
        privacy.beginning(begins_at)
        _show(outlook, scope)
        click.echo(f"Would erase the {scope.value} {account.id}: {reason}")
        return
    erasure = privacy.plan_instead(account, scope, Cause.OPERATOR, begins_at, reason=reason)
    _show(outlook, scope)
    _ring(erasure, reason)


@click.command("close-underage")
@click.argument("email")
@reason
@dry_run
@answering
def close_underage(email: str, reason: str, dry_run: bool) -> None:
    """Close and erase the account of somebody under 13, now."""
    account = accounts_.find_by_email(email)
    _show(privacy.outlook(account, Scope.ACCOUNT), Scope.ACCOUNT)
    if dry_run:
        click.echo(f"Would close and erase the account {account.id}: {reason}")
        return
    erasure = privacy.close_underage(account, reason)
    click.echo(f"Account {account.id} is closed and its sessions have ended.")
    _ring(erasure, reason)


def _show(outlook: privacy.Outlook, scope: Scope) -> None:
    """What would go and what would stay."""
    for name, count in outlook.rows.items():
        if count:
            click.echo(f"{count:>8} {name}")
    if scope is Scope.ACCOUNT:
        click.echo(f"{outlook.available_credits:>8} credits free")
        click.echo(f"{outlook.refundable_credits:>8} of them bought: `credits refund --account`")
        click.echo(
            f"{outlook.purchases_kept:>8} payments stay without the person"
            + (f" until the end of {outlook.kept_until_year}" if outlook.purchases_kept else "")
        )
        if outlook.payments_under_way:
            words = "payments under way: `credits reconcile` lists them when they arrive"
            click.echo(f"{outlook.payments_under_way:>8} {words}")


def _ring(erasure: Erasure, reason: str) -> None:
    jobs.ring(erasure)
    click.echo(f"Erasure {erasure.public_id} begins {erasure.begins_at:%Y-%m-%d %H:%M}: {reason}")
