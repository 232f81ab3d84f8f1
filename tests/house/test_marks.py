"""Every picture that the product ships says that a model made it; a person's portrait does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxgen import pictures
from tests.support import exiftool
from tests.support.photographs import photograph

STATIC = Path(__file__).parents[2] / "static"
FOLDERS = ("img", "looks")


@pytest.mark.parametrize("folder", FOLDERS)
def test_pictures_of_ours_carry_the_mark(folder: str) -> None:
    shipped = sorted(path for path in (STATIC / folder).iterdir() if path.is_file())
    assert len(shipped) > 10
    unmarked = [path.name for path in shipped if exiftool.AI_MADE.encode() not in path.read_bytes()]
    assert unmarked == []
    for path in shipped[:: len(shipped) // 3]:  # as an independent reader sees them
        assert exiftool.metadata(path.read_bytes())[exiftool.MARK] == exiftool.AI_MADE, path.name


def test_a_persons_portrait_is_not_called_made_by_a_model() -> None:
    assert exiftool.metadata(pictures.portrait(photograph())) == {}
