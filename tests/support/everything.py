"""Somebody who has everything that a person can have here, and every value that tells of them.

The values are not a list by hand: they are read from the rows that belong to the person, so that a
new table or column is looked for without a word about it here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxgen import (
    accounts,
    adapters,
    archive,
    audit,
    clock,
    db,
    desk,
    exports,
    housekeeping,
    outbox,
    privacy,
    rights,
    settings,
)
from fluxgen.generations import Filled
from fluxgen.jobs.exports import build
from fluxgen.jobs.generations import advance
from fluxgen.models import (
    UNBUILT,
    Account,
    AuditRow,
    Cause,
    Erasure,
    Export,
    Generation,
    Image,
    Import,
    Model,
    Refusal,
    RequestKind,
    RightsRequest,
    Scope,
    Session,
    Status,
)
from fluxgen.privacy.ownership import folders, owned, rows_of
from fluxgen.sandbox import Sandbox
from tests.support import cast, life
from tests.support.buying import bought, spend, taken
from tests.support.drawing import drawn
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers, pass_time

LENGTH_MIN = 8
"""Shorter values are not unlike others."""
WINDOW = 24
"""Bytes out of the middle of a stored file: no other file has these."""


@dataclass(frozen=True)
class Somebody:
    """The account, and the words that are in everything it wrote."""

    account: Account
    word: str


def somebody(
    visit: Visit, workers: Workers, sandbox: Sandbox, name: str, *, pictures: int, rows: int
) -> Somebody:
    """A person with pictures, purchases, a refund, favourites, sessions and all the rest."""
    word = f"{name}{secrets.token_hex(6)}"
    account = cast.join(word)
    accounts.keep_portrait(account, drawn("WEBP") + word.encode())
    client = visit(account)
    purchase = bought(sandbox, account)
    for number in range(pictures):
        generation = make(client, workers, prompt=f"{word}picture{number} in snow")
        archive.mark(generation)
    sign = Filled("small-sign", 1, {"thing": "bell", "line": f"{word[:10]}"})
    life.failed(account, prompt=f"{word}failed")
    for number in range(rows):
        life.done(account, prompt=f"{word}row{number} at dusk")
        pass_time(2)
    life.done(account, look=sign)
    _with_a_reference(account, word)
    spend(account, 300)
    taken(purchase, purchase.amount_minor // 4)
    _signed_in_with_a_draft(account, word)
    _arranged(account, word)
    Refusal.create(account=account, rule="minors")
    _written_to(account, word)
    _exported_and_imported(account, word)
    return Somebody(Account.get_by_id(account.id), word)


def under_way(visit: Visit, person: Somebody) -> None:
    """Something of theirs is at the provider, and not looked at again for long."""
    generation = ask(visit(person.account), prompt=f"{person.word}under way [slow]")
    advance(generation.id)
    later = {"due_at": clock.after(10 * 24 * 3600)}
    Generation.update(**later).where(Generation.id == generation.id).execute()


def _arranged(account: Account, word: str) -> None:
    """Pictures in a collection, one described, one deleted; a name of their own."""
    mine = Generation.select().where(Generation.account == account).order_by(Generation.id)
    generation = mine.where(Generation.status == Status.DONE).first()
    archive.collections.put_in(
        archive.collections.create(account, f"{word}harbour"), [generation.public_id]
    )
    image = Image.select().where(Image.generation == generation).first()
    archive.describe(image, f"{word} seen from above")
    two = life.done(account, prompt=f"{word}two", count=2)
    gone = Image.select().where(Image.generation == two).first()
    archive.describe(gone, f"{word} without a face")
    archive.delete_picture(Image.get_by_id(gone.id))
    rights.rectify(account, f"{word} Lovelace")
    rights.object_to(account)


def _written_to(account: Account, word: str) -> None:
    """Deeds and requests on record, and a mail of each kind, sent and waiting."""
    with db.transaction():
        audit.record("view", subject=account.public_id, reason=f"{word}reason", facts={"n": word})
    now = clock.now()
    for email, kind in ((account.email.upper(), "erasure"), (account.email, "access")):
        asked = desk.draft(email, RequestKind(kind), now, note=f"{word}note")
        desk.add(asked, reason=f"{word}letter")
    desk.close(asked, reason=f"{word}outcome")
    RightsRequest.create(
        email=account.email, kind=RequestKind.COMPLAINT, note=word, received_at=now, due_at=now
    )
    rights.restrict(account)
    rights.unrestrict(account)
    privacy.cancel(
        privacy.plan(account, Scope.ARCHIVE, Cause.PERSON, clock.after(9_000), reason=word)
    )
    facts = {"is_begun": True, "marker": f"{word}restricted"}
    outbox.queue("restriction", account, key=f"restriction:{word}", facts=facts)
    news = {
        "policies": ["terms"],
        "changes": [],
        "day": "2026-11-27",
        "slug": f"{word}slug",
        "is_coming": False,
    }
    outbox.queue("policy", account, key=f"policy:{word}", facts=news)


def _exported_and_imported(account: Account, word: str) -> None:
    """An export that can be fetched, one that is being packed, and what came with an import."""
    export = exports.begin(account)
    while Export.get_by_id(export.id).status in UNBUILT:
        build(export.id)
    store = adapters.current().storage
    unfinished = exports.begin(account)
    upload = store.begin(exports.zip_key(unfinished), "application/zip", "x.zip")
    store.add(exports.zip_key(unfinished), upload, 1, word.encode() * 9)
    Export.update(due_at=clock.after(10 * 24 * 3600)).where(Export.id == unfinished.id).execute()
    told = {"sha256": secrets.token_hex(32), "exported_at": clock.now(), "records_bytes": 99}
    brought = Import.create(account=account, origin=f"https://{word}.test", **told)
    store.put(exports.records_key(brought), f"{word}records".encode() * 9, "application/json")


def _with_a_reference(account: Account, word: str) -> None:
    """An ended generation whose reference the provider still has."""
    file = adapters.current().reference_files.upload(drawn("JPEG") + word.encode(), "image/jpeg")
    generation = life.done(account, prompt=f"{word}reference")
    Generation.update(reference_file=file.id, reference_url=file.url).where(
        Generation.id == generation.id
    ).execute()


def _signed_in_with_a_draft(account: Account, word: str) -> None:
    cast_row = Session.select().where(Session.account == account).first()
    kept = {"form": {"prompt": f"{word}draft"}, "kept_at": 4_000_000_000}
    Session.update(data={housekeeping.DRAFT: kept}).where(Session.id == cast_row.id).execute()
    _half_signed_in(account)


def _half_signed_in(account: Account) -> None:
    """In another browser they had come back from Google before they signed up in this one."""
    waits = {"identity": account.identity, "email": account.email, "name": account.name}
    Session.create(
        token_hash=secrets.token_hex(32),
        data={"newcomer": {**waits, "picture_url": ""}},
        created_at=clock.now(),
        expires_at=clock.after(10 * 24 * 3600),
    )


def values(account: Account) -> set[bytes]:
    """Every string in the rows of this person that go, in the account, and in the audit."""
    imagined = Erasure(account=account, scope=Scope.ACCOUNT, begins_at=4_000_000_000_000_000)
    found: set[bytes] = set()
    for one in owned().values():
        if one.goes:
            found |= set(_strings(one.table, rows_of(one, imagined)))
    found |= set(_strings(Account, Account.id == account.id))
    found |= set(_strings(AuditRow, AuditRow.subject == account.public_id, "reason", "facts"))
    return found - set(allowed(account))


def allowed(account: Account) -> Iterator[bytes]:
    """What stays: every value in the rows of payments, and in erasures that are over."""
    imagined = Erasure(account=account, scope=Scope.ACCOUNT)
    for one in owned().values():
        if not one.goes:
            yield from _strings(one.table, rows_of(one, imagined))
    yield from _strings(Erasure, Erasure.account.is_null())


def _strings(table: type[Model], which: Any, *only: str) -> Iterator[bytes]:
    names = only or tuple(field.name for field in table._meta.sorted_fields)
    for row in table.select().where(which):
        for name in names:
            yield from _texts(row.__data__[name])


def _texts(value: Any) -> Iterator[bytes]:
    """The strings in a value, those in JSON among them."""
    if isinstance(value, str) and len(value) >= LENGTH_MIN:
        yield value.encode()
    elif isinstance(value, bytes | memoryview):
        yield bytes(value)[-24:]
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def stored_bytes(account: Account) -> set[bytes]:
    """A piece of each file that is stored for this person."""
    return {data[len(data) // 2 :][:WINDOW] for data in stored(account)}


def stored(account: Account) -> list[bytes]:
    """Every file that is stored for this person."""
    imagined = Erasure(account=account, scope=Scope.ACCOUNT, begins_at=clock.now())
    root: Path = settings.current().instance_dir / "storage"
    below = [root / folder for _, folder in folders(imagined)]
    return [path.read_bytes() for one in below for path in one.rglob("*") if path.is_file()]


def jobs_of(account: Account) -> set[bytes]:
    """How Redis names jobs about this person's rows."""
    ids = [row.id for row in Generation.select().where(Generation.account == account)]
    return {f"{word}-{id_}-".encode() for id_ in ids for word in ("advance", "purge")}
