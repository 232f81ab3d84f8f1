"""Reading an export that somebody brings: nothing in it is believed before it is checked.

Nothing is unpacked to disk. Names are only looked up, never made into paths; sizes are limits
while reading, not promises; every picture is compared with its hash and looked at by our own
decoder before anything is written.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from jsonschema import Draft202012Validator

from fluxgen import clock
from fluxgen.errors import Refused
from fluxgen.exports.document import FORMAT, VERSION
from fluxgen.models import UNFINISHED, Status
from fluxgen.pictures import SIZE_MAX_BYTES

DOCUMENT = "fluxgen.json"
DOCUMENT_MAX_BYTES = 256 * 1024 * 1024
FILE_MAX_BYTES = 1024 * 1024
RECORDS_MAX_BYTES = 64 * 1024 * 1024
MEMBERS_MAX = 500_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,3}/?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
CHUNK_BYTES = 256 * 1024
NOT_ENDED = {status.value for status in UNFINISHED}
MOMENTS = ("created_at", "finished_at", "favourite_at")
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
SCHEMA = Path(__file__).parent.parent / "data" / "export" / "schema-1.json"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""Python's ways of saying that a ZIP is broken, or of a kind that it cannot read."""


def _refuse(words: str) -> NoReturn:
    raise Refused(words, "file")


