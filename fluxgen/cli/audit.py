"""`flask audit`: what was done, by whom and why, and whether the record is whole."""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import asdict
from datetime import datetime

import click

from fluxgen import accounts
from fluxgen import audit as audit_
from fluxgen.cli.answers import answering, as_json, progress, show, since, utc
from fluxgen.errors import Refused
from fluxgen.models import AuditRow


@click.group()
def audit() -> None:
    """The audit: every deed of operators, people and timers, chained by hash."""


@audit.command("list")
@click.argument("email", required=False)
@click.option("--action", help="Only actions that begin so, as accounts or generations.open.")
@since
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="How many at most.",
)
@as_json
@answering
def list_(
    email: str | None, action: str | None, since: datetime | None, limit: int, as_json: bool
) -> None:
    """List deeds, newest first: of everybody, or about one account (EMAIL or reference)."""
    subject = accounts.find_by_email(email).public_id if email else None
    found = audit_.rows(subject=subject, action=action, since=utc(since), limit=limit)
    show(map(_row, found), as_json)


@audit.command()
@click.option("--head", "text", help="A head that was printed or logged before, to be passed.")
@as_json
@answering
def verify(text: str | None, as_json: bool) -> None:
    """Follow the chain and print its head; exits with 1 where a row was changed or is missing.

    Keep the head elsewhere: with --head, a chain that was cut off and mended is found, too.
    """
    earlier = _head(text) if text else None
    head = audit_.head()
    watch = functools.partial(progress, length=head.number, label="Following")
    broken = audit_.verify(earlier, watch)
    if as_json:
        found = {"head": str(head), "broken": [asdict(each) for each in broken]}
        click.echo(json.dumps(found, indent=2))
    elif broken:
        show(map(asdict, broken), as_json=False)
    else:
        click.echo(f"The chain holds: {head.number} rows. Head:\n{head}")
    if broken:
        sys.exit(1)


def _head(text: str) -> audit_.Head:
    try:
        return audit_.parse_head(text)
    except Refused as wrong:
        raise click.BadParameter(wrong.words, param_hint="--head") from None


def _row(row: AuditRow) -> dict[str, object]:
    return {
        "number": row.number,
        "at": row.created_at,
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject or "",
        "reason": "(erased)" if row.reason is None else row.reason,
        "facts": row.facts or "",
    }
