"""Deleting a picture, with its short undo, by htmx and by plain forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from fluxgen import archive
from fluxgen.models import Account, Generation, Image
from tests.support.cast import HTMX
from tests.support.making import Visit, ask, image, latest, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time


def files(folder: Path) -> list[Path]:
    """Every file of the store."""
    return [path for path in (folder / "storage").rglob("*") if path.is_file()]


@pytest.mark.parametrize("method", ["DELETE", "POST"])
def test_htmx_gets_the_crossed_frame_with_an_undo(
    visit: Visit, alice: Account, workers: Workers, method: str
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    address = f"/generations/{generation.public_id}"
    target = address if method == "DELETE" else f"{address}/delete"
    answer = client.open(target, method=method, headers=HTMX)
    assert answer.status_code == 200
    page = parse(answer.text)
    assert "generation-card--deleted" in page.by_id(f"generation-{generation.public_id}").classes
    assert {form.get("action") for form in page.all("form")} == {f"{address}/undo"}
    assert generation.prompt not in client.get("/history").text


def test_a_plain_form_leads_to_the_history_with_an_undo(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    address = f"/generations/{generation.public_id}"
    answer = client.post(f"{address}/delete")
    assert answer.status_code == 303
    page = parse(client.get(answer.location).text)
    assert f"{address}/undo" in {form.get("action") for form in page.all("form")}
    back = client.post(f"{address}/undo")
    assert (back.status_code, back.location) == (
        303,
        f"/history#generation-{generation.public_id}",
    )
    assert latest(generation).deleted_at is None
    assert generation.prompt in client.get("/history").text


def test_undo_by_htmx_brings_the_card_back(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    answer = client.post(f"/generations/{generation.public_id}/undo", headers=HTMX)
    assert answer.status_code == 200
    card = parse(answer.text).by_id(f"generation-{generation.public_id}")
    assert "generation-card--done" in card.classes


def test_after_the_undo_row_original_and_thumbnails_are_gone(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    assert len(files(tmp_path)) == 6
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    pass_time(archive.GONE_AFTER_S + 1)
    workers.step()
    assert Generation.select().count() == Image.select().count() == 0
    assert files(tmp_path) == []
    assert client.post(f"/generations/{generation.public_id}/undo").status_code == 404


def test_before_the_undo_has_passed_nothing_goes(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    pass_time(archive.UNDO_S - 2)
    workers.step()
    assert len(files(tmp_path)) == 3
    assert client.post(f"/generations/{generation.public_id}/undo").status_code == 303


def test_an_undo_that_comes_too_late_says_so(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    pass_time(archive.GONE_AFTER_S + 1)
    assert archive.claim_purge(generation.id) is not None
    answer = client.post(f"/generations/{generation.public_id}/undo")
    assert answer.status_code == 410
    assert "too late" in answer.text


def test_deleting_twice_does_not_prolong_the_undo(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    deleted_at = latest(generation).deleted_at
    pass_time(5)
    assert client.delete(f"/generations/{generation.public_id}").status_code == 404
    assert latest(generation).deleted_at == deleted_at


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_has_not_ended_is_not_deleted(
    visit: Visit, alice: Account, headers: dict[str, str]
) -> None:
    client = visit(alice)
    generation = ask(client)
    answer = client.post(f"/generations/{generation.public_id}/delete", headers=headers)
    assert answer.status_code == 409
    assert "Cancel it first" in answer.text
    assert latest(generation).deleted_at is None


def test_a_deleted_ones_pictures_are_gone_at_once(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    address = f"/images/{image(generation).public_id}"
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    for variant in ("original", "640", "320", "download"):
        assert client.get(f"{address}/{variant}").status_code == 404


def test_the_books_outlive_the_picture(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    pass_time(archive.GONE_AFTER_S + 1)
    workers.step()
    assert "Captured for a picture since deleted" in client.get("/credits").text
    assert Account.get_by_id(alice.id).available == 99