@dataclass(frozen=True)
class Brought:
    """An export that has passed the checks of its outside; pictures are checked as they are read."""

    zip: zipfile.ZipFile
    document: dict[str, Any]
    sha256: str

    @classmethod
    def opened(cls, path: Path) -> Self:
        """Open and check one. Raises `Refused` at `file`."""
        try:
            found = zipfile.ZipFile(path)
        except FileNotFoundError:
            _refuse(f"There is no file {path}.")
        except BROKEN:
            _refuse("This is not a ZIP, or it is broken. Was the download complete?")
        return cls.of(found)

    @classmethod
    def of(cls, found: zipfile.ZipFile) -> Self:
        """Check one that is open. Raises `Refused` at `file`."""
        try:
            _check_members(found)
            data = _read(found, DOCUMENT, DOCUMENT_MAX_BYTES)
            document = _parsed(data)
            _check_document(document, set(found.namelist()))
        except BaseException:
            found.close()
            raise
        return cls(found, document, hashlib.sha256(data).hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.zip.close()

    def picture(self, image: dict[str, Any]) -> bytes:
        """The bytes of a picture, which are those that were exported. Raises `Refused`."""
        return self._checked(image["file"], image["sha256"], SIZE_MAX_BYTES)

    def file(self, facts: dict[str, Any]) -> bytes:
        """The bytes of another file. Raises `Refused`."""
        return self._checked(facts["file"], facts["sha256"], FILE_MAX_BYTES)

    def records(self, name: str) -> bytes | None:
        """A document that came with an earlier import."""
        if name not in self.zip.namelist():
            return None
        return _read(self.zip, name, RECORDS_MAX_BYTES)

    def _checked(self, name: str, sha256: str, most: int) -> bytes:
        data = _read(self.zip, name, most)
        if hashlib.sha256(data).hexdigest() != sha256:
            _refuse(f"{name} is not what was exported: its hash differs.")
        return data


def _check_members(found: zipfile.ZipFile) -> None:
    members = found.infolist()
    if len(members) > MEMBERS_MAX:
        _refuse(f"There are more than {MEMBERS_MAX:,} files in this ZIP.")
    names = Counter(member.filename for member in members)
    if twice := [name for name, count in names.items() if count > 1]:
        _refuse(f"{twice[0]!r} is in this ZIP more than once.")
    for member in members:
        if not NAME.fullmatch(member.filename):
            _refuse(f"{member.filename[:80]!r} is no name that an export gives to a file.")
        if stat.S_ISLNK(member.external_attr >> 16):
            _refuse(f"{member.filename!r} is a link. An export has none.")
        if member.flag_bits & ENCRYPTED or member.compress_type not in METHODS:
            _refuse(f"{member.filename!r} is packed in a way that an export never is.")
    if DOCUMENT not in names:
        _refuse(f"There is no {DOCUMENT} in it: this is no export of FluxGen.")


def _read(found: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A file of the ZIP, read to a limit whatever it says of its size. Raises `Refused`."""
    data = bytearray()
    try:
        with found.open(name) as file:
            while chunk := file.read(CHUNK_BYTES):
                data += chunk
                if len(data) > most:
                    _refuse(f"{name} is larger than an export's can be.")
    except KeyError:
        _refuse(f"{name} is named in the export and not there.")
    except BROKEN:
        _refuse(f"{name} cannot be read: the ZIP is broken there.")
    return bytes(data)


def _parsed(data: bytes) -> dict[str, Any]:
    """The document, by its schema. Raises `Refused`."""
    try:
        document = json.loads(data, parse_constant=_no_such_number)
    except (ValueError, RecursionError):
        _refuse(f"{DOCUMENT} is not JSON.")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        _refuse(f"{DOCUMENT} does not say that it is an export of FluxGen.")
    if document.get("version") != VERSION:
        _refuse(
            f"This export has version {document.get('version')!r}; "
            f"this FluxGen reads version {VERSION}. Update it first."
        )
    wrong = next(validator().iter_errors(document), None)  # the first says enough
    if wrong is not None:
        place = "/".join(str(part) for part in wrong.absolute_path) or "the whole"
        _refuse(f"{DOCUMENT} does not follow its schema at {place}: {wrong.message[:200]}")
    for value in _strings(document):
        if not _is_text(value):
            _refuse(f"{DOCUMENT} has characters that are no text.")
        if MOMENT.fullmatch(value) and not _is_moment(value):
            _refuse(f"{value} is no moment.")
    return document


@cache
def validator() -> Draft202012Validator:
    """Of the document, by its schema."""
    return Draft202012Validator(json.loads(SCHEMA.read_text()))


def _no_such_number(word: str) -> NoReturn:
    raise ValueError(word)


def _strings(value: Any) -> Iterator[str]:
    """Every string in a document, keys too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_text(value: str) -> bool:
    """Whether a database can keep it: no NUL, no half of a surrogate pair."""
    return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _check_document(document: dict[str, Any], names: set[str]) -> None:
    """What a schema cannot say: each thing once, and every file that is named is there."""
    generations = document["generations"]
    for column in ("public_id", "number"):
        _once(column, [row[column] for row in generations])
    images = [image for row in generations for image in row["images"]]
    _once("public_id", [image["public_id"] for image in images])
    for row in generations:
        _check_generation(row)
    for image in images:
        if (image["file"] is None) != (image["missing"] is not None):
            _refuse(f"It is unclear whether {image['public_id']} is missing.")
        if image["file"] is not None and image["file"] not in names:
            _refuse(f"{image['file']} is named in the export and not there.")


def _check_generation(row: dict[str, Any]) -> None:
    """What hangs together in one: with it the pages that show it can do without asking."""
    number, images = row["number"], row["images"]
    _once(f"position in {number}", [image["position"] for image in images])
    if any(image["position"] >= row["count"] for image in images):
        _refuse(f"▸{number} has a picture more than were asked for.")
    if row["status"] == Status.DONE and not images:
        _refuse(f"▸{number} is done and has no picture.")
    if row["status"] not in NOT_ENDED and row["finished_at"] is None:
        _refuse(f"▸{number} has ended, and it is not said when.")
    if row["look"] is not None and None in (row["look_version"], row["slots"]):
        _refuse(f"▸{number} names a Look without its version or its answers.")
    tomorrow = clock.after(24 * 3600)
    moments = [row[name] for name in MOMENTS if row[name] is not None]
    if any(not OLDEST < datetime.fromisoformat(moment) < tomorrow for moment in moments):
        _refuse(f"▸{number} was not made in our time.")


def _once(what: str, values: list[Any]) -> None:
    if twice := [value for value, count in Counter(values).items() if count > 1]:
        _refuse(f"The {what} {twice[0]!r} is in the export more than once.")
