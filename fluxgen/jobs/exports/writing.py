"""One step's hand on an export: files into the ZIP, lines into what grows beside it."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from fluxgen import exports
from fluxgen.adapters.storage import Storage
from fluxgen.adapters.uploads_in_parts import PART_BYTES
from fluxgen.errors import NeverWill
from fluxgen.exports import packing
from fluxgen.exports.packing import Member
from fluxgen.jobs.exports.state import DIRECTORY, SPOOLS, State
from fluxgen.models import Export
from fluxgen.models.fields import public_id

CHUNK_BYTES = 1024 * 1024
LENGTH_BYTES = 8
BINARY = "application/octet-stream"


class Growing:
    """An object that is put in parts; what does not fill one yet lies at the front of `buffer`,
    a part long, which is never copied and never grows."""

    def __init__(
        self, store: Storage, key: str, upload: str, marks: list[str], buffer: memoryview
    ) -> None:
        self._store, self._key, self._upload = store, key, upload
        self.marks, self._buffer, self._filled = marks, buffer, 0

    def write(self, data: bytes) -> None:
        """Add bytes; a whole part leaves at once."""
        rest = memoryview(data)
        while rest:
            piece = rest[: PART_BYTES - self._filled]
            self._buffer[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)
            rest = rest[len(piece) :]
            if self._filled == PART_BYTES:
                self._put()

    def keep_tail(self, key: str) -> None:
        """Put what fills no part yet where it can be taken up again."""
        self._store.put(key, self._tail, BINARY)

    def take_tail(self, key: str) -> None:
        """Take it up again, piece by piece."""
        self._filled = 0
        while piece := self._store.read(key, self._filled, CHUNK_BYTES):
            self._buffer[self._filled : self._filled + len(piece)] = piece
            self._filled += len(piece)

    def complete(self) -> None:
        """Put the rest, and let the object appear. Raises `NeverWill` (upload)."""
        if self._filled:
            self._put()
        self._store.complete(self._key, self._upload, self.marks)

    @property
    def _tail(self) -> memoryview:
        return self._buffer[: self._filled]

    def _put(self) -> None:
        number = len(self.marks) + 1
        self.marks.append(self._store.add(self._key, self._upload, number, self._tail))
        self._filled = 0


class Writing:
    """What a step adds to an export. Nothing of it counts before `save` or `complete`."""

    def __init__(self, store: Storage, export: Export, state: State) -> None:
        self._store, self._export, self.state = store, export, state
        self._buffer = memoryview(mmap.mmap(-1, PART_BYTES))  # leaves no hole in the heap
        key = exports.zip_key(export)
        self._zip = Growing(store, key, state.upload, state.marks, self._buffer)
        self._fresh: dict[str, bytearray] = {name: bytearray() for name in SPOOLS}
        self.at = datetime.fromisoformat(state.made_at)

    @classmethod
    def begun(cls, store: Storage, export: Export, state: State) -> Writing:
        """A new export: whatever was there of it before goes first."""
        store.clear(exports.prefix(export))
        state.upload = store.begin(exports.zip_key(export), "application/zip", "fluxgen-export.zip")
        return cls(store, export, state)

    @classmethod
    def taken_up(cls, store: Storage, export: Export) -> Writing:
        """Where the last step ended. Raises `NeverWill` (missing)."""
        key = exports.work_key(export, str(export.state))
        work = store.get(key)
        length = int.from_bytes(work[-LENGTH_BYTES:], "big")
        writing = cls(store, export, State.loaded(work[-LENGTH_BYTES - length : -LENGTH_BYTES]))
        writing._zip.take_tail(f"{key}.tail")
        return writing

    def file(self, name: str, data: bytes, *, packed: bool = True) -> None:
        """A file that fits in memory; pictures are packed already."""
        if packed:
            member, data = packing.deflated(name, data, self.at)
        else:
            member = packing.stored(name, len(data), zlib.crc32(data), self.at)
        self.stream(member, [data])

    def stream(self, member: Member, chunks: Iterable[bytes]) -> None:
        """A file whose size and checksum are known, in pieces."""
        self.spool(DIRECTORY, packing.listed(member, self.state.size))
        self.state.files += 1
        self._write(packing.header(member))
        for chunk in chunks:
            self._write(chunk)

    def spool(self, name: str, data: bytes) -> None:
        """Bytes for one of the files that grow beside the ZIP."""
        spool = self.state.spools[name]
        spool.size += len(data)
        spool.crc = zlib.crc32(data, spool.crc)
        self._fresh[name] += data

    def spooled(self, name: str) -> Iterator[bytes]:
        """All of such a file, piece by piece."""
        for token, start, length in self.state.spools[name].pieces:
            key = exports.work_key(self._export, token)
            while length > 0:
                chunk = self._store.read(key, start, min(length, CHUNK_BYTES))
                if not chunk:
                    raise NeverWill("missing")
                yield chunk
                start, length = start + len(chunk), length - len(chunk)
        if self._fresh[name]:
            yield bytes(self._fresh[name])

    def spooled_file(self, name: str, filename: str) -> None:
        """Such a file, into the ZIP."""
        spool = self.state.spools[name]
        member = packing.stored(filename, spool.size, spool.crc, self.at)
        self.stream(member, self.spooled(name))

    def spooled_object(self, name: str, key: str, content_type: str, filename: str) -> None:
        """Such a file, as an object of its own. The ZIP lends its buffer for that."""
        aside = exports.work_key(self._export, f"{public_id()}.tail")
        self._zip.keep_tail(aside)
        upload = self._store.begin(key, content_type, filename)
        alone = Growing(self._store, key, upload, [], self._buffer)
        for chunk in self.spooled(name):
            alone.write(chunk)
        alone.complete()
        self._zip.take_tail(aside)

    def save(self) -> str:
        """Everything of this step, safe in the store; the name under which it is."""
        token = public_id()
        work = bytearray()
        for name, fresh in self._fresh.items():
            if fresh:
                self.state.spools[name].pieces.append((token, len(work), len(fresh)))
                work += fresh
        state = self.state.dumped()
        work += state + len(state).to_bytes(LENGTH_BYTES, "big")
        key = exports.work_key(self._export, token)
        self._zip.keep_tail(f"{key}.tail")
        self._store.put(key, work, BINARY)
        return token

    def complete(self) -> None:
        """Directory and ending; then the ZIP appears. Raises `NeverWill` (upload)."""
        offset = self.state.size
        for chunk in self.spooled(DIRECTORY):
            self._write(chunk)
        self._write(packing.ending(self.state.files, self.state.size - offset, offset))
        self._zip.complete()

    def _write(self, data: bytes) -> None:
        self.state.size += len(data)
        self._zip.write(data)
