"""Pictures as one ZIP: marked, whole, of a length known before, and in little memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from fluxgen import archive
from fluxgen.archive import selecting
from fluxgen.jobs import downloads
from fluxgen.models import Account, Image
from tests.support import exiftool
from tests.support.life import done
from tests.support.making import Visit, ids, make
from tests.support.workers import Workers


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_a_zip_has_every_picture_marked_and_its_length_is_known_before(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = [make(client, workers, prompt="secret words", count="2") for _ in range(2)]
    answer = client.post("/history/selected/download", data=ids(*made))
    assert answer.status_code == 200
    assert answer.content_length == len(answer.data)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"] == "attachment; filename=fluxgen-4-pictures.zip"
    files = unpacked(answer.data)
    assert list(files) == [f"fluxgen-00000{n}-{place}.webp" for n in (1, 2) for place in (1, 2)]
    assert b"secret words" not in answer.data
    for data in files.values():
        assert exiftool.metadata(data) == {exiftool.MARK: exiftool.AI_MADE}


def test_what_was_stored_before_files_were_marked_is_marked_on_the_way_out(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = make(client, workers)
    Image.update(is_marked=False).execute()
    answer = client.post("/history/selected/download", data=ids(made))
    assert answer.content_length == len(answer.data)
    (data,) = unpacked(answer.data).values()
    assert exiftool.metadata(data) == {exiftool.MARK: exiftool.AI_MADE}


def test_a_picture_that_vanished_breaks_the_transfer_off(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    made = [make(client, workers) for _ in range(2)]
    (tmp_path / "storage" / "pictures" / made[1].public_id / "0" / "original").unlink()
    with pytest.raises(Exception, match="missing"):
        client.post("/history/selected/download", data=ids(*made))


def test_a_picture_that_is_not_what_was_stored_breaks_it_off_too(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    made = [make(client, workers) for _ in range(2)]
    file = tmp_path / "storage" / "pictures" / made[1].public_id / "0" / "original"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(Exception, match="not what was stored"):
        client.post("/history/selected/download", data=ids(*made))
    alone = client.post("/history/selected/download", data=ids(made[1]))
    assert (alone.status_code, "safe, but" in alone.text) == (503, True)
    file.unlink()
    assert client.post("/history/selected/download", data=ids(made[1])).status_code == 404


def test_more_pictures_than_a_zip_holds_are_refused_in_words(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selecting, "PICTURES_MAX", 1)
    answer = visit(alice).post("/history/selected/download", data=ids(done(alice, count=2)))
    assert answer.status_code == 422
    assert "at most 1 pictures" in answer.text


def test_a_long_zip_takes_no_more_memory_than_a_picture(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    (one,) = archive.for_download(alice, [make(visit(alice), workers).public_id])
    stream = downloads.zipped([replace(one, name=f"{at:04}.webp") for at in range(400)])
    tracemalloc.start()
    try:
        size = sum(len(chunk) for chunk in stream)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size == len(stream) > 400 * one.size_bytes
    assert peak < 2_000_000 + 3 * one.size_bytes
