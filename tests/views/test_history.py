"""The archive, newest first, by days, in pages that hold still."""

from __future__ import annotations

import pytest

from fluxgen.models import Account
from tests.support.making import Visit, ask, make
from tests.support.pages import Page, parse
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def words_of(page: Page) -> list[str]:
    """The prompts on the cards, in order."""
    return [element.words for element in page.all(css="generation-card__words")]


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from fluxgen import archive

    monkeypatch.setattr(archive.page, "__defaults__", (None, 2))


def test_an_empty_archive_says_so(visit: Visit, alice: Account) -> None:
    page = parse(visit(alice).get("/history").text)
    assert "Nothing here yet" in page.one("main").words
    assert page.one("a", css="button--mark")["href"] == "/studio"


@pytest.mark.both_databases
def test_the_archive_is_shown_to_its_owner_only(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    make(visit(alice), workers, prompt="a red fox")
    assert words_of(parse(visit(alice).get("/history").text)) == ["a red fox"]
    assert "a red fox" not in visit(mallory).get("/history").text


def test_newest_first_and_only_what_was_finished(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    for prompt in ("first", "second", "third [fail]"):
        make(client, workers, prompt=prompt)
    page = parse(client.get("/history").text)
    assert words_of(page) == ["second", "first", "third [fail]"]
    assert "Did not develop" in page.one("main").words
    assert "2 pictures. Only you can see them." in page.one("main").words


def test_days_have_names(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    for _ in range(3):
        make(client, workers)
        pass_time(DAY_S)
    pass_time(-DAY_S)
    titles = [heading.words for heading in parse(client.get("/history").text).all("h2")]
    assert titles[:2] == ["Today", "Yesterday"]
    assert titles[2].split()[0].isdecimal()


def test_pages_hold_still_while_new_pictures_arrive(
    visit: Visit, alice: Account, workers: Workers, two_a_page: None
) -> None:
    client = visit(alice)
    for prompt in ("one", "two", "three", "four", "five"):
        make(client, workers, prompt=prompt)
    first = parse(client.get("/history").text)
    make(client, workers, prompt="six")
    older = parse(client.get(first.by_id("older").pieces[0]["href"]).text)  # type: ignore[index]
    oldest = parse(client.get(older.by_id("older").pieces[0]["href"]).text)  # type: ignore[index]
    assert words_of(first) + words_of(older) + words_of(oldest) == [
        *("five", "four", "three", "two", "one")
    ]
    assert not oldest.has_id("older")


@pytest.mark.parametrize("after", ["", "abc", "-1", "0", "99999999999999999999", "1;DROP"])
def test_nonsense_in_the_address_does_no_harm(
    visit: Visit, alice: Account, workers: Workers, after: str
) -> None:
    client = visit(alice)
    make(client, workers)
    assert client.get("/history", query_string={"after": after}).status_code == 200


def test_a_foreign_id_offers_no_undo(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    generation = make(visit(alice), workers)
    visit(alice).post(f"/generations/{generation.public_id}/delete")
    page = visit(mallory).get("/history", query_string={"deleted": generation.public_id})
    assert f"/generations/{generation.public_id}/undo" not in page.text


def test_a_page_with_something_on_the_table_asks_for_it(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    generation = ask(client)
    page = parse(client.get("/history").text)
    assert generation.public_id in page.by_id("unfinished")["hx-get"]
