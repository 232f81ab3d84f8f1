"""A picture deleted before its last sibling took their generation along: its own undo still works."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import archive, db
from fluxgen.archive import GONE_AFTER_S, single
from fluxgen.jobs.archive import purge_pictures
from fluxgen.models import Account, DeletedImage, Image
from tests.support.cast import HTMX
from tests.support.making import Visit, latest, make
from tests.support.workers import Workers, pass_time


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_picture_comes_back_with_its_generation_that_went_after_it(
    visit: Visit, alice: Account, workers: Workers, headers: dict[str, str]
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    first, last = list(Image.select().order_by(Image.position))
    client.post(f"/pictures/{first.public_id}/delete", headers=headers)
    pass_time(30)
    client.post(f"/pictures/{last.public_id}/delete", headers=headers)
    answer = client.post(f"/pictures/{first.public_id}/undo", headers=headers)
    assert answer.status_code == (200 if headers else 303)
    assert Image.select().count() == 2
    assert generation.prompt in client.get("/history").text
    again = client.post(f"/generations/{generation.public_id}/undo", headers=headers)
    assert again.status_code == answer.status_code


@pytest.mark.both_databases
def test_an_undo_pressed_twice_at_once_brings_it_back_once(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visit(alice)
    make(client, workers, count="2")
    first = Image.select().order_by(Image.position).get()
    client.post(f"/pictures/{first.public_id}/delete")
    undo = single.undo_picture

    def once_more(found: DeletedImage) -> Image:
        undo(found)  # the other press, whose transaction came first
        return undo(found)

    monkeypatch.setattr(archive, "undo_picture", once_more)
    answer = client.post(f"/pictures/{first.public_id}/undo")
    assert (answer.status_code, Image.select().count()) == (303, 2)


def test_a_picture_whose_undo_has_passed_stays_gone_with_its_generation(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    first, last = list(Image.select().order_by(Image.position))
    client.post(f"/pictures/{first.public_id}/delete")
    pass_time(30)
    client.post(f"/pictures/{last.public_id}/delete")
    pass_time(31)
    answer = client.post(f"/pictures/{first.public_id}/undo")
    assert answer.status_code == 410
    assert "too late" in answer.text
    assert latest(generation).deleted_at is not None


@pytest.mark.both_databases
def test_an_undo_that_waits_until_it_is_too_late_brings_nothing_back(
    visit: Visit, alice: Account, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visit(alice)
    make(client, workers, count="2")
    first = Image.select().order_by(Image.position).get()
    client.post(f"/pictures/{first.public_id}/delete")

    def waits() -> Any:
        pass_time(GONE_AFTER_S + 1)
        return db.transaction()

    monkeypatch.setattr(single, "transaction", waits)
    answer = client.post(f"/pictures/{first.public_id}/undo")
    assert (answer.status_code, Image.select().count()) == (410, 1)
    monkeypatch.undo()
    assert purge_pictures() == 1
    assert DeletedImage.select().count() == 0


@pytest.mark.both_databases
def test_what_is_being_purged_does_not_come_back_to_a_clock_that_lags(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    make(client, workers, count="2")
    first = Image.select().order_by(Image.position).get()
    client.post(f"/pictures/{first.public_id}/delete")
    pass_time(GONE_AFTER_S + 1)
    assert archive.claim_picture(DeletedImage.get())
    pass_time(-10)
    assert client.post(f"/pictures/{first.public_id}/undo").status_code == 410
    pass_time(10)
    assert purge_pictures() == 1
