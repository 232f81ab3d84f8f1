"""Bytes of pictures that are there, by keys that were read a while ago.

Deleting one picture of several puts all of them under new keys (`jobs.archive.put_away`). Whoever
reads on with the old ones, a ZIP or an export, finds them there.
"""

from __future__ import annotations

from collections.abc import Callable

from fluxgen import adapters, archive, db
from fluxgen.errors import NeverWill


def whole(key: str) -> bytes:
    """All of it. Raises `NeverWill` (missing), `MayWorkLater`."""
    return _there(key, adapters.current().storage.get)


def piece(key: str, start: int, length: int) -> bytes:
    """Some of it. Raises `NeverWill` (missing), `MayWorkLater`."""
    storage = adapters.current().storage
    return _there(key, lambda key: storage.read(key, start, length))


def _there(key: str, read: Callable[[str], bytes]) -> bytes:
    try:
        return read(key)
    except NeverWill:
        with db.open_for_now():
            now = archive.moved(key)
        if now is None:
            raise
        return read(now)
