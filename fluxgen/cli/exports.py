"""`flask accounts export` and `flask accounts import`: everything of an account, out and in."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import click

from fluxgen import accounts as accounts_
from fluxgen import adapters, clock, exports
from fluxgen.cli.answers import answering, dry_run, reason
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.exports.reading import Brought
from fluxgen.jobs import export_drill
from fluxgen.jobs import exports as jobs
from fluxgen.jobs import imports as import_jobs
from fluxgen.models import UNBUILT, Export, ExportStatus

CHUNK_BYTES = 4 * 1024 * 1024
PRIVATE = 0o600


@click.command()
@click.argument("email")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The ZIP to write; it must not exist yet.",
)
@reason
@dry_run
@answering
def export(email: str, target: Path, reason: str, dry_run: bool) -> None:
    """Write everything of an account into one ZIP."""
    account = accounts_.find_by_email(email)
    if target.exists():
        raise click.ClickException(f"{target} is there already. Choose another name.")
    if not target.parent.is_dir():
        raise click.ClickException(f"There is no folder {target.parent}.")
    if dry_run:
        count = exports.counted(account)
        click.echo(f"Would export account {account.id} with {count} generations to {target}")
        return
    row = exports.begin_for_operator(account, reason)
    try:
        row = _built(row)
        _fetched(row, target)
    finally:
        _forgotten(row)
    words = f"Exported account {account.id}: {row.done} generations, {row.size_bytes:,} bytes"
    click.echo(f"{words}, to {target}: {reason}")
    if row.missing:
        raise click.ClickException(
            f"{row.missing} pictures could not be read; each is named in it."
        )


def _built(row: Export) -> Export:
    """Take its steps here, one after the other."""
    with _progress("Packing", row.total) as told:
        while row.status in UNBUILT:
            jobs.build(row.id)
            row = Export.get_by_id(row.id)
            told(row.done)
            wait_s = (row.due_at - clock.now()).total_seconds()
            if row.status in UNBUILT and wait_s > 0:
                time.sleep(wait_s)
    if row.status is not ExportStatus.READY:
        raise click.ClickException("The export did not work: the log says why. Nothing is left.")
    return row


def _fetched(row: Export, target: Path) -> None:
    """Out of the store, whole or not at all, readable by its owner only."""
    draft = target.with_name(f".{target.name}.part")
    storage, key, start = adapters.current().storage, exports.zip_key(row), 0
    try:
        with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE), "wb") as file:
            while chunk := storage.read(key, start, CHUNK_BYTES):
                file.write(chunk)
                start += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # fails where somebody else wrote one meanwhile
    except (MayWorkLater, NeverWill, OSError) as trouble:
        raise click.ClickException(f"{target} could not be written: {trouble}") from None
    finally:
        draft.unlink(missing_ok=True)


def _forgotten(row: Export) -> None:
    """Nothing of it stays here; where the store is silent, the sweep does it in a day."""
    try:
        adapters.current().storage.clear(exports.prefix(row))
    except MayWorkLater:
        return
    exports.forget(row)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--into", help="Bring it into the account of this address, which exists.")
@reason
@dry_run
@answering
def import_(file: Path, into: str | None, reason: str, dry_run: bool) -> None:
    """Bring an export of another FluxGen in: pictures, words, favourites, collections, lineage.

    Without --into, an account is made that waits for whoever signs in with the export's address.
    No credits come along; statement and purchases are kept as a document.
    """
    with Brought.opened(file) as brought:
        planned = import_jobs.plan(brought, into)
        email = brought.document["account"]["email"]
        whereto = f"account {planned.account.id}" if planned.account else f"a new one for {email}"
        what = (
            f"{len(planned.generations)} generations with {len(planned.pictures)} pictures "
            f"into {whereto}"
        )
        left = f"{planned.already_here} were here already, {planned.not_ended} had not ended there"
        if dry_run:
            with _progress("Checking", len(planned.pictures)) as told:
                import_jobs.check(brought, planned, told)
            click.echo(f"Would bring {what}. {left}. Every picture is what was exported.")
            return
        try:
            with _progress("Bringing", len(planned.pictures)) as told:
                account, _ = import_jobs.bring_in(brought, planned, reason, told)
        except MayWorkLater as trouble:
            raise click.ClickException(
                f"The store does not answer ({trouble}). Run it again: it goes on where it was."
            ) from None
    click.echo(f"Brought {what} (account {account.id}): {reason}. {left}.")


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    bar_of = cast(Any, click.progressbar)  # its types leave open what is counted
    with bar_of(length=max(total, 1), label=label, file=sys.stderr) as bar:

        def told(done: int) -> None:
            bar.update(done - bar.pos)

        yield told


@click.command()
@click.argument("email")
@reason
@dry_run
@answering
def drill(email: str, reason: str, dry_run: bool) -> None:
    """Export an account to nowhere and check it: schema, files, statement. Done daily by itself."""
    account = accounts_.find_by_email(email)
    if dry_run:
        count = exports.counted(account)
        click.echo(f"Would export account {account.id} with {count} generations to nowhere")
        return
    try:
        wrong = export_drill.drill(account, reason)
    except MayWorkLater as trouble:
        raise click.ClickException(f"The store does not answer: {trouble}") from None
    for fault in wrong:
        click.echo(fault, err=True)
    if wrong:
        raise click.ClickException(f"The export of account {account.id} is not what it promises.")
    click.echo(f"The export of account {account.id} is whole; nothing of it was kept: {reason}")
