"""How far an export is written, between two steps: kept in the store, named by its row.

The row is changed only after all of a step is in the store, so a step that dies begins again
from the state before it, writes the same parts again, and leaves nothing twice.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

JSON, STATEMENT, RECORDS, DIRECTORY = "json", "statement", "records", "directory"
SPOOLS = (JSON, STATEMENT, RECORDS, DIRECTORY)


@dataclass
class Spool:
    """Bytes that grow beside the ZIP: in pieces of the work objects, joined in the end."""

    size: int = 0
    crc: int = 0
    pieces: list[tuple[str, int, int]] = field(default_factory=list)
    """(work object, where it begins there, length)."""


@dataclass
class State:
    """What is written, and where to go on."""

    made_at: str
    top: int
    """The highest number that belongs in it."""
    section: str | None = ""
    """The list that is being written; nothing is "", None when all are."""
    cursor: int | None = None
    is_begun: bool = False
    upload: str = ""
    marks: list[str] = field(default_factory=list)
    size: int = 0
    files: int = 0
    spools: dict[str, Spool] = field(default_factory=lambda: {name: Spool() for name in SPOOLS})
    figures: list[dict[str, Any]] = field(default_factory=list)
    page: int = 1
    months: list[tuple[str, int, int]] = field(default_factory=list)
    """(month, its first page, pictures in it), newest first."""
    statement_pages: int = 0
    done: int = 0
    missing: int = 0

    def dumped(self) -> bytes:
        """As it lies in the store."""
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def loaded(cls, data: bytes) -> State:
        """As it was."""
        facts = json.loads(data)
        facts["spools"] = {name: Spool(**spool) for name, spool in facts["spools"].items()}
        return cls(**facts)
