"""`flask accounts`: who there is, and whether they may come in."""

from __future__ import annotations

import click

from fluxgen import accounts as accounts_
from fluxgen import generations as generations_
from fluxgen import suspension
from fluxgen.cli.answers import (
    addresses,
    addresses_reason,
    answering,
    as_json,
    dry_run,
    note_addresses,
    reason,
    show,
    show_one,
)
from fluxgen.jobs import generations as jobs
from fluxgen.models import Account, Status
from fluxgen.presentation import plural

email = click.argument("email")


@click.group()
def accounts() -> None:
    """Accounts: each is named by its e-mail address or its reference."""


@accounts.command("list")
@click.option("--standing", type=click.Choice(["active", "suspended"]), help="Only those.")
@click.option("--restricted", is_flag=True, help="Only those whose data is restricted.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="How many at most.",
)
@addresses
@addresses_reason
@as_json
@answering
def list_(
    standing: str | None,
    restricted: bool,
    limit: int,
    addresses: bool,
    reason: str | None,
    as_json: bool,
) -> None:
    """List accounts by their references, newest first."""
    found = accounts_.listing(limit=limit, standing=standing, restricted=restricted)
    if addresses:
        note_addresses(reason, len(found))
    show((_row(account, with_address=addresses) for account in found), as_json)


def _row(account: Account, *, with_address: bool) -> dict[str, object]:
    return {
        "id": account.id,
        "reference": account.public_id,
        **({"email": account.email} if with_address else {}),
        "standing": account.standing.value,
        "restricted": "yes" if account.is_restricted else "no",
        "available": account.available,
        "held": account.held,
        "created": account.created_at,
    }


@accounts.command("show")
@email
@as_json
@answering
def show_(email: str, as_json: bool) -> None:
    """Show one account in counts; never what it wrote or made."""
    account = accounts_.find_by_email(email)
    counts = generations_.counted(account)
    row = {
        "id": account.id,
        "reference": account.public_id,
        "standing": account.standing.value,
        "restricted": account.restricted_at or "",
        "objected": account.objected_at or "",
        "available_credits": account.available,
        "held_credits": account.held,
        "owed_credits": account.owed,
        **{status.value: counts.by_status[status] for status in Status},
        "blocked_today": counts.blocked_today,
        **{f"refused_{rule}": count for rule, count in sorted(counts.refused.items())},
        "created": account.created_at,
    }
    show_one(row, as_json)


@accounts.command()
@email
@reason
@click.option(
    "--tell",
    default="",
    help="What the person is mailed as the reason, a sentence or two; without it, that something "
    "was done which the terms do not allow.",
)
@dry_run
@answering
def suspend(email: str, reason: str, tell: str, dry_run: bool) -> None:
    """Close an account, stop all that is under way, and mail its person why; its pictures stay."""
    account = accounts_.find_by_email(email)
    if dry_run:
        under_way = len(generations_.unfinished(account))
        click.echo(f"Would suspend account {account.id} and stop {under_way} under way: {reason}")
        return
    stopped = suspension.suspend(account, reason, tell)
    for generation_id in stopped.generation_ids:
        jobs.ring_id(generation_id)
    click.echo(
        f"Account {account.id} is now suspended: {reason}. Ended {plural(stopped.sessions, 'session')}, "
        f"stopping {plural(len(stopped.generation_ids), 'generation')}."
    )


@accounts.command()
@email
@reason
@dry_run
@answering
def restore(email: str, reason: str, dry_run: bool) -> None:
    """Let a suspended account in again, and mail its person that it is open."""
    account = accounts_.find_by_email(email)
    accounts_.check_restorable(account)
    if dry_run:
        click.echo(f"Would restore account {account.id}: {reason}")
        return
    suspension.restore(account, reason)
    click.echo(f"Account {account.id} is now active: {reason}")


@accounts.command("sign-out")
@email
@reason
@dry_run
@answering
def sign_out(email: str, reason: str, dry_run: bool) -> None:
    """End every session of an account, as after a stolen cookie; its person may come back."""
    account = accounts_.find_by_email(email)
    if dry_run:
        count = len(accounts_.open_sessions(account))
        click.echo(f"Would sign-out account {account.id}, {plural(count, 'session')}: {reason}")
        return
    count = accounts_.sign_out_everywhere(account, reason)
    click.echo(f"Ended {plural(count, 'session')} of account {account.id}: {reason}")
