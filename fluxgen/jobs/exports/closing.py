"""The end of an export: the last pages, the JSON and the statement, the directory."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from fluxgen import adapters, exports, looks
from fluxgen.errors import NeverWill
from fluxgen.jobs.exports import pages
from fluxgen.jobs.exports.state import JSON, RECORDS, STATEMENT
from fluxgen.jobs.exports.writing import Writing
from fluxgen.models import Account, Export

PURCHASES_MAX = 1000
STATEMENT_FILE = "statement/fluxgen-credits.csv"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finished:
    """What has come of it (bytes), and the name of exactly these bytes."""

    size_bytes: int
    json_size_bytes: int
    sha256: str


def close(writing: Writing, export: Export, account: Account) -> Finished:
    """Write all that is left; then the objects appear. Raises `NeverWill`, `MayWorkLater`."""
    pages.last(writing, account)
    _lists(writing, account)
    used = _looks(writing, account)
    _records_of_imports(writing, account)
    _json(writing, export, used)
    writing.spooled_file(STATEMENT, STATEMENT_FILE)
    for name in ("check.py", "README.txt", "schema-1.json"):
        target = f"statement/{name}" if name == "check.py" else name
        source = pages.DATA / ("check.txt" if name == "check.py" else name)
        writing.file(target, source.read_bytes())
    writing.complete()
    digest = hashlib.sha256("".join(writing.state.marks).encode()).hexdigest()
    return Finished(writing.state.size, writing.state.spools[JSON].size, digest)


def _lists(writing: Writing, account: Account) -> None:
    """The pages beside the pictures."""
    section = next(one for one in exports.sections() if one.name == "purchases")
    purchases, _ = exports.batch(section, account, None, PURCHASES_MAX)
    months = [
        (month, pages.page_name(first), count) for month, first, count in writing.state.months
    ]
    tables = Markup(b"".join(writing.spooled(RECORDS)).decode())  # our own template's
    given: dict[str, dict[str, Any]] = {
        "export/months.html": {"months": months},
        "export/purchases.html": {"purchases": purchases},
        "export/records.html": {"tables": tables, "account": exports.person(account)},
    }
    for template, values in given.items():
        name = template.removeprefix("export/").removesuffix(".html")
        text = pages.rendered(template, root="../", here=name, **values)
        writing.file(f"archive/{name}.html", text.encode())


def _looks(writing: Writing, account: Account) -> list[dict[str, Any]]:
    """The versions of Looks that were used, as their files; one that we have no more is named."""
    used = []
    for slug, version in exports.looks_used(account.id):
        data = looks.source(slug, version)
        name = f"looks/{slug}-{version}.toml"
        if data is not None:
            writing.file(name, data)
        used.append(
            {
                "slug": slug,
                "version": version,
                "file": name if data is not None else None,
                "sha256": hashlib.sha256(data).hexdigest() if data is not None else None,
            }
        )
    return used


def _records_of_imports(writing: Writing, account: Account) -> None:
    """What came with earlier imports, as it came."""
    for row in exports.imports_of(account):
        try:
            data = adapters.current().storage.get(exports.records_key(row))
        except NeverWill:
            log.error("records of an import are missing", extra={"job": "build"})
            continue
        writing.file(f"imports/{row.public_id}.json", data)


def _json(writing: Writing, export: Export, used: list[dict[str, Any]]) -> None:
    """The JSON's end; then the whole of it, into the ZIP and beside it."""
    end = {"looks": used, "missing_pictures": writing.state.missing}
    text = json.dumps(end, ensure_ascii=False, indent=1)
    writing.spool(JSON, f",{text[1:]}\n".encode())
    writing.spooled_file(JSON, "fluxgen.json")
    writing.spooled_object(JSON, exports.json_key(export), "application/json", "fluxgen.json")
