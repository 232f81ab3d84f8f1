"""An export of another FluxGen, brought in: pictures into the store, then their rows.

A picture's objects follow from its name and each generation is entered whole, so an import that
was killed is begun again and goes on; brought in twice is once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fluxgen import adapters, archive, exports, pictures
from fluxgen.errors import NeverWill, Refused
from fluxgen.exports import arrivals, as_rows, imported
from fluxgen.exports.reading import NOT_ENDED, Brought
from fluxgen.jobs.storing import put_and_compare
from fluxgen.models import Account, Import
from fluxgen.pictures import Picture

JSON_TYPE = "application/json"


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    account: Account | None
    generations: list[dict[str, Any]]
    not_ended: int
    already_here: int

    @property
    def pictures(self) -> list[dict[str, Any]]:
        """The pictures that are in the file."""
        rows = self.generations
        return [image for row in rows for image in row["images"] if image["file"] is not None]


def plan(brought: Brought, into: str | None) -> Plan:
    """What there is to bring, and whereto. Raises `Refused`."""
    account = arrivals.chosen(brought, into)
    fresh = arrivals.to_bring(brought, account)
    listed = brought.document["generations"]
    not_ended = sum(row["status"] in NOT_ENDED for row in listed)
    return Plan(account, fresh, not_ended, len(listed) - not_ended - len(fresh))


def rehearse(brought: Brought, account: Account) -> list[str]:
    """Everything that an import into another house does with what is this account's here, but
    the writing; what goes wrong, without anything of the person. Raises `Refused`."""
    elsewhere = arrivals.fit_to_bring(brought)
    check(brought, Plan(None, elsewhere, 0, 0), lambda _: None)
    changed = sum(as_rows.changed_by_coming(account, row) for row in elsewhere)
    return ["rows come out otherwise"] * bool(changed)


def check(brought: Brought, planned: Plan, told: Callable[[int], None]) -> None:
    """Look at every picture without keeping any. Raises `Refused`."""
    for number, image in enumerate(planned.pictures, start=1):
        _picture(brought, image)
        told(number)


def bring_in(
    brought: Brought, planned: Plan, reason: str, told: Callable[[int], None]
) -> tuple[Account, Import]:
    """Bring all of it in. Raises `Refused`, `MayWorkLater`."""
    account = planned.account or arrivals.opened_for(brought)
    arrivals.begun(account, brought, count=len(planned.generations), reason=reason)
    done = 0
    for row in planned.generations:
        found = {}
        for image in row["images"]:
            if image["file"] is not None:
                found[image["public_id"]] = _kept(brought, row, image)
                done += 1
                told(done)
        arrivals.enter(account, row, found)
    kept = imported.noted(account, brought)
    kept.records_bytes = _records(brought, kept)
    _earlier(brought, account)
    portraits = brought.document["portraits"]
    portrait = _portrait(brought.file(portraits[0]["webp"])) if portraits else None
    arrivals.finish(
        account, brought, kept, portrait=portrait, count=len(planned.generations), reason=reason
    )
    return account, kept


def _picture(brought: Brought, image: dict[str, Any]) -> Picture:
    """By our own decoder. Raises `Refused`."""
    try:
        return pictures.decode(brought.picture(image))
    except NeverWill:
        raise Refused(f"{image['file']} is no picture that we can keep.", "file") from None


def _kept(brought: Brought, row: dict[str, Any], image: dict[str, Any]) -> Picture:
    picture = _picture(brought, image)
    original = archive.key_at(row["public_id"], None, image["position"], "original")
    put_and_compare(original, picture.data, pictures.CONTENT_TYPES[picture.format])
    for side, thumbnail in picture.thumbnails.items():
        key = archive.key_at(row["public_id"], None, image["position"], str(side))
        put_and_compare(key, thumbnail, pictures.CONTENT_TYPES["webp"])
    return picture


def _portrait(data: bytes) -> bytes | None:
    """Drawn anew, as any portrait."""
    try:
        return pictures.portrait(data)
    except NeverWill:
        return None


def _records(brought: Brought, row: Import) -> int:
    """Keep what becomes no rows here as a document; its size (bytes)."""
    kept = {
        name: value for name, value in brought.document.items() if name not in arrivals.KEPT_APART
    }
    data = json.dumps(kept, ensure_ascii=False, indent=1).encode()
    adapters.current().storage.put(exports.records_key(row), data, JSON_TYPE)
    return len(data)


def _earlier(brought: Brought, account: Account) -> None:
    """What had been brought in there before comes along."""
    for earlier in brought.document["imports"]:
        data = brought.records(f"imports/{earlier['public_id']}.json")
        row = imported.earlier(account, earlier, data)
        if row is not None and data is not None:
            adapters.current().storage.put(exports.records_key(row), data, JSON_TYPE)
            row.save(force_insert=True)
