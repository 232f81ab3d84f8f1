"""Where pictures come from a bucket: signed addresses, until they are deleted."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from fluxgen import archive
from fluxgen.adapters.signing import WINDOW_S
from fluxgen.adapters.storage import BROWSERS_KEEP_S
from fluxgen.jobs.archive import put_away
from fluxgen.models import Account, Image
from fluxgen.sandbox import Sandbox
from tests.support.making import Visit, image, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time

VARIANTS = ("original", "640", "320")
PARTS = Path("/proc/self/io")


def signed(visit: Visit, account: Account, public_id: str) -> list[str]:
    """The addresses in the bucket that the account is sent to."""
    client = visit(account)
    return [
        client.get(f"/images/{public_id}/{variant}").headers["Location"] for variant in VARIANTS
    ]


def statuses(addresses: list[str]) -> set[int]:
    """How the bucket answers."""
    return {httpx.get(address, timeout=30).status_code for address in addresses}


@pytest.mark.usefixtures("bucket")
@pytest.mark.both_databases
def test_the_bucket_shows_what_its_owner_asks_for(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    row = image(make(visit(alice), workers))
    addresses = signed(visit, alice, row.public_id)
    assert statuses(addresses) == {200}
    assert {httpx.get(one.partition("?")[0], timeout=30).status_code for one in addresses} == {403}
    for variant in (*VARIANTS, "download"):
        assert visit(mallory).get(f"/images/{row.public_id}/{variant}").status_code == 404
    pass_time(2 * WINDOW_S + 1)
    assert statuses(addresses) == {403}


@pytest.mark.usefixtures("bucket")
@pytest.mark.both_databases
def test_a_deleted_one_is_in_no_address_of_before_and_an_undo_brings_it_back(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    generation = make(visit(alice), workers)
    row = image(generation)
    before = signed(visit, alice, row.public_id)
    archive.delete(generation)
    workers.step()
    assert statuses(before) == {404}
    assert visit(alice).get(f"/images/{row.public_id}/320").status_code == 404
    archive.undo(latest(generation))
    assert statuses(before) == {404}
    again = signed(visit, alice, row.public_id)
    assert statuses(again) == {200}
    archive.delete(latest(generation))
    workers.step()
    assert statuses([*before, *again]) == {404}


@pytest.mark.usefixtures("bucket")
@pytest.mark.both_databases
def test_one_deleted_of_several_is_in_no_address_of_before_either(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    generation = make(visit(alice), workers, count=2)
    first, second = Image.select().order_by(Image.position)
    gone, kept = (signed(visit, alice, row.public_id) for row in (first, second))
    archive.delete_picture(first)
    workers.step()
    assert statuses([*gone, *kept]) == {404}
    assert statuses(signed(visit, alice, second.public_id)) == {200}
    hidden = archive.deleted_picture(alice, first.public_id)
    assert hidden is not None
    archive.undo_picture(hidden)
    assert statuses(signed(visit, alice, first.public_id)) == {200}
    assert latest(generation).shelf is not None


@pytest.mark.usefixtures("bucket")
def test_when_it_is_gone_nothing_of_it_is_left(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    gone = make(visit(alice), workers)
    archive.undo(archive.delete(gone))
    archive.delete(latest(gone))
    workers.step()
    assert len(sandbox.s3.objects.keys(bucket)) == 3
    pass_time(archive.GONE_AFTER_S + 1)
    workers.step()
    assert sandbox.s3.objects.keys(bucket) == []


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("count", [1, 2])
def test_a_bucket_that_is_down_leaves_it_in_reach_until_it_is_back(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, count: int
) -> None:
    make(visit(alice), workers, count=count)
    first = Image.select().order_by(Image.position).get()
    before = signed(visit, alice, first.public_id)
    archive.delete_picture(first)
    sandbox.s3.faults.down = True
    workers.step()
    sandbox.s3.faults.down = 0
    assert statuses(before) == {200}
    workers.step()
    assert statuses(before) == {404}
    assert workers.step() == 0


@pytest.mark.usefixtures("bucket")
def test_what_could_not_be_removed_is_removed_the_next_time(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = make(visit(alice), workers)
    kept = dict(sandbox.s3.objects.keys(bucket))
    archive.delete(generation)
    workers.step()
    for key, stored in kept.items():
        sandbox.s3.objects.put(bucket, key, stored, only_new=True)
    archive.put_away_again(generation.id, "another")
    assert archive.to_put_away() == []
    archive.put_away_again(generation.id, str(latest(generation).shelf))
    workers.step()
    left = {key for key, _ in sandbox.s3.objects.keys(bucket)}
    assert left == set(archive.keys_of(latest(generation)))
    assert left.isdisjoint(kept)


@pytest.mark.usefixtures("bucket")
def test_one_of_several_goes_from_wherever_it_has_been(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = make(visit(alice), workers, count=2)
    kept = dict(sandbox.s3.objects.keys(bucket))
    archive.delete_picture(Image.select().order_by(Image.position).get())
    workers.step()
    for key, stored in kept.items():  # as if they could not be removed
        sandbox.s3.objects.put(bucket, key, stored, only_new=True)
    pass_time(archive.GONE_AFTER_S + 1)
    workers.step()
    left = {key for key, _ in sandbox.s3.objects.keys(bucket)}
    assert {key.split("/")[-2] for key in left} == {"1"}
    assert left >= set(archive.keys_of(latest(generation))[3:])


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("count", [1, 2])
def test_what_is_deleted_again_leaves_again_whatever_the_clocks_say(
    visit: Visit, alice: Account, workers: Workers, count: int
) -> None:
    make(visit(alice), workers, count=count)
    first = Image.select().order_by(Image.position).get()
    archive.delete_picture(first)
    pass_time(5)
    assert workers.step() == 0  # puts it away
    pass_time(-5)  # another host's clock
    gone = archive.deleted_picture(alice, first.public_id)
    archive.undo_picture(gone) if gone else archive.undo(first.generation)
    before = signed(visit, alice, first.public_id)
    assert statuses(before) == {200}
    archive.delete_picture(Image.get(Image.public_id == first.public_id))
    workers.step()
    assert statuses(before) == {404}


@pytest.mark.usefixtures("bucket")
def test_what_was_undone_meanwhile_stays_where_it_is(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox, bucket: str
) -> None:
    generation = make(visit(alice), workers)
    deleted = archive.delete(generation)
    archive.undo(deleted)
    assert not archive.put_away(deleted, "x" * 22)
    put_away(generation.id)
    kept = {key for key, _ in sandbox.s3.objects.keys(bucket)}
    assert kept == set(archive.keys_of(latest(generation)))


def test_a_folder_has_nothing_to_put_away(visit: Visit, alice: Account, workers: Workers) -> None:
    generation = make(visit(alice), workers)
    archive.delete(generation)
    workers.step()
    assert latest(generation).shelf is None
    assert visit(alice).get(f"/images/{image(generation).public_id}/320").status_code == 404


@pytest.mark.usefixtures("bucket")
def test_pages_carry_addresses_that_the_bucket_shows_and_browsers_keep(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, count=2)
    for path, count in (("/history", 2), (f"/generations/{generation.public_id}", 3)):
        answer, again = client.get(path), client.get(path)
        shown = pictures_of(answer.text)
        assert len(shown) == count
        assert shown == pictures_of(again.text)
        assert statuses(list(shown)) == {200}
        kept = {httpx.get(one, timeout=30).headers["Cache-Control"] for one in shown}
        assert kept == {f"private, max-age={BROWSERS_KEEP_S}, immutable"}
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(next(iter(shown))))
        assert f"img-src 'self' blob: {origin};" in answer.headers["Content-Security-Policy"]


def test_from_a_folder_pages_carry_our_own_addresses(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    row = image(make(visit(alice), workers))
    page = parse(visit(alice).get("/history").text)
    (shown,) = page.all("img")
    assert shown["src"] == f"/images/{row.public_id}/320"
    assert not shown.has("data-lasting")


def pictures_of(html: str) -> set[str]:
    """The addresses of a page's pictures; each has a lasting one beside it."""
    found: set[str] = set()
    for one in parse(html).all("img"):
        assert one["data-lasting"].startswith("/images/")
        named = [each.split()[0] for each in one.get("srcset").split(", ") if each]
        found |= {one["src"], *named}
    return found


@pytest.mark.skipif(not PARTS.exists(), reason="counts what the process reads, as Linux tells")
def test_of_a_large_file_only_the_part_is_read(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    row = image(generation)
    with (tmp_path / "storage" / archive.key(generation, 0, "original")).open("r+b") as file:
        file.truncate(64 * 1024 * 1024)
    before = _read_bytes()
    answer = client.get(f"/images/{row.public_id}/original", headers={"Range": "bytes=-8"})
    assert (answer.status_code, answer.data) == (206, bytes(8))
    assert _read_bytes() - before < 4 * 1024 * 1024


def _read_bytes() -> int:
    return int(PARTS.read_text().split()[1])
