"""What was brought in from another FluxGen: an account that waits for its person, and its rows.

Credits are never brought: another operator does not owe them. The statement and the purchases
of there stay beside the import as a document (`records_key`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import DataError, IntegrityError, chunked

from fluxgen import accounts, archive, audit, catalogue, clock, looks
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.exports.as_rows import values
from fluxgen.exports.reading import NOT_ENDED, Brought
from fluxgen.generations import IMPORTED
from fluxgen.models import (
    Account,
    Collection,
    CollectionItem,
    Generation,
    Image,
    Import,
    Portrait,
)
from fluxgen.pictures import Picture

KEPT_APART = ("generations", "collections", "collection_items", "portraits", "looks")
"""What of the document becomes rows here; everything else stays a document."""
NOT_CHOSEN = {
    *("public_id", "email", "standing", "available", "held", "owed", "announcement_seen"),
}
"""Of an account's columns: its name, address and balance here, and what this house says of it."""
NO_COLOURS = "8" * 27
"""What is shown where a picture was missing already when it was exported."""
TOGETHER = 500


def chosen(brought: Brought, into: str | None) -> Account | None:
    """The account that an import would fill; None when it would make one. Raises `Refused`.

    A person is recognised by no identity, because that is hashed under each house's own key: the
    account waits for whoever signs in with this address, as Google verifies it.
    """
    if into is not None:
        return accounts.find_by_email(into)
    email = brought.document["account"]["email"]
    known = Import.get_or_none(Import.sha256 == brought.sha256)
    if known is not None:
        return Account.get_by_id(known.account_id)
    waiting = accounts.waiting_for(email)
    if waiting is None and accounts.with_email(email):
        raise Refused(
            f"{email} has an account here already. To bring this into it: --into {email}", "file"
        )
    return waiting


def opened_for(brought: Brought) -> Account:
    """The account that waits for the person of this document, made now if need be."""
    facts = brought.document["account"]
    return accounts.await_person(
        email=facts["email"],
        name=facts["name"],
        age_confirmed_at=datetime.fromisoformat(facts["age_confirmed_at"]),
        terms_accepted_at=datetime.fromisoformat(facts["terms_accepted_at"]),
        terms_version=facts["terms_version"],
        created_at=datetime.fromisoformat(facts["created_at"]),
    )


def begun(account: Account, brought: Brought, *, count: int, reason: str) -> None:
    """Write down that it begins: rows come one by one, and it may be killed among them."""
    facts: dict[str, object] = {"document": brought.sha256, "generations": count}
    with transaction():
        audit.record("account.import-begun", subject=account.public_id, reason=reason, facts=facts)


def to_bring(brought: Brought, account: Account | None) -> list[dict[str, Any]]:
    """The generations that are not here yet, oldest first. Raises `Refused`.

    What had not ended there has nothing to be brought. A name that is somebody else's here is a
    reason to bring nothing: names are unguessable, so this is no accident.
    """
    ended = fit_to_bring(brought)
    own = _here(Generation, [row["public_id"] for row in ended], account)
    _here(Image, [image["public_id"] for row in ended for image in row["images"]], account)
    fresh = [row for row in ended if row["public_id"] not in own]
    return sorted(fresh, key=lambda row: int(row["number"]))


def fit_to_bring(brought: Brought) -> list[dict[str, Any]]:
    """The generations that had ended, all of models that we know. Raises `Refused`."""
    ended = [row for row in brought.document["generations"] if row["status"] not in NOT_ENDED]
    for row in ended:
        _check_known(row)
    return ended


def _check_known(row: dict[str, Any]) -> None:
    model = catalogue.find(row["model"])
    if model is None or row["tier"] not in catalogue.load().tiers:
        raise Refused(
            f"▸{row['number']} was made with {row['model']} ({row['tier']}), which this FluxGen "
            "does not know. Update it first.",
            "file",
        )
    if row["look"] is not None and not looks.can_show(
        row["look"], row["look_version"], row["slots"]
    ):
        raise Refused(f"▸{row['number']} has answers that its Look never takes.", "file")


def _here(table: Any, names: Sequence[str], account: Account | None) -> set[str]:
    """Those of these names that are the account's already. Raises `Refused` (somebody else's)."""
    found: set[str] = set()
    for start in range(0, len(names), TOGETHER):
        some = names[start : start + TOGETHER]
        query = table.select(table, Generation.account).where(table.public_id.in_(some))
        if table is Image:
            query = query.join(Generation)
        for row in query:
            owner_id = row.generation.account_id if table is Image else row.account_id
            if account is None or owner_id != account.id:
                raise Refused(
                    "These pictures are in another account of this FluxGen. An export is brought "
                    "into another FluxGen, or back after everything was erased.",
                    "file",
                )
            found.add(row.public_id)
    return found


