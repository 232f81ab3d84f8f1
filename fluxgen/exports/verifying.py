"""Whether a finished export is what it promises: its schema, its files, its chain of hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from fluxgen.exports.reading import BROKEN, DOCUMENT, validator

FIRST = "0" * 64
STATEMENT = "statement/fluxgen-credits.csv"
TEXTS = ("previous_hash", "kind", "key", "generation", "purchase", "reason")
NUMBERS = (
    *("available_delta", "held_delta", "owed_delta"),
    *("available_after", "held_after", "owed_after", "created_at_us"),
)
NAMED_MAX = 20
CHUNK_BYTES = 1024 * 1024


def faults(file: IO[bytes]) -> list[str]:
    """What is wrong with an export, in words without anything of the person; nothing if all is well."""
    try:
        with zipfile.ZipFile(file) as archive:
            if archive.testzip() is not None:
                return ["a file is broken"]
            found = list(_of_document(archive))
            return [*found, *_of_statement(archive)][:NAMED_MAX]
    except BROKEN:
        return ["not a whole ZIP"]
    except KeyError:
        return ["a file is missing"]


def _of_document(archive: zipfile.ZipFile) -> Iterator[str]:
    document: dict[str, Any] = json.loads(archive.read(DOCUMENT))
    for wrong in validator().iter_errors(document):
        yield f"schema: {'/'.join(map(str, wrong.absolute_path))}"
    for row in document.get("generations", []):
        for image in row["images"]:
            if image["missing"] is not None:
                yield f"picture {image['missing']}"
            elif _digest(archive, image["file"]) != image["sha256"]:
                yield "picture differs"
    for one in document.get("imports", []):
        if f"imports/{one['public_id']}.json" not in archive.namelist():
            yield "records of an import are missing"


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _of_statement(archive: zipfile.ZipFile) -> Iterator[str]:
    """As docs/statement.md explains it to the person."""
    previous = FIRST
    with archive.open(STATEMENT) as file:
        for row in csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline="")):
            facts = [*(row[name] for name in TEXTS), *(int(row[name]) for name in NUMBERS)]
            text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
            if row["previous_hash"] != previous:
                yield "statement: something is missing"
            if row["hash"] != hashlib.sha256(text.encode()).hexdigest():
                yield "statement: something was changed"
            previous = row["hash"]
