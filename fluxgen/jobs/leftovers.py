"""Objects that no row names, and rows whose objects are missing: what is stored against the rows."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from fluxgen import adapters, archive, clock, exports, measurements
from fluxgen.adapters.storage import Stored
from fluxgen.archive import named
from fluxgen.errors import MayWorkLater
from fluxgen.models import Export, Import

UNNAMED: dict[str, Callable[[Sequence[str]], list[str]]] = {
    archive.PREFIX: named.unnamed,
    exports.PREFIX: partial(exports.unnamed, Export),
    exports.RECORDS: partial(exports.unnamed, Import),
}
"""For each prefix of the store, which of some keys no row names."""
SWEPT_AGE_S = 2 * 3600
"""Younger objects may be of something under way: storing takes 50 minutes at most."""
REMOVED_AGE_S = 24 * 3600
"""What an operator's command leaves alone."""
PAGES_MAX = 200
"""Pages of a listing that one sweep looks at; the next goes on from there."""

log = logging.getLogger(__name__)

_looked_at: dict[str, str] = {}
"""Where this process's sweep has come to, by prefix; it begins anywhere."""

Progress = Callable[[int], None]


@dataclass
class Findings:
    """What differs between the store and the rows."""

    objects: int = 0
    pictures: int = 0
    orphans: list[Stored] = field(default_factory=list)
    """Objects that no row names."""
    missing: list[str] = field(default_factory=list)
    """Keys that a row needs, with nothing under them."""

    def removable(self) -> list[Stored]:
        """Orphans that are older than anything under way."""
        return _older(self.orphans, REMOVED_AGE_S)


def compared(progress: Progress = lambda _: None) -> Findings:
    """Everything stored against every row, both ways. Raises `MayWorkLater`.

    The keys pass through a file of their own, not through memory.
    """
    findings = Findings()
    with closing(sqlite3.connect("")) as listed:
        listed.execute("CREATE TABLE listed (key TEXT PRIMARY KEY) WITHOUT ROWID")
        for prefix in UNNAMED:
            for page in _pages(prefix):
                rows = [(one.key,) for one in page]
                listed.executemany("INSERT OR IGNORE INTO listed VALUES (?)", rows)
                findings.objects += len(page)
                findings.orphans += _orphans(prefix, page)
                progress(findings.objects)
        last = 0
        while rows_ := named.needed(last):
            last = rows_[-1].id
            for row in rows_:
                findings.pictures += len(row.needed) // len(named.VARIANTS)
                if not row.is_moving:
                    findings.missing += _missing(listed, row.needed)
        absent = set(_missing(listed, _needed_beside()))
        findings.missing += sorted(absent & _needed_beside())  # unless its row went meanwhile
    return findings


def _needed_beside() -> frozenset[str]:
    return frozenset(exports.needed() | exports.needed_records())


def remove(orphans: Sequence[Stored]) -> int:
    """Remove those that still no row names; how many there were. Raises `MayWorkLater`."""
    gone = [
        key
        for prefix, unnamed in UNNAMED.items()
        for key in unnamed([one.key for one in orphans if one.key.startswith(prefix)])
    ]
    adapters.current().storage.delete(gone)
    return len(gone)


def sweep_leftovers() -> int:
    """What is due every hour: a part of the store is looked through, and what nobody names goes.

    Returns how many there were.
    """
    removed = 0
    try:
        for prefix in UNNAMED:
            for page in _part(prefix):
                removed += remove(_older(_orphans(prefix, page), SWEPT_AGE_S))
    except MayWorkLater as trouble:
        log.warning("store not looked through", extra={"reason": str(trouble)})
    else:
        measurements.note("orphans", removed)
    if removed:
        log.warning("leftovers removed", extra={"count": removed})
    return removed


def _part(prefix: str) -> Iterator[list[Stored]]:
    """The pages after those of the last time; from the beginning, where that was the end."""
    last = _looked_at.get(prefix, prefix + secrets.token_urlsafe(2))
    begun_at, is_round = last, False
    for _ in range(PAGES_MAX):
        page = adapters.current().storage.listed(prefix, last)
        if page:
            yield page
            last = page[-1].key
        elif is_round:
            break
        else:
            last, is_round = "", True
        _looked_at[prefix] = last
        if is_round and last >= begun_at:
            break


def _pages(prefix: str) -> Iterator[list[Stored]]:
    last = ""
    while page := adapters.current().storage.listed(prefix, last):
        yield page
        last = page[-1].key


def _orphans(prefix: str, page: Sequence[Stored]) -> list[Stored]:
    unnamed = set(UNNAMED[prefix]([one.key for one in page]))
    return [one for one in page if one.key in unnamed]


def _missing(listed: sqlite3.Connection, keys: frozenset[str]) -> list[str]:
    """Those not listed, and still not there: some may have been stored since."""
    question = "SELECT 1 FROM listed WHERE key = ?"
    absent = [key for key in sorted(keys) if not listed.execute(question, (key,)).fetchone()]
    return [key for key in absent if not _is_there(key)]


def _is_there(key: str) -> bool:
    return any(one.key == key for one in adapters.current().storage.listed(key))


def _older(objects: Sequence[Stored], age_s: float) -> list[Stored]:
    since = clock.now() - timedelta(seconds=age_s)
    return [one for one in objects if one.stored_at < since]
