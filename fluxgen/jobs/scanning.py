"""A look for what must not be there: reference images, in rows, folders and the store."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from fluxgen import adapters, audit, db, generations, measurements, settings
from fluxgen.errors import MayWorkLater
from fluxgen.models.datamap import STORAGE_PREFIXES

FILES_MAX = 20_000
"""Files looked at in a folder, at most."""
LOST_MAX = 1000
"""Objects counted below prefixes that the map does not know."""
HEAD_BYTES = 12
MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")
"""How PNG, JPEG and WebP begin."""
AFTER_ALL = "\U0010ffff"

log = logging.getLogger(__name__)


def scan() -> None:
    """What is due every night: count what is found, for the promises page; more than none is an
    alarm in the log. The audit lets go of what has had its time."""
    audit.purge()
    try:
        found = references_left() + strange_objects() + pictures_in_folders()
    except MayWorkLater as trouble:
        log.warning("not scanned", extra={"job": "scan", "reason": str(trouble)})
        return
    measurements.note("references_found", found)
    if found:
        log.error("references found", extra={"job": "scan", "count": found})


def references_left() -> int:
    """Generations that ended an hour ago and still name a reference's file."""
    return generations.references_overdue()


def strange_objects() -> int:
    """What the store has below no prefix of the data map; of the others one question each."""
    storage = adapters.current().storage
    after, count = "", 0
    while count < LOST_MAX and (page := storage.listed("", after)):
        for one in page:
            known = next((prefix for prefix in STORAGE_PREFIXES if one.key.startswith(prefix)), "")
            after = known + AFTER_ALL if known else one.key
            count += not known
            if known:
                break
    return count


def pictures_in_folders() -> int:
    """Picture files of this user's in the folder for temporary files, and beside the database."""
    beside = settings.current().instance_dir
    temporary = Path(tempfile.gettempdir())
    return sum(map(_is_picture, _ours(temporary))) + sum(map(_is_picture, _files(beside)))


def _ours(folder: Path) -> Iterator[Path]:
    """What Python itself would call temporary files, of this user."""
    for path in _files(folder):
        if path.name.startswith(tempfile.gettempprefix()) and path.stat().st_uid == os.getuid():
            yield path


def _files(folder: Path) -> Iterator[Path]:
    """The plain files right in a folder, but not the database's; the store and the like are
    folders in it."""
    if folder.is_dir():
        with os.scandir(folder) as entries:
            plain = (Path(one) for one in entries if one.is_file(follow_symlinks=False))
            yield from islice((path for path in plain if not db.is_own_file(path)), FILES_MAX)


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES).startswith(MAGIC)
    except OSError:  # gone meanwhile, or not ours to read
        return False
