"""The typefaces are what `make fonts` cuts, and what is written needs no more than it needs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from fontTools.subset import parse_unicodes

import fluxgen
from benchmarks.fonts import ACCENTED, CUTS, PLAIN
from fluxgen.assets import STATIC
from fluxgen.jobs.exports.pages import FONT_FILES

SHEETS = (STATIC / "css/tokens.css", Path(fluxgen.__file__).parent / "data/export/archive.css")
FACE = re.compile(r"@font-face \{[^}]*?([\w-]+)\.woff2[^}]*?(?:unicode-range: ([^;]*); )?\}")
FILES = {f"{cut.name}{part}.woff2" for cut in CUTS for part in ("", "-accented")}


def test_the_files_are_those_that_are_noted() -> None:
    noted = re.findall(r"sha256 +(\w+) +(\S+)", (STATIC / "fonts/VENDORED.txt").read_text())
    there = {path.name: path.read_bytes() for path in (STATIC / "fonts").glob("*.woff2")}
    assert set(there) == {name for _, name in noted} == FILES == set(FONT_FILES)
    for digest, name in noted:
        assert hashlib.sha256(there[name]).hexdigest() == digest, name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_voice_is_named_twice_and_accents_are_fetched_where_they_are_written(
    sheet: Path,
) -> None:
    faces = dict(FACE.findall(sheet.read_text()))
    assert {f"{name}.woff2" for name in faces} == FILES
    for name, letters in faces.items():
        rare = set(parse_unicodes(letters.replace("U+", "")))
        assert rare == (set(parse_unicodes(ACCENTED)) if name.endswith("-accented") else set())


def test_no_letter_is_in_both_files() -> None:
    assert not set(parse_unicodes(PLAIN)) & set(parse_unicodes(ACCENTED))
