"""Cuts our typefaces from the packages they come in: `make fonts`, after a new release of one.

Each voice gets the letters of western Europe in the widths and weights that the style sheets
use, and nothing else. What every page needs is one file; letters with accents and signs that
our own words never use are another, which a browser fetches where they are written. It needs
npm to fetch the packages.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from fluxgen.assets import STATIC

RELEASE = "5.3.0"
PLAIN = (
    "U+0020-007E,U+00A0,U+00A9,U+00B7,U+00D7,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026,"
    "U+20AC,U+2190-2193,U+2212"
)
ACCENTED = (
    "U+00A1,U+00A3,U+00A7,U+00AB,U+00AE,U+00B0,U+00B2,U+00B3,U+00BB,U+00BF-00D6,U+00D8-00FF,"
    "U+0152,U+0153,U+201A,U+201E,U+2022,U+2039,U+203A,U+2122"
)
"""As `unicode-range` has them in tokens.css and the export's archive.css."""


@dataclass(frozen=True)
class Cut:
    """One file of ours: from which package and file, at which place on its axes."""

    name: str
    package: str
    axes: dict[str, float | tuple[float, float]]
    features: tuple[str, ...] = ("kern", "liga")

    @property
    def source(self) -> str:
        axis = "wdth" if "wdth" in self.axes else "wght"
        return f"package/files/{self.package}-latin-{axis}-normal.woff2"


CUTS = (
    Cut(
        "instrument-sans",
        "instrument-sans",
        {"wdth": 100, "wght": (400, 600)},
        ("kern", "liga", "tnum", "mark", "ccmp"),
    ),
    Cut("instrument-sans-condensed", "instrument-sans", {"wdth": 75, "wght": 580}),
    Cut("newsreader", "newsreader", {"wght": 400}),
    Cut("martian-mono", "martian-mono", {"wdth": 80, "wght": 460}, ()),
)


def main() -> None:
    """Fetch each package and write each cut."""
    for cut in CUTS:
        with tempfile.TemporaryDirectory() as folder:
            source = _fetched(cut, Path(folder))
            for name, letters in ((cut.name, PLAIN), (f"{cut.name}-accented", ACCENTED)):
                path = STATIC / "fonts" / f"{name}.woff2"
                _write(source, cut, letters, path)
                print(f"{path.name}: {path.stat().st_size:,} bytes")


def _fetched(cut: Cut, folder: Path) -> Path:
    """The package's own file of the whole typeface."""
    name = f"@fontsource-variable/{cut.package}@{RELEASE}"
    subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, timeout=120)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extract(cut.source, folder, filter="data")
    return folder / cut.source


def _write(source: Path, cut: Cut, letters: str, path: Path) -> None:
    font = instancer.instantiateVariableFont(TTFont(source), cut.axes)
    options = subset.Options(
        flavor="woff2",
        layout_features=list(cut.features),
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(letters))
    cutter.subset(font)
    subset.save_font(font, str(path), options)


if __name__ == "__main__":
    main()
