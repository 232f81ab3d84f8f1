"""Many pictures at once, over HTTP: downloaded, deleted, made favourites, collected."""

from __future__ import annotations

import pytest

from fluxgen.archive import collections
from fluxgen.models import Account, Generation
from tests.support.cast import HTMX, Browser
from tests.support.life import done
from tests.support.making import Visit, ids
from tests.support.pages import parse
from tests.support.workers import pass_time

ACTS = ("download", "delete", "favourite", "collect", "uncollect", "compare")


def shown(client: Browser, address: str = "/history") -> list[str]:
    """The names of the tiles on a page."""
    page = parse(client.get(address).text)
    return [box["value"] for box in page.all("input") if box.get("name") == "id"]


@pytest.mark.both_databases
def test_nothing_of_somebody_elses_is_touched(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    hers = done(alice)
    winter = collections.create(alice, "winter")
    client = visit(mallory)
    mine = collections.create(mallory, "mine")
    data = {**ids(hers), "collection": mine.public_id}
    answers = {act: client.post(f"/history/selected/{act}", data=data) for act in ACTS}
    assert answers["download"].status_code == 404
    assert answers["delete"].status_code == 422
    assert shown(visit(alice)) == [hers.public_id]
    assert Generation.get_by_id(hers.id).favourite_at is None
    assert collections.of(hers) == []
    foreign = client.post(
        "/history/selected/collect", data={**ids(done(mallory)), "collection": winter.public_id}
    )
    assert foreign.status_code == 422


@pytest.mark.parametrize("act", ACTS)
def test_nothing_selected_is_said_in_words(visit: Visit, alice: Account, act: str) -> None:
    for headers in ({}, HTMX):
        answer = visit(alice).post(f"/history/selected/{act}", headers=headers)
        assert answer.status_code == 422
        assert "Tick some pictures first" in answer.text


@pytest.mark.parametrize("act", ACTS)
def test_too_many_at_once_are_refused_in_words(
    visit: Visit, alice: Account, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [done(alice) for _ in range(3)]
    monkeypatch.setattr("fluxgen.partials.selection.TOGETHER_MAX", 2)
    for data in (ids(*rows), {"all": "yes"}):
        answer = visit(alice).post(f"/history/selected/{act}", data=data)
        assert answer.status_code == 422
        assert "Narrow the search" in answer.text
    assert len(shown(visit(alice))) == 3


def test_two_are_compared_and_only_two(visit: Visit, alice: Account, mallory: Account) -> None:
    one, two, three = (done(alice) for _ in range(3))
    client = visit(alice)
    page = parse(client.get("/history").text)
    assert page.by_id("selection-compare")["formaction"] == "/history/selected/compare"
    there = client.post("/history/selected/compare", data=ids(two, one))
    beside = f"/history/compare?a={one.public_id}&b={two.public_id}"
    assert (there.status_code, there.location) == (303, beside)
    assert len(parse(client.get(beside).text).all("figure")) == 2
    for data in (ids(one), ids(one, two, three), {"all": "yes"}):
        answer = client.post("/history/selected/compare", data=data)
        assert (answer.status_code, "Tick two." in answer.text) == (422, True)
    foreign = client.post("/history/selected/compare", data=ids(one, done(mallory)))
    assert client.get(foreign.location).status_code == 404


@pytest.mark.both_databases
def test_all_that_match_are_taken_also_those_on_other_pages(visit: Visit, alice: Account) -> None:
    foxes = [done(alice, prompt="a fox") for _ in range(3)]
    cat = done(alice, prompt="a cat")
    client = visit(alice)
    page = parse(client.get("/history?q=fox").text)
    (field,) = [box for box in page.all("input") if box.get("name") == "matching"]
    said = client.get(f"/partials/history/matching{field['value']}").text
    assert said.startswith("All 3 pictures\n")
    data = {"all": "yes", "matching": field["value"], "id": cat.public_id}
    client.post("/history/selected/favourite", data=data)
    assert set(shown(client, "/history?favourite=yes")) == set(ids(*foxes)["id"])
    question = parse(client.post("/history/selected/delete", data={**data, "sure": "yes"}).text)
    agreed = {box["name"]: box["value"] for box in question.all("input")}
    assert client.post("/history/selected/delete", data=agreed).status_code == 303
    assert shown(client) == [cat.public_id]


@pytest.mark.both_databases
def test_deleted_together_is_undone_together(visit: Visit, alice: Account) -> None:
    rows = [done(alice) for _ in range(3)]
    client = visit(alice)
    data = {**ids(*rows[:2]), "matching": "?tier=studio"}
    answer = client.post("/history/selected/delete", data=data)
    assert answer.status_code == 303
    page = parse(client.get(answer.location).text)
    assert "2 deleted." in page.one("div", css="selection-news").words
    assert shown(client) == [rows[2].public_id]
    (moment,) = [box["value"] for box in page.all("input") if box.get("name") == "moment"]
    undo = {
        box["name"]: box["value"]
        for box in page.all("input")
        if box.parent and box.parent.get("action") == "/history/selected/undo"
    }
    assert undo == {"moment": moment, "matching": "?tier=studio"}
    back = visit(alice).post("/history/selected/undo", data=undo)
    assert (back.status_code, back.location) == (303, "/history?tier=studio")
    assert len(shown(client)) == 3


def test_with_htmx_the_words_come_in_place_and_the_undo_with_them(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    rows = [done(alice) for _ in range(2)]
    client = visit(alice)
    data = {**ids(*rows), "matching": "?tier=studio"}
    answer = client.post("/history/selected/delete", data=data, headers=HTMX)
    assert (answer.status_code, "2 deleted." in answer.text) == (200, True)
    undo = {box["name"]: box["value"] for box in parse(answer.text).all("input")}
    moment = {"moment": undo["moment"]}
    assert undo == {**moment, "matching": "?tier=studio"}
    assert answer.headers["HX-Trigger"] == (
        f'{{"fluxgen:selected": {{"act": "deleted", "moment": {moment["moment"]}}}}}'
    )
    assert visit(mallory).post("/history/selected/undo", data=moment).status_code == 410
    pass_time(30)
    back = client.post("/history/selected/undo", data=moment, headers=HTMX)
    assert "2 are back." in back.text
    assert len(shown(client)) == 2
    client.post("/history/selected/delete", data=ids(*rows), headers=HTMX)
    pass_time(61)
    assert client.post("/history/selected/undo", data=moment, headers=HTMX).status_code == 410


@pytest.mark.parametrize("moment", ["", "x", "-1", "9" * 40, "²", "1e9"])
def test_an_undo_that_names_no_moment_is_refused(visit: Visit, alice: Account, moment: str) -> None:
    answer = visit(alice).post("/history/selected/undo", data={"moment": moment})
    assert answer.status_code in {410, 422}


def test_favourites_need_a_second_yes(visit: Visit, alice: Account) -> None:
    rows = [done(alice) for _ in range(3)]
    client = visit(alice)
    client.post("/history/selected/favourite", data=ids(rows[0]))
    asked = client.post("/history/selected/delete", data=ids(*rows), headers=HTMX)
    assert "One of them is a favourite" in asked.text
    asked = client.post("/history/selected/delete", data=ids(*rows))
    assert asked.status_code == 409
    page = parse(asked.text)
    form = page.one("form", css="selection-question")
    sent: dict[str, list[str]] = {}
    for box in page.all("input"):
        sent.setdefault(box["name"], []).append(box["value"])
    assert len(shown(client)) == 3, "nothing is deleted before the yes"
    assert client.post(form["action"], data=sent).status_code == 303
    assert shown(client) == []


def test_favourites_are_marked_on_the_page_too(visit: Visit, alice: Account) -> None:
    rows = [done(alice) for _ in range(2)]
    client = visit(alice)
    answer = client.post("/history/selected/favourite", data=ids(*rows), headers=HTMX)
    assert "2 made favourites." in answer.text
    assert answer.text.count('aria-pressed="true"') == 2
    off = {**ids(rows[0]), "favourite": "no"}
    assert (
        "1 no favourite any more"
        in client.post("/history/selected/favourite", data=off, headers=HTMX).text
    )
    assert shown(client, "/history?favourite=yes") == [rows[1].public_id]


@pytest.mark.both_databases
def test_collecting_into_a_new_one_and_out_of_it(visit: Visit, alice: Account) -> None:
    rows = [done(alice) for _ in range(3)]
    client = visit(alice)
    answer = client.post("/history/selected/collect", data={**ids(*rows[:2]), "name": " Winter "})
    (winter,) = collections.all_of(alice)
    assert answer.location == f"/history?collection={winter.public_id}"
    page = client.get(answer.location)
    assert "In “Winter”" in parse(page.text).one("ul", css="history__chips").words
    assert shown(client, answer.location) == ids(rows[1], rows[0])["id"]
    more = {**ids(rows[2]), "collection": winter.public_id}
    said = client.post("/history/selected/collect", data=more, headers=HTMX)
    assert "1 in “Winter”." in said.text
    out = {**more, "matching": f"?collection={winter.public_id}"}
    said = client.post("/history/selected/uncollect", data=out, headers=HTMX)
    assert said.headers["HX-Trigger"] == '{"fluxgen:selected": {"act": "removed"}}'
    assert len(shown(client, answer.location)) == 2
    bad = client.post("/history/selected/collect", data={**ids(rows[2]), "name": "x" * 61})
    assert (bad.status_code, "at most 60" in bad.text) == (422, True)


@pytest.mark.parametrize("matching", ["?q=%00", "?" + "a=1&" * 90, "?from=x", "\x00", "?slot=a"])
def test_a_search_that_makes_no_sense_is_no_crash(
    visit: Visit, alice: Account, matching: str
) -> None:
    done(alice)
    data = {"all": "yes", "matching": matching}
    assert visit(alice).post("/history/selected/favourite", data=data).status_code in {303, 422}


def test_as_many_names_as_one_act_takes_fit_into_the_form(visit: Visit, alice: Account) -> None:
    kept = done(alice)
    names = [*(f"{at:022}" for at in range(9_999)), kept.public_id]
    answer = visit(alice).post("/history/selected/favourite", data={"id": names})
    assert answer.status_code == 303
    assert Generation.get_by_id(kept.id).favourite_at is not None
