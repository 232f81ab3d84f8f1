"""A shelf of Looks that a test may edit: a copy of our own data."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fluxgen.looks import library


class Shelf:
    """The copy, and what an editor does to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, slug: str, version: int = 1) -> Path:
        return self.folder / slug / f"{version}.toml"

    def edit(self, slug: str, old: str, new: str, version: int = 1) -> None:
        """Change words in a version's file."""
        path = self.path(slug, version)
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        self.reread()

    def revise(self, slug: str, old: str, new: str) -> None:
        """A second version with other words, live; the first one retires."""
        shutil.copy(self.path(slug), self.path(slug, 2))
        samples = self.folder / slug / "samples-1.toml"
        shutil.copy(samples, samples.with_name("samples-2.toml"))
        self.edit(slug, old, new, version=2)
        entry = f'["{slug}/2"]\nstatus = "live"\nsha256 = "{library.sha256(self.path(slug, 2))}"\n'
        register = self.folder / "versions.toml"
        head, tail = register.read_text().split(f'["{slug}/1"]\nstatus = "live"')
        register.write_text(f'{head}["{slug}/1"]\nstatus = "retired"{tail}\n{entry}')
        self.reread()

    @staticmethod
    def reread() -> None:
        """As the next start of the house would."""
        library.every.cache_clear()
        library.register.cache_clear()


@contextmanager
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """Our Looks in a folder of the test's own."""
    copy = Shelf(tmp_path / "looks")
    shutil.copytree(library.DATA, copy.folder)
    monkeypatch.setattr(library, "DATA", copy.folder)
    copy.reread()
    yield copy
    monkeypatch.undo()
    copy.reread()
