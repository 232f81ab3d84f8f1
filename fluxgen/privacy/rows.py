"""Taking rows and the person out of the database. Whatever is done already is done again in vain."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from peewee import CharField, Field, ForeignKeyField, TextField, fn
from playhouse.fields import EnumField

from fluxgen import audit, clock, generations
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.models import (
    UNFINISHED,
    Account,
    Erasure,
    Generation,
    Model,
    RightsRequest,
    Scope,
    Session,
    Standing,
)
from fluxgen.models.datamap import Erase
from fluxgen.models.fields import EPOCH, UtcField
from fluxgen.privacy import books
from fluxgen.privacy.ownership import Owned, meant, owned, rows_of
from fluxgen.privacy.remembering import remember

BATCH = 500
REFERENCES_MAX = 100


def generation_ids(erasure: Erasure, *, unfinished: bool = False) -> list[int]:
    """The generations that it takes, or those of them that have not ended."""
    which = rows_of(owned()[Generation], erasure)
    if unfinished:
        which &= Generation.status.in_(UNFINISHED)
    return [row.id for row in Generation.select(Generation.id).where(which)]


def close(erasure: Erasure) -> int:
    """Let nothing new begin in an account that goes, and note that all under way is to stop; how
    many sessions ended, sign-ins included that somebody left half-way before there was an account."""
    account = Account.get_by_id(erasure.account_id)
    with transaction():
        Account.update(standing=Standing.SUSPENDED).where(Account.id == account.id).execute()
        half_way = Session.data["newcomer"]["identity"] == account.identity
        sessions = Session.delete().where((Session.account == account) | half_way).execute()
        generations.stop_all(account)
    return int(sessions)


def stop_archive(erasure: Erasure) -> None:
    """Note that everything of the archive that is under way is to stop."""
    now = clock.now()
    which = Generation.id.in_(generation_ids(erasure, unfinished=True))
    Generation.update(cancel_requested_at=now, due_at=now).where(
        which & Generation.cancel_requested_at.is_null()
    ).execute()


def with_references(erasure: Erasure) -> list[Generation]:
    """Its generations of whose reference image the provider may still have the file."""
    which = rows_of(owned()[Generation], erasure) & Generation.reference_file.is_null(False)
    return list(Generation.select().where(which).limit(REFERENCES_MAX))


def delete_rows(erasure: Erasure, go_on: Callable[[], None]) -> None:
    """Delete what it takes, table by table, calling `go_on` after each batch."""
    for one in meant(erasure):
        while _delete_some(one, erasure):
            go_on()


def _delete_some(one: Owned, erasure: Erasure) -> int:
    """A batch. What is unfinished stays: something is held for it, and it is asked about."""
    which = rows_of(one, erasure)
    if one.table is Generation:
        which &= Generation.status.not_in(UNFINISHED)
    with transaction():
        ids = [row.id for row in one.table.select(one.table.id).where(which).limit(BATCH)]
        if one.table is Generation:
            index.remove(ids)
        return int(one.table.delete().where(one.table.id.in_(ids)).execute()) if ids else 0


def left(erasure: Erasure) -> dict[str, int]:
    """How many rows are there that should be gone, by table; empty in the end."""
    counts = {
        one.table._meta.table_name: one.table.select().where(rows_of(one, erasure)).count()
        for one in meant(erasure)
    }
    return {name: count for name, count in counts.items() if count}


def unname(erasure: Erasure) -> None:
    """Take the person out of their account: what is left holds the books together, or nothing is.

    The same transaction remembers them as a keyed hash, and where the last word is to be sent.
    """
    with transaction():
        account = Account.get_or_none(Account.id == erasure.account_id)
        if account is None or account.erased_at is not None:  # done before
            return
        if erasure.scope is Scope.ARCHIVE:
            remember(account, erasure.scope, erasure.up_to or erasure.begins_at)
            return
        remember(account, erasure.scope, clock.now())
        audit.forget(account.public_id)
        _forget_letters_from(account.email)
        Erasure.update(last_mail_to=account.email).where(Erasure.id == erasure.id).execute()
        erased = {field.name: _blank(field) for field in _personal(Account)}
        erased |= {"standing": Standing.SUSPENDED, "erased_at": erasure.begins_at}
        Account.update(**erased).where(Account.id == account.id).execute()
        books.forget_unpaid(account.id)


def _forget_letters_from(email: str) -> None:
    """Requests by mail that came before there was an account, and hang on none; and what the
    audit says of them."""
    same = fn.LOWER(RightsRequest.email) == email.lower()
    letters = RightsRequest.account.is_null() & same
    for letter in list(RightsRequest.select().where(letters)):
        audit.forget(letter.public_id)
    RightsRequest.delete().where(letters).execute()


def _personal(table: type[Model]) -> list[Field]:
    return [
        field
        for field in table._meta.sorted_fields
        if field.fact.erase is not Erase.KEEP and not field.primary_key
    ]


def _blank(field: Field) -> Any:
    """What says nothing: a random token where the column must be unique, else nothing at all."""
    if field.unique:
        return secrets.token_hex(64)[: getattr(field, "max_length", 64)]
    if field.null:
        return None
    if isinstance(field, EnumField):
        return field.default
    if isinstance(field, UtcField):
        return EPOCH
    if isinstance(field, ForeignKeyField):
        raise TypeError(f"{field.name}: an account cannot hang on somebody else")
    if isinstance(field, CharField | TextField):
        return ""
    return field.default() if callable(field.default) else (field.default or 0)
