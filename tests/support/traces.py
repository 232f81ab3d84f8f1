"""A picture that cannot be mistaken for anything else, and a search for every trace of it."""

from __future__ import annotations

import base64
import contextlib
import os
import random
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from fluxgen import references
from tests.support.photographs import PLACE, encoded, exif

SIZE = (700, 600)
WINDOWS = 6
WINDOW_BYTES = 24
NAME = "Lindenstrasse-7-the-red-door"
ENCODINGS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 98, "subsampling": 0},
    "WEBP": {"lossless": True},
}


class Marker:
    """Noise in three encodings, each more than a megabyte or close to it, told apart by `seed`."""

    def __init__(self, seed: int) -> None:
        noise = random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3)
        picture = Pillow.frombytes("RGB", SIZE, noise)
        self.files = {
            format.lower(): encoded(picture, format, exif=exif(), **options)
            for format, options in ENCODINGS.items()
        }
        redrawn = [references.redrawn(file) for file in self.files.values()]
        windows = [
            window for data in (noise, *self.files.values(), *redrawn) for window in _of(data)
        ]
        words = [PLACE.encode(), NAME.encode()]
        self._needles = [form for needle in windows + words for form in _forms(needle)]

    def found_in(self, data: bytes) -> bool:
        """Whether anything of it is in there: as it was sent, as it was redrawn, or in base64."""
        return any(needle in data for needle in self._needles)

    def searched(self, folders: Iterable[Path]) -> list[str]:
        """The files below these folders that hold something of it."""
        hits = []
        for path in (path for folder in folders for path in folder.rglob("*")):
            with contextlib.suppress(FileNotFoundError):
                if path.is_file() and self.found_in(path.read_bytes()):
                    hits.append(str(path))
        return hits

    def held_open(self, pids: Iterable[int]) -> list[str]:
        """The files without a name that these processes hold and that have something of it."""
        return [place for pid in pids for place in _nameless(pid) if self._is_in(place)]

    def _is_in(self, place: str) -> bool:
        with contextlib.suppress(OSError):
            return self.found_in(Path(place).read_bytes())
        return False


def _of(data: bytes) -> Iterator[bytes]:
    """Bits of it, evenly over its length; the ends of files look alike."""
    for number in range(1, WINDOWS + 1):
        start = len(data) * number // (WINDOWS + 2)
        yield data[start : start + WINDOW_BYTES]


def _forms(needle: bytes) -> Iterator[bytes]:
    """The bytes themselves, and their base64 wherever in a longer text they may begin."""
    yield needle
    for before in range(3):
        written = base64.b64encode(bytes(before) + needle)
        yield written[4:-4]


def _nameless(pid: int) -> Iterator[str]:
    """Ordinary files that the process has open and that no folder shows."""
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                status = os.stat(entry.path)
                if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                    yield entry.path
