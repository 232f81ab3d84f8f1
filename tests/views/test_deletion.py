"""Deleting a picture, with its short undo, by htmx and by plain forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fluxgen import archive
from fluxgen.models import Account, DeletedImage, Generation, Image
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
    assert answer.text.count("Picture 1 is back") == 1


def test_undo_in_a_toast_says_once_that_the_picture_is_back(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.delete(f"/generations/{generation.public_id}", headers=HTMX)
    address = f"/generations/{generation.public_id}/undo"
    answer = client.post(address, headers=HTMX, data={"from": "toast"})
    assert answer.text.count("Picture 1 is back") == 1  # the toasts are a live region themselves


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
    pass_time(archive.UNDO_S - 20)
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


@pytest.mark.parametrize("headers", [HTMX, {}])
@pytest.mark.parametrize(("seconds", "comes_back"), [(40, True), (61, False)])
def test_an_undo_is_good_for_sixty_seconds(
    visit: Visit,
    alice: Account,
    workers: Workers,
    headers: dict[str, str],
    seconds: int,
    comes_back: bool,
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.post(f"/generations/{generation.public_id}/delete")
    pass_time(seconds)
    workers.step()
    answer = client.post(f"/generations/{generation.public_id}/undo", headers=headers)
    assert (answer.status_code in {200, 303}) is comes_back
    assert (latest(generation).deleted_at is None) is comes_back
    if not comes_back:
        assert answer.status_code == 410
        assert "too late" in answer.text


def test_the_time_that_is_left_is_said_and_then_the_offer_goes(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers)
    there = client.post(f"/generations/{generation.public_id}/delete").location
    pass_time(20)
    assert re.search(r"(3\d|40) s left", client.get(there).text)
    pass_time(41)
    assert "Undo" not in client.get(there).text


@pytest.mark.parametrize("address", ["/generations/{generation}", "/pictures/{picture}"])
def test_a_favourite_needs_a_second_yes(
    visit: Visit, alice: Account, workers: Workers, address: str
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    client.post(f"/generations/{generation.public_id}/favourite")
    names = {"generation": generation.public_id, "picture": image(generation).public_id}
    target = f"{address.format(**names)}/delete"
    question = client.post(target)
    assert question.status_code == 409
    form = next(form for form in parse(question.text).all("form") if form.get("action") == target)
    assert form.get("action") == target
    dialog = client.post(target, headers=HTMX)
    assert (dialog.status_code, dialog.headers["HX-Retarget"]) == (409, "#asking")
    assert "<dialog" in dialog.text
    assert latest(generation).deleted_at is None
    assert Image.select().count() == 2
    assert client.post(target, data={"favourites": "yes"}).status_code == 303
    assert latest(generation).deleted_at is not None or Image.select().count() == 1


def test_one_of_two_is_deleted_alone_and_comes_back_in_its_place(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    first = image(generation)
    gone = client.post(f"/pictures/{first.public_id}/delete")
    assert client.get(f"/images/{first.public_id}/original").status_code == 404
    page = parse(client.get(gone.location).text)
    undo = f"/pictures/{first.public_id}/undo"
    assert undo in {form.get("action") for form in page.all("form")}
    assert "1 of 2" not in client.get("/history").text  # it came, and was paid for
    rest = client.get(f"/generations/{generation.public_id}").text
    assert f"Picture {generation.number}B" in rest
    assert client.post(undo).status_code == 303
    assert [each.position for each in Image.select().order_by(Image.position)] == [0, 1]
    assert client.get(f"/images/{first.public_id}/original").status_code in {200, 302}


def test_a_picture_deleted_alone_goes_with_its_files(
    visit: Visit, alice: Account, workers: Workers, tmp_path: Path
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    gone = image(generation).public_id
    client.post(f"/pictures/{gone}/delete", headers=HTMX)
    pass_time(archive.UNDO_S - 20)
    workers.step()
    assert len(files(tmp_path)) == 6
    pass_time(21)
    assert client.post(f"/pictures/{gone}/undo", headers=HTMX).status_code == 410
    pass_time(archive.GONE_AFTER_S - 60)
    workers.step()
    assert DeletedImage.select().count() == 0
    assert len(files(tmp_path)) == 3
    assert client.get(f"/generations/{generation.public_id}").status_code == 200
    assert client.post(f"/pictures/{gone}/undo").status_code == 404


def test_the_last_picture_takes_its_generation_along(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    for each in list(Image.select().order_by(Image.position)):
        assert client.post(f"/pictures/{each.public_id}/delete").status_code == 303
    assert latest(generation).deleted_at is not None
    assert client.get(f"/generations/{generation.public_id}").status_code == 404
    client.post(f"/generations/{generation.public_id}/undo")
    assert client.get(f"/generations/{generation.public_id}").status_code == 200


def test_nobody_deletes_or_brings_back_somebody_elses(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    generation = make(visit(alice), workers, count="2")
    picture, stranger = image(generation).public_id, visit(mallory)
    for address in (f"/generations/{generation.public_id}", f"/pictures/{picture}"):
        assert stranger.post(f"{address}/delete").status_code == 404
    visit(alice).post(f"/pictures/{picture}/delete")
    assert stranger.post(f"/pictures/{picture}/undo").status_code == 404
    assert stranger.get(f"/history?deleted={picture}").text.count("Undo") == 0
    assert stranger.post(f"/pictures/{picture}/alt", data={"alt": "mine"}).status_code == 404


def test_a_deletion_keeps_what_is_looked_for(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt="a copper kettle")
    answer = client.post(f"/generations/{generation.public_id}/delete?q=kettle")
    assert answer.location.startswith("/history?q=kettle&deleted=")
