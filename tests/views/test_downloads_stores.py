"""What is taken away comes the same from a folder and from a bucket."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from flask import Flask

from fluxgen import adapters
from fluxgen.models import Account, Image
from fluxgen.sandbox import Sandbox
from tests.support import exiftool
from tests.support.making import Visit, image, make
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
