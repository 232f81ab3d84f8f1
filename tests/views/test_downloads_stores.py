"""What is taken away comes the same from a folder and from a bucket."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from fluxgen import adapters, archive, exports
from fluxgen.jobs.archive import put_away
from fluxgen.jobs.exports import build
from fluxgen.models import Account, Generation, Image
from fluxgen.sandbox import Sandbox
from tests.support import exiftool
from tests.support.exporting import finished, opened
from tests.support.making import Visit, image, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, app: Flask) -> str:
    """Either place that pictures are kept in."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    assert adapters.current().storage.has_links is (request.param == "bucket")
    return str(request.param)


@pytest.mark.usefixtures("store")
def test_a_zip_is_whole_and_as_long_as_it_said(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = [make(client, workers, count="2") for _ in range(2)]
    data = {"id": [row.public_id for row in made]}
    answer = client.post("/history/selected/download", data=data)
    assert (answer.status_code, answer.content_length) == (200, len(answer.data))
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.testzip() is None
        files = [found.read(name) for name in found.namelist()]
    proofs = {hashlib.sha256(file).hexdigest() for file in files}
    assert proofs == {row.sha256 for row in Image.select()}
    assert all(exiftool.metadata(file) == {exiftool.MARK: exiftool.AI_MADE} for file in files)


@pytest.mark.usefixtures("store")
def test_share_and_working_copies_and_the_way_back_into_the_studio(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    row = make(client, workers, prompt="a tin boat", seed="77")
    address = f"/images/{image(row).public_id}/download"
    share, working = client.get(address), client.get(f"{address}?copy=working")
    assert exiftool.metadata(share.data) == {exiftool.MARK: exiftool.AI_MADE}
    assert exiftool.metadata(working.data)["XMP-fluxgen:Prompt"] == "a tin boat"
    part = client.get(address, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (206, share.data[4:12])
    again = client.get(address, headers={"If-None-Match": share.headers["ETag"]})
    assert again.status_code == 304
    sent = {"working_copy": (io.BytesIO(working.data), "boat.webp")}
    client.post("/studio/working-copy", data=sent)
    assert parse(client.get("/studio").text).one("textarea").words == "a tin boat"


@pytest.mark.usefixtures("store")
def test_every_stored_file_of_a_picture_carries_the_mark(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    make(visit(alice), workers)
    storage = adapters.current().storage
    keys = [stored.key for stored in storage.listed("pictures/")]
    assert {key.rpartition("/")[2] for key in keys} == {"original", "640", "320"}
    for key in keys:
        assert exiftool.metadata(storage.get(key)) == {exiftool.MARK: exiftool.AI_MADE}


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_down_is_said_in_words(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    client = visit(alice)
    row = make(client, workers)
    sandbox.s3.faults.down = True
    one = client.get(f"/images/{image(row).public_id}/download")
    many = client.post("/history/selected/download", data={"id": row.public_id})
    for answer in (one, many):
        assert answer.status_code == 503
        assert "safe, but" in answer.text


class Disturbed:
    """A store whose pictures are put elsewhere just before the first original is read."""

    def __init__(self, store: Any, generation: Generation) -> None:
        self._store, self._generation = store, generation

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def get(self, key: str) -> bytes:
        if key.endswith("/original"):
            put_away(self._generation.id)
        data: bytes = self._store.get(key)
        return data


@pytest.mark.usefixtures("bucket")
def test_a_sibling_that_was_deleted_breaks_no_zip_copy_or_export_of_the_others(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made = [make(client, workers, count="2") for _ in range(4)]
    for row in made[1:]:
        archive.delete_picture(Image.get((Image.generation == row) & (Image.position == 1)))
    data = {"id": [row.public_id for row in made[:2]]}
    answer = client.post("/history/selected/download", data=data, buffered=False)
    chunks = answer.iter_encoded()
    begun = next(chunks)
    put_away(made[1].id)
    with zipfile.ZipFile(io.BytesIO(begun + b"".join(chunks))) as found:
        assert (found.testzip(), len(found.namelist())) == (None, 3)
    current = adapters.current()
    adapters.use(replace(current, storage=Disturbed(current.storage, made[2])))
    assert client.get(f"/images/{image(made[2]).public_id}/download").status_code == 200
    adapters.use(replace(current, storage=Disturbed(current.storage, made[3])))
    export = exports.begin(alice)
    build(export.id)  # no sweep, which would have put it away before
    assert latest(made[3]).shelf, "it was put away meanwhile"
    document = opened(finished(export, workers)).document
    (listed,) = document["generations"][0]["images"]
    assert (listed["public_id"], listed["missing"]) == (image(made[3]).public_id, None)
