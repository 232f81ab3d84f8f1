"""How many pictures the archive says there are, and what a page of it asks the database."""

from __future__ import annotations

import pytest

from fluxgen import archive
from fluxgen.models import Account
from tests.support.life import done
from tests.support.making import Visit
from tests.support.pages import parse


@pytest.mark.both_databases
def test_what_a_page_does_not_count_is_counted_a_moment_later(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive.reading, "COUNTED_MAX", 3)
    monkeypatch.setattr(archive, "COUNTED_MAX", 3)
    client = visit(alice)
    for _ in range(4):
        done(alice)
    for at_once, trigger, words in (
        (4, "recount", "4 pictures"),
        (2, "recount, load", "More than 2 pictures"),
    ):
        monkeypatch.setattr(archive, "AT_ONCE_MAX", at_once)
        page = parse(client.get("/history?q=fox").text)
        places = [page.by_id(name) for name in ("history-total", "history-matches")]
        assert [place["hx-trigger"] for place in places] == [trigger] * 2
        assert [place.words.partition(".")[0] for place in places] == [words] * 2
    whole, matches = (client.get(place["hx-get"]).text for place in places)
    assert "4 pictures. Only you can see them." in whole
    assert "More than 3 pictures" in matches


def test_a_page_asks_as_many_questions_for_one_picture_as_for_many(
    visit: Visit, alice: Account, caplog: pytest.LogCaptureFixture
) -> None:
    client = visit(alice)
    counts = []
    for many in (1, 25):
        for _ in range(many):
            done(alice, count=1 + many % 2)
        for address in ("/history", "/history?q=fox", "/partials/history?after=1000"):
            client.get(address)
            caplog.clear()
            with caplog.at_level("DEBUG", logger="peewee"):
                client.get(address)
            counts.append(sum(record.name == "peewee" for record in caplog.records))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 14
