"""`flask credits`: give some, and check the books."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict

import click

from fluxgen import accounts, audit, purchases
from fluxgen import credits as credits_
from fluxgen.cli.answers import answering, as_json, dry_run, reason, show
from fluxgen.db import transaction
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.jobs import payments as payment_jobs
from fluxgen.jobs import purchases as purchase_jobs
from fluxgen.models import Entry, Purchase


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
        with transaction():
            entry = credits_.grant(account, amount, key, reason)
            facts: dict[str, object] = {"credits": amount, "key": entry.key}
            audit.record("credits.grant", subject=account.public_id, reason=reason, facts=facts)
    except credits_.AlreadyBooked:
        raise click.ClickException(f"The grant {key} is in the books already.") from None
    has = f"Account {account.id} now has {entry.available_after}"
    click.echo(f"Granted {amount}. {has}: {reason}")


@credits.command()
@click.argument("email")
@click.option("--verify", is_flag=True, help="Follow the chain of hashes instead.")
@as_json
@answering
def statement(email: str, verify: bool, as_json: bool) -> None:
    """List every movement of an account, or check that none was changed or left out."""
    account = accounts.find_by_email(email)
    if not verify:
        show(map(_entry, credits_.every(account)), as_json)
        return
    broken = credits_.verify(account)
    if broken is not None:
        show([asdict(broken)], as_json)
        sys.exit(1)
    click.echo("[]" if as_json else "The chain holds.")


@credits.command()
@click.argument("purchase", required=False)
@click.option("--account", "email", help="All unspent bought credits of this e-mail address.")
@reason
@dry_run
@answering
def refund(purchase: str | None, email: str | None, reason: str, dry_run: bool) -> None:
    """Send money back for unspent bought credits: of one PURCHASE, or oldest pack first."""
    for row, credits_back, amount in _refundable(purchase, email):
        what = f"{credits_back} credits, {amount} {row.currency} minor units, of {row.public_id}"
        if dry_run:
            click.echo(f"Would refund {what}: {reason}")
            continue
        try:
            purchase_jobs.refund(row, amount, credits_back, reason)
        except NeverWill as no:
            raise click.ClickException(f"Stripe did not refund {what} ({no}).") from None
        except MayWorkLater:
            words = f"Stripe did not answer yet. Set aside, and asked for on: {what}."
            raise click.ClickException(words) from None
        click.echo(f"Refunded {what}: {reason}")


@credits.command()
@click.option("--offline", is_flag=True, help="Do not ask Stripe.")
@click.option("--fulfil", is_flag=True, help="First look again at what differs from Stripe.")
@click.option("--reason", help="Why; needed with --fulfil, and kept in the audit.")
@dry_run
@as_json
@answering
def reconcile(
    offline: bool, fulfil: bool, reason: str | None, dry_run: bool, as_json: bool
) -> None:
    """Compare books, balances, holds and Stripe; exits with 1 when they differ. Repairs nothing."""
    if fulfil and (offline or not reason):
        raise click.UsageError("--fulfil asks Stripe, and needs a --reason.")
    try:
        if fulfil:
            _fulfil(str(reason), dry_run)
        differences = credits_.reconcile() + ([] if offline else payment_jobs.differences())
    except (MayWorkLater, NeverWill) as trouble:
        words = f"Stripe does not tell all ({trouble}). Try again, or --offline."
        raise click.ClickException(words) from None
    if not differences and not as_json:
        click.echo("The books are exact.")
        return
    show(map(asdict, differences), as_json)
    if differences:
        sys.exit(1)


def _fulfil(reason: str, dry_run: bool) -> None:
    """Say of each difference what became of it, beside the answer itself."""
    outcomes = payment_jobs.fulfil(reason, dry_run=dry_run)
    for outcome in outcomes:
        click.echo(f"{outcome.what}: {outcome.result}", err=True)
    counted = Counter(outcome.result.partition(":")[0] for outcome in outcomes)
    said = ", ".join(f"{number} {result}" for result, number in counted.items())
    click.echo(f"{said or 'Nothing differs from Stripe'}: {reason}", err=True)


def _refundable(public_id: str | None, email: str | None) -> list[tuple[Purchase, int, int]]:
    """What can go back (credits, minor units): of the one named, or of all of an account."""
    if (public_id is None) == (email is None):
        raise click.UsageError("Name one PURCHASE, or an --account.")
    if email is not None:
        found = purchases.refundable(accounts.find_by_email(email))
    else:
        purchase = purchases.by_reference(str(public_id))
        if purchase is None:
            raise click.ClickException(f"There is no purchase {public_id}.")
        found = purchases.refundable_of(purchase)
    if not found:
        raise click.ClickException("There is nothing unspent to refund.")
    return found


def _entry(entry: Entry) -> dict[str, object]:
    return {
        "at": entry.created_at,
        "kind": entry.kind.value,
        "available": entry.available_delta,
        "held": entry.held_delta,
        "owed": entry.owed_delta,
        "balance": entry.available_after,
        "key": entry.key,
    }
