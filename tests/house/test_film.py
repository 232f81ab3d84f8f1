"""The landing page's pictures: stand-ins say so, and FluxGen itself makes those that follow."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow

from benchmarks import film
from benchmarks.house import House
from fluxgen import landing
from fluxgen.assets import STATIC
from tests.support import exiftool
from tests.support.making import Visit
from tests.support.pages import parse

STAND_IN, REAL = "stand-ins", "FluxGen made every picture"


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A copy of the notes on who made what, to be written in."""
    monkeypatch.setattr(landing, "SOURCE", Path(shutil.copy(landing.SOURCE, tmp_path)))
    landing.frames.cache_clear()
    yield
    landing.frames.cache_clear()


def test_each_picture_is_there_as_large_as_it_is_said_to_be() -> None:
    for name, frame in landing.frames().items():
        with Pillow.open(STATIC / "img" / f"{name}.webp") as image:
            assert image.size == frame.size, name


@pytest.mark.usefixtures("notes")
def test_stand_ins_are_called_so_until_the_last_is_replaced(visit: Visit) -> None:
    frames = landing.frames()
    film.keep_makers({name: frame.model for name, frame in frames.items() if name != "pool"})
    words = parse(visit(None).get("/").text).one("main").words
    assert STAND_IN in words and REAL not in words
    assert frames["dune"].edge == "" and landing.frames()["dune"].edge in words
    film.keep_makers({"pool": frames["pool"].model})
    words = parse(visit(None).get("/").text).one("main").words
    assert REAL in words and STAND_IN not in words and "SAMPLE" not in words


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("survival")
def test_a_house_of_its_own_makes_them(tmp_path: Path) -> None:
    frames = [landing.frames()[name] for name in ("dune", "archb")]
    settings = film.SETTINGS | {"SANDBOX_PACE": "0.1", "POLL_S": "0.5"}
    with House(tmp_path / "house", workers=1, settings=settings) as house:
        made = film.developed(house.url, frames, tmp_path)
    assert made == {frame.name: frame.model for frame in frames}
    for frame in frames:
        picture = (tmp_path / f"{frame.name}.webp").read_bytes()
        assert exiftool.metadata(picture)[exiftool.MARK] == exiftool.AI_MADE
        with Pillow.open(io.BytesIO(picture)) as image:
            assert image.size == frame.size


def test_without_a_key_nothing_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(film.KEY, raising=False)
    assert film.main() == 1
    assert film.KEY in capsys.readouterr().out
