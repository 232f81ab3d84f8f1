"""The export drill: once a day a sample account is exported to nowhere, and what came is checked."""

from __future__ import annotations

import io
import logging
import random
import zipfile
from datetime import timedelta
from typing import IO

from fluxgen import adapters, clock, exports, measurements
from fluxgen.adapters.storage import Storage
from fluxgen.errors import MayWorkLater, Refused
from fluxgen.exports import verifying
from fluxgen.exports.reading import Brought
from fluxgen.jobs import imports
from fluxgen.jobs.exports import build
from fluxgen.models import UNBUILT, Account, Export, ExportStatus

EVERY = timedelta(hours=20)
SAMPLE_MAX = 100
"""Generations of an account that is taken as a sample, so that a drill takes seconds."""
STEPS_MAX = 500
REASON = "The daily check that exports are whole. Nothing of it was kept or looked at."

log = logging.getLogger(__name__)


class StoredFile(io.RawIOBase):
    """An object of the store, to be read from any place on."""

    def __init__(self, store: Storage, key: str) -> None:
        self._store, self._key = store, key
        self._size, self._at = store.size(key), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}
        self._at = max(0, begins[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._store.read(self._key, self._at, len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def daily() -> None:
    """Drill with an account chosen by chance, unless that was done today, and note what it came to:
    where no account can be taken, that nothing was there to look at."""
    last = measurements.latest().get("export_drill")
    if last is not None and clock.now() - last.measured_at < EVERY:
        return
    sample = exports.samples(SAMPLE_MAX)
    if not sample:
        if last is None or last.value in {
            "0",
            measurements.NOTHING,
        }:  # a fault stands until it ages
            measurements.note("export_drill", measurements.NOTHING)
        return
    wrong = drill(random.choice(sample), REASON)  # no secret
    measurements.note("export_drill", len(wrong))
    if wrong:
        log.error("export drill", extra={"count": len(wrong), "reason": wrong[0]})


def drill(account: Account, reason: str) -> list[str]:
    """Export an account to nowhere; what is wrong with it."""
    export = exports.begin_for_operator(account, reason)
    try:
        for _ in range(STEPS_MAX):
            build(export.id)
            export = Export.get_by_id(export.id)
            if export.status not in UNBUILT or export.due_at > clock.now():
                break
        if export.status is not ExportStatus.READY:
            return ["not finished"]
        store = adapters.current().storage
        file = io.BufferedReader(StoredFile(store, exports.zip_key(export)), 65536)
        return verifying.faults(file) or _rehearsed(file, account)
    finally:
        _forget(export)


def _rehearsed(file: IO[bytes], account: Account) -> list[str]:
    """Whether another house would take it; its words of refusal may repeat the person's."""
    try:
        with Brought.of(zipfile.ZipFile(file)) as brought:
            return imports.rehearse(brought, account)
    except Refused:
        return ["an import refuses it"]


def _forget(export: Export) -> None:
    try:
        adapters.current().storage.clear(exports.prefix(export))
    except MayWorkLater:  # the sweep does it in a day
        return
    exports.forget(export)