def enter(account: Account, row: dict[str, Any], pictures: dict[str, Picture]) -> None:
    """Write one generation with its pictures, all of it or nothing. Raises `Refused`."""
    try:
        with transaction():
            _enter(account, row, pictures)
    except (IntegrityError, DataError):
        raise Refused(f"▸{row['number']} does not fit together.", "file") from None


def _enter(account: Account, row: dict[str, Any], pictures: dict[str, Picture]) -> None:
    columns = values(Generation, row, account)
    number = _number(account, int(row["number"]), columns["created_at"])
    columns |= {"account": account, "nonce": f"{IMPORTED}{row['public_id']}", "number": number}
    generation = Generation.create(**columns, expected_s=0)
    for listed in row["images"]:
        facts = values(Image, listed, account)
        picture = pictures.get(listed["public_id"])
        if picture is None:
            facts["placeholder"] = NO_COLOURS
        else:
            facts |= {**picture.facts, "flaw": facts["flaw"]}
        Image.create(**facts, generation=generation)
    archive.enter(generation)


def _number(account: Account, number: int, created_at: datetime) -> int:
    """The number it had, or the account's next where that is not above all that there were: an
    account's ids and numbers rise together, which the archive relies on."""
    same = Account.id == account.id
    earlier = Account.generations_made < number
    is_higher = Account.update(generations_made=number).where(same & earlier).execute()
    if not is_higher:
        number_after = Account.generations_made + 1
        counted = Account.update(generations_made=number_after).where(same)
        number = next(iter(counted.returning(Account).execute())).generations_made
    newer = (Generation.account == account) & (Generation.created_at > created_at)
    if created_at > clock.now() or Generation.select().where(newer).exists():
        Account.update(dates_mixed=True).where(same).execute()
    return number


def enter_collections(account: Account, document: dict[str, Any]) -> None:
    """Collections and what is in them; one of the same name is filled. Raises `Refused`."""
    own: dict[str, Collection] = {}
    for row in document["collections"]:
        own[row["public_id"]] = _collection(account, row)
    inside: dict[str, list[dict[str, Any]]] = {}
    for item in document["collection_items"]:
        if item["generation"] and item["collection"] in own:
            inside.setdefault(item["generation"], []).append(item)
    for names in chunked(inside, TOGETHER):
        rows = archive.collections.held(account.id, names)
        for row in rows:
            for item in inside[row.public_id]:
                collection, added_at = own[item["collection"]], item["added_at"]
                CollectionItem.insert(
                    collection=collection,
                    generation=row,
                    added_at=datetime.fromisoformat(added_at),
                ).on_conflict_ignore().execute()
        archive.enter(*rows)


def _collection(account: Account, row: dict[str, Any]) -> Collection:
    known = {one.id for one in archive.collections.all_of(account)}
    collection = archive.collections.create(account, row["name"])
    taken = Collection.select().where(Collection.public_id == row["public_id"]).exists()
    if collection.id not in known and not taken:
        collection.public_id = row["public_id"]
        collection.created_at = datetime.fromisoformat(row["created_at"])
        collection.brought_at = clock.now()
        collection.save()
    return collection


def finish(
    account: Account,
    brought: Brought,
    row: Import,
    *,
    portrait: bytes | None,
    count: int,
    reason: str,
) -> None:
    """The rest, in one transaction: collections, portrait, the import's own row, the audit.
    Raises `Refused`."""
    try:
        with transaction():
            _enter_rest(account, brought.document, row, portrait)
            facts: dict[str, object] = {"import": row.public_id, "generations": count}
            audit.record("account.import", subject=account.public_id, reason=reason, facts=facts)
    except (IntegrityError, DataError):
        raise Refused("What is beside the pictures does not fit together.", "file") from None


def _enter_rest(
    account: Account, document: dict[str, Any], row: Import, portrait: bytes | None
) -> None:
    enter_collections(account, document)
    if portrait and not Portrait.select().where(Portrait.account == account).exists():
        Portrait.create(account=account, webp=portrait)
    _enter_choices(account, document["account"])
    if not Import.select().where(Import.public_id == row.public_id).exists():
        row.save(force_insert=True)


def _enter_choices(account: Account, facts: dict[str, Any]) -> None:
    """What the person has chosen, where the account still waits for them; else their own stands."""
    waiting = accounts.waiting_for(facts["email"])
    if waiting is None or waiting.id != account.id:
        return
    columns = values(Account, facts, account)
    chosen_there = {name: value for name, value in columns.items() if name not in NOT_CHOSEN}
    Account.update(**chosen_there).where(Account.id == account.id).execute()
