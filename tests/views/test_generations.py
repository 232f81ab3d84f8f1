"""Asking for a picture, from the form to the archive, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fluxgen.models import Account, Entry, Generation, Image, Kind, Status
from tests.support.cast import HTMX, Browser, order
from tests.support.workers import Workers

pytestmark = pytest.mark.both_databases

Visit = Callable[[Account | None], Browser]


def test_a_prompt_becomes_a_picture_in_the_archive(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    waiting = client.post("/generations", data=order(prompt="a red fox"), headers=HTMX)
    assert waiting.status_code == 201
    assert "Waiting" in waiting.text

    workers.work()

    generation = Generation.get()
    assert generation.status is Status.DONE
    assert Image.get().generation_id == generation.id
    assert [entry.kind for entry in Entry.select().order_by(Entry.id)] == [
        Kind.GRANT,
        Kind.HOLD,
        Kind.CAPTURE,
    ]
    assert "a red fox" in client.get("/history").text


def test_the_same_form_sent_twice_is_one_generation(visit: Visit, alice: Account) -> None:
    client, form = visit(alice), order()
    first = client.post("/generations", data=form)
    second = client.post("/generations", data=form)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert Generation.select().count() == 1
    assert Account.get_by_id(alice.id).held == 1
