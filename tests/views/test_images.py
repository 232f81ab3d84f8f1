"""Pictures' bytes: for their owner, for ever, and in parts."""

from __future__ import annotations

import hashlib
import io
import shutil
from pathlib import Path

import pytest
from PIL import Image as Pillow

from fluxgen.models import Account
from tests.support.making import Visit, image, make
from tests.support.workers import Workers

VARIANTS = ("original", "640", "320", "download")


@pytest.mark.both_databases
def test_pictures_are_for_their_owner_only(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    address = f"/images/{image(make(visit(alice), workers)).public_id}"
    for variant in VARIANTS:
        assert visit(alice).get(f"{address}/{variant}").status_code == 200
        foreign = visit(mallory).get(f"{address}/{variant}")
        missing = visit(mallory).get(f"/images/{'x' * 22}/{variant}")
        assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data)
        assert foreign.status_code == 404
        assert visit(None).get(f"{address}/{variant}").status_code == 401


def test_the_original_is_what_was_stored(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    row = image(make(client, workers))
    answer = client.get(f"/images/{row.public_id}/original")
    assert hashlib.sha256(answer.data).hexdigest() == row.sha256
    assert (answer.mimetype, answer.content_length) == ("image/webp", row.size_bytes)
    with Pillow.open(io.BytesIO(answer.data)) as opened:
        assert opened.size == (row.width, row.height)


@pytest.mark.parametrize("side", [640, 320])
def test_a_thumbnail_is_a_small_webp(
    visit: Visit, alice: Account, workers: Workers, side: int
) -> None:
    client = visit(alice)
    row = image(make(client, workers, aspect_ratio="16:9"))
    answer = client.get(f"/images/{row.public_id}/{side}")
    assert answer.mimetype == "image/webp"
    with Pillow.open(io.BytesIO(answer.data)) as opened:
        assert max(opened.size) == min(side, row.width)


def test_a_browser_keeps_it_for_a_day_and_a_session_and_nobody_else_does(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    answer = client.get(f"/images/{image(make(client, workers)).public_id}/320")
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert "Cookie" in answer.headers["Vary"]


def test_what_a_browser_has_is_not_sent_again(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    client = visit(alice)
    address = f"/images/{image(make(client, workers)).public_id}"
    tag = client.get(f"{address}/320").headers["ETag"]
    again = client.get(f"{address}/320", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{address}/640", headers={"If-None-Match": tag})
    assert other.status_code == 200  # variants differ in their tag
    assert visit(mallory).get(f"{address}/320", headers={"If-None-Match": tag}).status_code == 404


def test_a_part_can_be_asked_for(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    address = f"/images/{image(make(client, workers)).public_id}/original"
    whole = client.get(address).data
    part = client.get(address, headers={"Range": "bytes=4-11"})
    assert (part.status_code, part.data) == (206, whole[4:12])
    assert part.headers["Content-Range"] == f"bytes 4-11/{len(whole)}"
    beyond = client.get(address, headers={"Range": f"bytes={len(whole) + 5}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_a_download_has_a_name_of_its_own(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    make(client, workers)
    row = image(make(client, workers, prompt='../"evil\r\nSet-Cookie: a=b'))
    answer = client.get(f"/images/{row.public_id}/download")
    assert answer.headers["Content-Disposition"] == "attachment; filename=fluxgen-2-1.webp"
    assert hashlib.sha256(answer.data).hexdigest() == row.sha256


@pytest.mark.parametrize("variant", ["641", "0", "Original", "..%2F320", "placeholder"])
def test_other_variants_do_not_exist(
    visit: Visit, alice: Account, workers: Workers, variant: str
) -> None:
    client = visit(alice)
    row = image(make(client, workers))
    assert client.get(f"/images/{row.public_id}/{variant}").status_code == 404


def test_a_picture_whose_file_is_gone_is_404(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    row = image(make(client, workers))
    shutil.rmtree(tmp_path / "storage")
    assert client.get(f"/images/{row.public_id}/320").status_code == 404


def test_a_store_that_does_not_answer_is_503(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    file = tmp_path / "storage" / "pictures" / generation.public_id / "0" / "320"
    file.unlink()
    file.mkdir()  # reading it fails with something other than "not found"
    answer = client.get(f"/images/{image(generation).public_id}/320")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.headers["Cache-Control"] == "no-store"
