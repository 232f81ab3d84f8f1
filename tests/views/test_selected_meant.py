"""An act on many pictures is about those that were meant: counted, asked about, not gone since."""

from __future__ import annotations

import pytest

from fluxgen.models import Account, Generation
from fluxgen.models.fields import EPOCH, MICROSECOND
from tests.support.cast import HTMX
from tests.support.life import done
from tests.support.making import Visit, ids
from tests.support.pages import parse
from tests.views.test_selected import shown


@pytest.mark.both_databases
def test_all_are_those_that_were_counted_and_what_is_ticked_since(
    visit: Visit, alice: Account
) -> None:
    foxes = [done(alice, prompt="a fox") for _ in range(2)]
    client = visit(alice)
    said = parse(client.get("/partials/history/matching?q=fox", headers=HTMX).text)
    data = {"all": "yes", "matching": "?q=fox", "until": said.one("input")["value"]}
    late, ticked = done(alice, prompt="a fox"), done(alice, prompt="a fox")
    client.post("/history/selected/favourite", data={**data, "id": ticked.public_id})
    assert set(shown(client, "/history?favourite=yes")) == set(ids(*foxes, ticked)["id"])
    assert late.public_id in shown(client)


def test_a_yes_to_one_question_is_none_to_another(visit: Visit, alice: Account) -> None:
    rows = [done(alice) for _ in range(3)]
    client = visit(alice)
    client.post("/history/selected/favourite", data=ids(*rows))
    for headers in (None, HTMX):
        question = client.post("/history/selected/delete", data=ids(rows[0]), headers=headers)
        (sure,) = [
            box["value"]
            for kind in ("input", "button")
            for box in parse(question.text).all(kind)
            if box.get("name") == "sure"
        ]
        client.post("/history/selected/delete", data={**ids(*rows), "sure": sure}, headers=headers)
        assert len(shown(client)) == 3


def test_what_is_back_already_or_gone_is_said_beside_the_bar(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.post("/history/selected/delete", data=ids(done(alice)), headers=HTMX)
    moment = (Generation.get().deleted_at - EPOCH) // MICROSECOND
    undo = "/history/selected/undo"
    assert client.post(undo, data={"moment": str(moment)}, headers=HTMX).status_code == 200
    again = client.post(undo, data={"moment": str(moment)}, headers=HTMX)
    assert (again.status_code, "may be back already" in again.text) == (410, True)
    assert "<header" not in again.text


@pytest.mark.parametrize("act", ["delete", "download", "favourite"])
@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_search_that_cannot_be_read_means_nothing_not_everything(
    visit: Visit, alice: Account, act: str, headers: dict[str, str] | None
) -> None:
    row = done(alice)
    client = visit(alice)
    matching = "?q=fox&" + "&".join(f"slot=a:{number}" for number in range(45))
    for which in ({"all": "yes", "until": "9" * 15}, ids(row)):
        data = {**which, "matching": matching}
        answer = client.post(f"/history/selected/{act}", data=data, headers=headers)
        assert (answer.status_code, "did not reach us whole" in answer.text) == (422, True)
    now = Generation.get()
    assert (now.deleted_at, now.favourite_at) == (None, None)
