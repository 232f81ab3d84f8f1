"""What goes into an export, a batch at a time: rows, pictures, pages of the offline archive."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

from fluxgen import archive, credits, exports, settings
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.exports import Section, packing
from fluxgen.jobs import kept
from fluxgen.jobs.exports import pages
from fluxgen.jobs.exports.state import JSON, RECORDS, STATEMENT
from fluxgen.jobs.exports.writing import CHUNK_BYTES, Writing
from fluxgen.models import Account, Generation, Image

GENERATIONS_AT_A_TIME = 5
IN_MEMORY_MAX = 4 * 1024 * 1024
"""A larger picture is read twice, in pieces: to check it, and to write it."""
STATEMENT_PAGE = 1000
ROWS = 300


def add(writing: Writing, account: Account, *, patient: bool) -> None:
    """The next batch. Raises `MayWorkLater`; one that is not patient lists what cannot be read."""
    state = writing.state
    if state.section == "":
        _head(writing, account)
        state.section = exports.sections()[0].name
        return
    section = next(one for one in exports.sections() if one.name == state.section)
    cursor = state.cursor
    if not state.is_begun:
        writing.spool(JSON, f',\n"{section.name}": ['.encode())
    if section.name == exports.PICTURES:
        cursor = state.top if cursor is None else cursor
        rows, after = exports.batch(section, account, cursor, GENERATIONS_AT_A_TIME)
        _generations(writing, rows, account, patient=patient)
    elif section.name == exports.STATEMENT:
        rows, after = exports.batch(section, account, cursor, STATEMENT_PAGE)
        _statement(writing, rows, is_last=after is None)
    else:
        rows, after = exports.batch(section, account, cursor, ROWS)
        _rows(writing, section, rows)
    state.is_begun, state.cursor = True, after
    if after is None:
        writing.spool(JSON, b"\n]")
        _go_on_behind(writing, section)


def _go_on_behind(writing: Writing, section: Section) -> None:
    names = [one.name for one in exports.sections()]
    following = names[names.index(section.name) + 1 :]
    state = writing.state
    state.section = following[0] if following else None
    state.cursor, state.is_begun = None, False


def _head(writing: Writing, account: Account) -> None:
    head = {
        "format": exports.FORMAT,
        "version": exports.VERSION,
        "made_at": writing.state.made_at,
        "made_by": settings.current().origin,
        "account": exports.person(account),
    }
    writing.spool(JSON, json.dumps(head, ensure_ascii=False, indent=1)[:-2].encode())
    writing.spool(STATEMENT, credits.csv_line(credits.COLUMNS).encode())
    pages.furniture(writing)


def _listed(writing: Writing, rows: list[dict[str, Any]]) -> None:
    """Rows into the list that is being written, one a line."""
    for number, row in enumerate(rows):
        comma = "," if writing.state.is_begun or number else ""
        writing.spool(JSON, f"{comma}\n{json.dumps(row, ensure_ascii=False)}".encode())


def _rows(writing: Writing, section: Section, rows: list[Any]) -> None:
    listed = exports.plain(rows)
    _listed(writing, listed)
    for field in exports.blobs(section.table):
        for row in rows:
            if (data := row.__data__[field.name]) is not None:
                writing.file(exports.file_name(field, row), bytes(data), packed=False)
    if listed:
        heading = None if writing.state.is_begun else section.name
        writing.spool(RECORDS, pages.records(heading, listed).encode())


def _statement(writing: Writing, rows: list[Any], *, is_last: bool) -> None:
    _listed(writing, exports.plain(rows))
    for entry in rows:
        writing.spool(STATEMENT, credits.csv_line(credits.cells(entry)).encode())
    pages.statement(writing, rows, is_last=is_last)


def _generations(
    writing: Writing, rows: list[Generation], account: Account, *, patient: bool
) -> None:
    parts = exports.parts_of(rows)
    for generation, row in zip(rows, exports.plain(rows), strict=True):
        for name, inside in parts[generation.id].items():
            row[name] = exports.plain(inside)
        for image, listed in zip(parts[generation.id]["images"], row["images"], strict=True):
            listed |= _picture(writing, generation, image, patient=patient)
        _listed(writing, [row])
        writing.state.is_begun = True
        writing.state.done += 1
        if row["images"]:
            pages.add(writing, row)
    pages.turn(writing, account)


def _picture(
    writing: Writing, generation: Generation, image: Image, *, patient: bool
) -> dict[str, str | None]:
    """The original and a small version into the ZIP; or why it is missing."""
    try:
        name = _original(writing, generation, image)
    except NeverWill as gone:
        writing.state.missing += 1
        return {"file": None, "thumbnail": None, "missing": gone.reason}
    except MayWorkLater:
        if patient:
            raise
        writing.state.missing += 1
        return {"file": None, "thumbnail": None, "missing": "unreadable"}
    return {"file": name, "thumbnail": _thumbnail(writing, generation, image), "missing": None}


def _original(writing: Writing, generation: Generation, image: Image) -> str:
    """Raises `NeverWill` (missing, damaged) before anything of it is written."""
    key = archive.key(generation, image.position, "original")
    name = exports.picture_name(generation, image)
    if image.size_bytes <= IN_MEMORY_MAX:
        data = kept.whole(key)
        if hashlib.sha256(data).hexdigest() != image.sha256:
            raise NeverWill("damaged")
        writing.file(name, data, packed=False)
        return name
    digest, crc = hashlib.sha256(), 0
    for chunk in _chunks(key, image.size_bytes):
        digest.update(chunk)
        crc = zlib.crc32(chunk, crc)
    if digest.hexdigest() != image.sha256:
        raise NeverWill("damaged")
    member = packing.stored(name, image.size_bytes, crc, writing.at)
    writing.stream(member, _chunks(key, image.size_bytes))
    return name


def _chunks(key: str, size_bytes: int) -> Iterator[bytes]:
    for start in range(0, size_bytes, CHUNK_BYTES):
        length = min(CHUNK_BYTES, size_bytes - start)
        chunk = kept.piece(key, start, length)
        if len(chunk) != length:
            raise NeverWill("damaged")
        yield chunk


def _thumbnail(writing: Writing, generation: Generation, image: Image) -> str | None:
    """A page without it shows the original."""
    key = archive.key(generation, image.position, "640")
    try:
        data = kept.whole(key)
    except (NeverWill, MayWorkLater):
        return None
    name = exports.picture_name(generation, image, "thumbnails")
    writing.file(name, data, packed=False)
    return name
