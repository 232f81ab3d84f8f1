"""Pictures to take away: one with what its file is to say, or many in a ZIP.

A ZIP is made while it is read: one picture at a time is in memory, and its length is known
before. The first picture is fetched before, too, so that a store that does not answer can be said
in words. One that vanishes later breaks the transfer off; nobody keeps a ZIP that lacks a picture
without saying so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from zipstream import ZipStream

from fluxgen import archive, pictures
from fluxgen.archive import Kept
from fluxgen.errors import MayWorkLater
from fluxgen.jobs import kept
from fluxgen.models import Image


def copy(image: Image, recipe: Mapping[str, str] | None = None) -> bytes:
    """The picture's file with the AI mark, and this recipe where one is given.

    Raises `NeverWill` (missing), `MayWorkLater`.
    """
    key = archive.key(image.generation, image.position, "original")
    data = kept.whole(key)
    return data if image.is_marked and recipe is None else pictures.remarked(data, recipe)


def zipped(files: Sequence[Kept]) -> ZipStream:
    """A ZIP of these, one at least; `len` tells its bytes. Raises `NeverWill`, `MayWorkLater`.

    What was stored before files were marked is fetched first, to know how long it will be.
    """
    stream, first = ZipStream(sized=True), _fetched(files[0])
    stream.add(iter([first]), files[0].name, size=len(first))
    for file in files[1:]:
        size = file.size_bytes if file.is_marked else len(_fetched(file))
        stream.add(_once(file), file.name, size=size)
    return stream


def _once(file: Kept) -> Iterator[bytes]:
    yield _fetched(file)


def _fetched(file: Kept) -> bytes:
    """The picture's file, proved to be what was stored, and marked."""
    data = kept.whole(file.key)
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise MayWorkLater("what came back is not what was stored")
    return data if file.is_marked else pictures.remarked(data)
