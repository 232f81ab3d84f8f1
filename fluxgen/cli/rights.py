"""`flask accounts rectify`, `restrict`, `unrestrict`, `object`: rights that were asked for by mail."""

from __future__ import annotations

from datetime import datetime

import click

from fluxgen import accounts, clock, generations, rights
from fluxgen.cli.answers import answering, dry_run, reason, utc
from fluxgen.errors import Refused
from fluxgen.jobs import generations as jobs
from fluxgen.presentation import plural

email = click.argument("email")


@click.command()
@email
@click.option("--name", help="The name as it should be.")
@click.option("--no-picture", is_flag=True, help="Remove the person's picture for good.")
@reason
@dry_run
@answering
def rectify(email: str, name: str | None, no_picture: bool, reason: str, dry_run: bool) -> None:
    """Correct an account's name, or remove its picture; sign-ins then leave them alone.

    The address is Google's: a change there reaches us at the next sign-in.
    """
    if name is None and not no_picture:
        raise click.UsageError("Say what is to be corrected: --name, --no-picture.")
    account = accounts.find_by_email(email)
    what = " and ".join(["name"] * (name is not None) + ["picture"] * no_picture)
    if dry_run:
        click.echo(f"Would rectify account {account.id}, {what}: {reason}")
        return
    if name is not None:
        rights.rectify(account, name, reason)
    if no_picture:
        rights.remove_portrait(account, reason)
    click.echo(f"Account {account.id} is corrected, {what}: {reason}")


@click.command()
@email
@reason
@dry_run
@answering
def restrict(email: str, reason: str, dry_run: bool) -> None:
    """Keep an account's data and do nothing else with it (Art. 18): no new pictures, no timers."""
    account = accounts.find_by_email(email)
    if account.is_restricted:
        raise Refused(f"Account {account.id} is restricted already.")
    if dry_run:
        under_way = len(generations.unfinished(account))
        click.echo(f"Would restrict account {account.id} and stop {under_way} under way: {reason}")
        return
    stopping = rights.restrict(account, reason, by_mail=True)
    for generation_id in stopping:
        jobs.ring_id(generation_id)
    click.echo(
        f"Account {account.id} is restricted, stopping {plural(len(stopping), 'generation')}: {reason}"
    )


@click.command()
@email
@click.option(
    "--told-on",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which the person was told that it will be lifted; the law asks for that.",
)
@reason
@dry_run
@answering
def unrestrict(email: str, told_on: datetime, reason: str, dry_run: bool) -> None:
    """Lift a restriction, after the person was told (Art. 18 (3)); timers then go on."""
    account = accounts.find_by_email(email)
    if not account.is_restricted:
        raise Refused(f"Account {account.id} is not restricted.")
    told_at = utc(told_on)
    if told_at is None or not account.restricted_at.date() <= told_at.date() <= clock.now().date():
        raise Refused("The day lies between the restriction and today.")
    if dry_run:
        click.echo(f"Would unrestrict account {account.id}: {reason}")
        return
    told = f"{told_on:%Y-%m-%d}"
    rights.unrestrict(account, reason, by_mail=True, told_on=told)
    click.echo(f"Account {account.id} is not restricted any more: {reason}")


@click.command("object")
@email
@click.option("--withdraw", is_flag=True, help="Count the account in again.")
@reason
@dry_run
@answering
def object_(email: str, withdraw: bool, reason: str, dry_run: bool) -> None:
    """Leave an account out of statistics and news (Art. 21), or count it in again."""
    account = accounts.find_by_email(email)
    if account.has_objected is not withdraw:
        has = "has objected already" if account.has_objected else "has not objected"
        raise Refused(f"Account {account.id} {has}.")
    what = "is counted in again" if withdraw else "is left out of statistics"
    if dry_run:
        click.echo(f"Would write down that account {account.id} {what}: {reason}")
        return
    (rights.withdraw_objection if withdraw else rights.object_to)(account, reason)
    click.echo(f"Account {account.id} {what}: {reason}")
