"""Collections over HTTP: the page to manage them, and one picture's own."""

from __future__ import annotations

import pytest

from fluxgen.archive import collections
from fluxgen.models import Account
from tests.support.cast import HTMX
from tests.support.life import done
from tests.support.making import Visit
from tests.support.pages import parse

pytestmark = pytest.mark.both_databases


def test_made_renamed_and_discarded(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    assert "None yet" in client.get("/collections").text
    assert client.post("/collections", data={"name": "<b>Winter</b>"}).status_code == 303
    (winter,) = collections.all_of(alice)
    collections.put_in(winter, [done(alice).public_id])
    page = parse(client.get("/collections").text)
    assert "<b>Winter</b> 1 generation" in page.one("p", css="collections__name").words
    address = f"/collections/{winter.public_id}"
    client.post(f"{address}/rename", data={"name": "Snow"})
    assert "Snow" in client.get("/collections").text
    assert client.post(f"{address}/delete").status_code == 303
    assert collections.all_of(alice) == []
    assert "1 picture" in client.get("/history").text


def test_a_name_that_does_not_fit_is_refused_in_words(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    for name in ("Winter", "Snow"):
        client.post("/collections", data={"name": name})
    snow, _winter = collections.all_of(alice)
    long = client.post("/collections", data={"name": "x" * 61})
    assert (long.status_code, "at most 60" in long.text, "x" * 61 in long.text) == (422, True, True)
    taken = client.post(f"/collections/{snow.public_id}/rename", data={"name": "WINTER"})
    assert (taken.status_code, "another collection" in taken.text) == (422, True)


def test_ones_own_only(visit: Visit, alice: Account, mallory: Account) -> None:
    winter = collections.create(alice, "winter")
    client = visit(mallory)
    for act in ("rename", "delete"):
        assert client.post(f"/collections/{winter.public_id}/{act}").status_code == 404
    assert "winter" not in client.get("/collections").text
    assert "winter" not in client.get(f"/history?collection={winter.public_id}").text


def test_one_picture_is_put_in_and_taken_out(visit: Visit, alice: Account) -> None:
    kept = done(alice)
    winter, snow = (collections.create(alice, name) for name in ("winter", "snow"))
    client, address = visit(alice), f"/generations/{kept.public_id}/collections"
    query = "?q=kettle&picture=2"
    form = parse(client.get(f"/generations/{kept.public_id}?q=kettle").text)
    assert f"{address}?q=kettle" in [one.get("action") for one in form.all("form")]
    plain = client.post(address + query, data={"collection": [winter.public_id], "name": "ice"})
    assert plain.location.startswith(f"/generations/{kept.public_id}{query}#")
    assert [each.name for each in collections.of(kept)] == ["ice", "winter"]
    was = [each.public_id for each in collections.of(kept)]
    thaw = collections.create(alice, "thaw")
    collections.put_in(thaw, [kept.public_id])  # meanwhile, in another window
    data = {"was": was, "collection": [snow.public_id]}
    client.post(address, data=data, headers=HTMX)
    assert [each.name for each in collections.of(kept)] == ["snow", "thaw"]
    data = {"was": [snow.public_id, thaw.public_id], "collection": [snow.public_id]}
    answer = client.post(address, data=data, headers=HTMX)
    assert [each.name for each in collections.of(kept)] == ["snow"]
    ticked = [box for box in parse(answer.text).all("input") if box.has("checked")]
    assert [box["value"] for box in ticked] == [snow.public_id]
    wrong = client.post(address, data={"name": "x" * 61}, headers=HTMX)
    assert (wrong.status_code, "x" * 61 in wrong.text) == (422, True)
    assert client.post(address, data={"name": "x" * 61}).status_code == 422
    assert [each.name for each in collections.of(kept)] == ["snow"]
