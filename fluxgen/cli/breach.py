"""`flask breach scope`: whose data a breach could have touched, and by when to tell."""

from __future__ import annotations

import json
from datetime import datetime

import click

from fluxgen import breach as breach_
from fluxgen import clock
from fluxgen.cli.answers import addresses_reason, answering, as_json, note_addresses, show, utc


@click.group()
def breach() -> None:
    """After a breach: what it could have touched."""


@breach.command()
@click.option("--from", "since", required=True, type=click.DateTime(), help="When it began (UTC).")
@click.option("--to", "until", required=True, type=click.DateTime(), help="When it ended (UTC).")
@click.option("--aware", type=click.DateTime(), help="When we knew of it (UTC); now, unless told.")
@click.option(
    "--list", "with_list", is_flag=True, help="Name the addresses to write to, for a --reason."
)
@click.option("--everybody", is_flag=True, help="With --list: all who had an account by then.")
@addresses_reason
@as_json
@answering
def scope(
    since: datetime,
    until: datetime,
    aware: datetime | None,
    with_list: bool,
    everybody: bool,
    reason: str | None,
    as_json: bool,
) -> None:
    """Count accounts and rows by kind of data: with something in the span, and held by its end."""
    began, ended = utc(since), utc(until)
    assert began is not None and ended is not None
    found = breach_.scope(began, ended)
    tell_by = (utc(aware) or clock.now()) + breach_.REPORT_WITHIN
    names = breach_.addresses(found.held if everybody else found.active) if with_list else []
    if with_list:
        note_addresses(reason, len(names))
    if as_json:
        answer = {
            "tell_by": tell_by.isoformat(timespec="seconds"),
            "accounts_active": len(found.active),
            "accounts_held": len(found.held),
            "tables": [_row(one) for one in found.tables],
            "addresses": names,
        }
        click.echo(json.dumps(answer, indent=2))
        return
    click.echo(f"Tell the supervisory authority by {tell_by:%Y-%m-%d %H:%M} UTC (72 hours).")
    click.echo(f"Accounts with something in the span: {len(found.active)}")
    click.echo(f"Accounts there by its end: {len(found.held)}")
    show([_row(one) for one in found.tables if one.held_rows], as_json=False)
    for name in names:
        click.echo(name)


def _row(one: breach_.Touched) -> dict[str, object]:
    return {
        "table": one.name,
        "accounts": one.active_accounts,
        "rows": one.active_rows,
        "held_rows": one.held_rows,
        "categories": "; ".join(one.categories),
    }
