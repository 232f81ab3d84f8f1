"""`flask requests`: rights that people asked for by mail, and when they are due."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from fluxgen import desk
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
    utc,
)
from fluxgen.models import RequestKind, RightsRequest


@click.group()
def requests() -> None:
    """The rights desk: requests by mail, due 30 days after they came (Art. 12)."""


@requests.command()
@click.argument("email")
@click.argument("kind", type=click.Choice([kind.value for kind in RequestKind]))
@click.option(
    "--received",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which it came, as 2026-11-27.",
)
@click.option("--note", default="", help="What to remember about it; its person may read it.")
@click.option("--account", help="Which account's it is, where several have the address.")
@reason
@dry_run
@answering
def add(
    email: str,
    kind: str,
    received: datetime,
    note: str,
    account: str | None,
    reason: str,
    dry_run: bool,
) -> None:
    """Enter a request of KIND that came from EMAIL."""
    received_at = utc(received)
    assert received_at is not None
    request = desk.draft(email, RequestKind(kind), received_at, note=note, reference=account)
    whose = f"account {request.account.id}" if request.account else "nobody with an account"
    if dry_run:
        day = f"{request.due_at:%Y-%m-%d}"
        click.echo(f"Would enter {kind} from {whose}, due {day}: {reason}")
        return
    desk.add(request, reason=reason)
    click.echo(
        f"Entered {request.public_id}, from {whose}, due {request.due_at:%Y-%m-%d}: {reason}"
    )


@requests.command("list")
@click.option("--all", "everything", is_flag=True, help="The closed ones, too.")
@addresses
@addresses_reason
@as_json
@answering
def list_(everything: bool, addresses: bool, reason: str | None, as_json: bool) -> None:
    """List open requests, the next one due first."""
    found = desk.listing(closed=everything)
    if addresses:
        note_addresses(reason, len(found))
    show((_row(request, with_address=addresses) for request in found), as_json)


@requests.command("show")
@click.argument("request_id")
@addresses
@addresses_reason
@as_json
@answering
def show_(request_id: str, addresses: bool, reason: str | None, as_json: bool) -> None:
    """Show one request with its note and what came of it."""
    request = desk.find(request_id)
    if addresses:
        note_addresses(reason, 1, desk.subject(request))
    more = {"note": request.note, "outcome": request.outcome, "entered": request.created_at}
    show_one({**_row(request, with_address=addresses), **more}, as_json)


@requests.command()
@click.argument("request_id")
@reason
@dry_run
@answering
def close(request_id: str, reason: str, dry_run: bool) -> None:
    """Close a request that was answered; the reason says what came of it."""
    request = desk.find(request_id)
    if dry_run:
        click.echo(f"Would close {request.public_id}, {request.kind.value}: {reason}")
        return
    desk.close(request, reason=reason)
    click.echo(f"Closed {request.public_id}: {reason}")


@requests.command()
@click.argument("request_id")
@reason
@dry_run
@answering
def extend(request_id: str, reason: str, dry_run: bool) -> None:
    """Take two more months, once; tell the person within the first 30 days, and why."""
    request = desk.find(request_id)
    if dry_run:
        click.echo(f"Would extend {request.public_id}, {request.kind.value}: {reason}")
        return
    due_at = desk.extend(request, reason=reason)
    click.echo(f"{request.public_id} is now due {due_at:%Y-%m-%d}: {reason}")


@requests.command()
@click.option(
    "--within",
    type=click.IntRange(0),
    default=desk.WARNED_DAYS,
    show_default=True,
    help="Days ahead that count, too.",
)
@as_json
@answering
def due(within: int, as_json: bool) -> None:
    """List what is overdue or due soon; exits with 1 when there is anything."""
    found = desk.due(within)
    show((_row(request, with_address=False) for request in found), as_json)
    if found:
        sys.exit(1)


def _row(request: RightsRequest, *, with_address: bool) -> dict[str, object]:
    left = desk.days_left(request)
    state = "closed" if request.closed_at else "overdue" if left < 0 else "open"
    return {
        "id": request.public_id,
        "account": request.account.public_id if request.account else "",
        **({"email": request.email} if with_address else {}),
        "kind": request.kind.value,
        "state": state,
        "received": f"{request.received_at:%Y-%m-%d}",
        "due": f"{request.due_at:%Y-%m-%d}",
        "days_left": left,
        "extended": "yes" if request.extended_at else "no",
    }
