"""Our own texts: Markdown files with front matter, read once and never changed at run time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter

from fluxgen.errors import Misconfigured

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Document:
    """One text: its file's name, what stands in its front matter, and the Markdown below."""

    name: str
    facts: dict[str, Any]
    markdown: str
    sha256: str

    def fact(self, name: str) -> str:
        """A line of the front matter that has to be there. Raises `Misconfigured`."""
        value = self.facts.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Misconfigured(f"{self.name}.md has no {name} in its front matter")
        return value.strip()


def read(folder: str) -> list[Document]:
    """Every text of a folder of `data/`, by name. Raises `Misconfigured`."""
    return [_read(path) for path in sorted((DATA / folder).glob("*.md"))]


def _read(path: Path) -> Document:
    written = path.read_bytes()
    try:
        parsed = frontmatter.loads(written.decode())
    except ValueError as wrong:
        raise Misconfigured(f"{path.name} cannot be read") from wrong
    sha256 = hashlib.sha256(written).hexdigest()
    return Document(path.stem, dict(parsed.metadata), str(parsed.content), sha256)
