"""Collects the words of pages and mails for translators: `make messages`.

It writes `fluxgen/translations/messages.pot`, brings each language's `messages.po` up to date
with it, and packs those into the `messages.mo` that pages read. `LANGUAGE=de` begins a new one.
What goes for the words, and what does not, is in `docs/translating.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import fluxgen

HOUSE = Path(fluxgen.__file__).parent
TRANSLATIONS = HOUSE / "translations"
METHODS = [
    ("sandbox/**", "ignore"),
    ("cli/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
    ("templates/**.xml", "jinja2"),
]
OPTIONS = {"templates/**": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "mapped": (3,), "Fact": (2,)}
"""The data map's facts have their purpose as third word, or second where no field is beside."""


def found() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every sentence with the file it is in."""
    options = {
        pattern: OPTIONS["templates/**"] for pattern, method in METHODS if method == "jinja2"
    }
    for name, _, message, _, _ in extract_from_dir(HOUSE, METHODS, options, keywords=KEYWORDS):
        yield name, message


def template() -> Catalog:
    """All sentences, as a catalogue without translations."""
    catalogue = Catalog(project="FluxGen", charset="utf-8")
    for name, message in found():
        catalogue.add(message, locations=[(f"fluxgen/{name}", 0)])
    return catalogue


def main(new_language: str = "") -> None:
    """Write the template, and renew every language from it."""
    wanted = template()
    TRANSLATIONS.mkdir(exist_ok=True)
    _write(wanted, TRANSLATIONS / "messages.pot")
    print(f"{len(wanted)} sentences in {TRANSLATIONS / 'messages.pot'}")
    names = {path.name for path in TRANSLATIONS.iterdir() if path.is_dir()} | {new_language} - {""}
    for name in sorted(names):
        _renew(name, wanted)


def _renew(name: str, wanted: Catalog) -> None:
    folder = TRANSLATIONS / name / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "messages.po"
    catalogue = Catalog(locale=name)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=name)
    catalogue.update(wanted)
    _write(catalogue, path)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    done = sum(1 for message in catalogue if message.id and message.string and not message.fuzzy)
    print(f"{name}: {done} of {len(wanted)} translated")


def _write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=100, sort_by_file=True, ignore_obsolete=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
