"""The archive, newest first, by days, in pages that hold still."""

from __future__ import annotations

import pytest

from fluxgen import archive, clock
from fluxgen.models import Account
from fluxgen.views import history as views
from tests.support.cast import HTMX
from tests.support.life import done, failed
from tests.support.making import Visit, ask, make
from tests.support.pages import Element, Page, parse
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def words_of(page: Page) -> list[str]:
    """The prompts of the tiles, in order."""
    names = [tile["aria-label"] for tile in page.all(css="generation-card__picture")]
    return [name.partition(": ")[2] for name in names]


def older_of(page: Page) -> Element:
    """The link to older pictures."""
    return next(link for link in page.all("a") if link.words == "Show older pictures")


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive.page, "__defaults__", (None, None, 2))


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


def test_the_first_pictures_are_fetched_at_once_and_the_others_when_they_come_near(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    for prompt in ("first", "second", "third"):
        make(client, workers, prompt=prompt)
    page = parse(client.get("/history").text)
    pictures = [image for image in page.all("img") if image["src"].startswith("/images/")]
    assert [image.get("loading") for image in pictures] == ["", "lazy", "lazy"]


def test_newest_first_and_only_what_was_finished(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    for prompt in ("first", "second", "third [fail]"):
        make(client, workers, prompt=prompt)
    page = parse(client.get("/history").text)
    assert words_of(page) == ["second", "first"]
    assert "third [fail]" in page.one("section", css="day--ended").words
    assert "Did not develop" in page.one("main").words
    assert "2 pictures. Only you can see them." in page.one("main").words


def test_what_did_not_develop_can_be_read_to_its_end(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ENDED_SHOWN", 2)
    client = visit(alice)
    done(alice)
    prompts = [failed(alice, prompt=f"number {n}").prompt for n in range(5)]
    read: list[str] = []
    page = parse(client.get("/history").text)
    for _ in range(3):
        shown = page.one("section", css="day--ended")
        read += [prompt for prompt in prompts if prompt in shown.words]
        older = [link["href"] for link in page.all("a") if "Show older ones" in link.words]
        if older:
            page = parse(client.get(older[0]).text)
            assert not [form for form in page.all("form") if form.get("id") == "selection"]
    assert sorted(read) == prompts
    assert not older


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
    older = parse(client.get(older_of(first)["href"]).text)
    oldest = parse(client.get(older_of(older)["href"]).text)
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


def test_the_next_page_goes_on_with_the_same_day(
    visit: Visit, alice: Account, two_a_page: None
) -> None:
    client = visit(alice)
    for at in range(5):
        done(alice, prompt=f"picture {at}")
        if at == 1:
            pass_time(DAY_S)
    first = parse(client.get("/history").text)
    text = client.get(older_of(first)["hx-get"], headers=HTMX).text
    answer = parse(text)
    today = first.one("section", css="day")["id"].removeprefix("day-")
    assert words_of(answer) == ["picture 2", "picture 1"]
    assert f'hx-swap-oob="beforeend:#sheet-{today}"' in text
    assert [heading.words for heading in answer.all("h2")] == ["Yesterday"]
    alone = parse(client.get(older_of(first)["href"]).text)
    assert [heading.words for heading in alone.all("h2")][:2] == ["Today", "Yesterday"]


def test_all_that_is_looked_for_stands_in_the_address(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    done(alice, prompt="a red fox"), done(alice, prompt="a blue fox", model="flux-dev")
    page = parse(client.get("/history?q=fox&model=flux-dev").text)
    assert words_of(page) == ["a blue fox"]
    assert page.by_id("history-matches").words == "1 picture"
    assert page.by_id("history-q")["value"] == "fox"
    chips = {chip.words: chip["href"] for chip in page.all("a", css="history__chip")}
    assert chips == {
        "“fox”, leave this out": "/history?model=flux-dev",
        "Flux Dev, leave this out": "/history?q=fox",
    }


def test_another_look_leaves_the_answers_to_the_first_behind(visit: Visit, alice: Account) -> None:
    page = visit(alice).get("/history?look=small-sign&slot=mood:calm&slot=thing:bell").text
    assert "calm" not in page and "bell" in page


def test_older_ones_of_a_search_are_of_the_search(
    visit: Visit, alice: Account, two_a_page: None
) -> None:
    client = visit(alice)
    for at in range(6):
        done(alice, prompt=f"{'fox' if at % 2 else 'heron'} {at}")
    first = parse(client.get("/history?q=fox").text)
    assert words_of(first) == ["fox 5", "fox 3"]
    assert words_of(parse(client.get(older_of(first)["href"]).text)) == ["fox 1"]
    assert words_of(parse(client.get(older_of(first)["hx-get"]).text)) == ["fox 1"]


def test_where_nothing_is_found_the_page_says_what_to_leave_out(
    visit: Visit, alice: Account
) -> None:
    done(alice), done(alice)
    page = parse(visit(alice).get("/history?q=fox&favourite=yes&tier=draft").text)
    assert "Nothing matches" in page.one("main").words
    ways = page.one("ul", css="history__ways")
    assert ways.words == "Without Favourites 2 pictures"
    alone = parse(visit(alice).get("/history?q=zebra").text).one("main").words
    assert "None of your pictures is like this." in alone
    for dates in ("from=2026-11-28&to=2026-11-01", f"from={clock.now():%Y-%m-%d}&to=2026-11-01"):
        turned = parse(visit(alice).get(f"/history?{dates}").text)
        assert "The dates are the wrong way round" in turned.one("main").words


def test_what_did_not_develop_can_be_looked_for(visit: Visit, alice: Account) -> None:
    done(alice), failed(alice, prompt="a grey heron"), failed(alice, prompt="a red crab")
    page = parse(visit(alice).get("/history?status=ended&q=heron").text)
    assert [words.words for words in page.all("a", css="generation-card__words")] == [
        "a grey heron"
    ]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "q=%00",
            "q=%22%27(*",
            "q=" + "a" * 3000,
            "look=%F0%9F%A6%8A",
            "slot=x",
            "slot=:",
            "slot=a:b",
        ),
        *("model=%27", "tier=none", "from=yesterday", "to=9999-12-31", "from=0001-01-01"),
        *("favourite=maybe", "status=all", "reference=1&status=ended", "q=&look=&model="),
    ],
)
def test_nonsense_in_the_filters_does_no_harm(visit: Visit, alice: Account, query: str) -> None:
    done(alice)
    client = visit(alice)
    assert client.get(f"/history?{query}").status_code == 200
    assert client.get(f"/partials/history?{query}", headers=HTMX).status_code == 200


def test_a_star_marks_and_unmarks_with_and_without_scripts(visit: Visit, alice: Account) -> None:
    client, generation = visit(alice), done(alice)
    address = f"/generations/{generation.public_id}/favourite"
    answer = client.post(address, headers=HTMX, data={"favourite": "yes"})
    assert parse(answer.text).one("button")["aria-pressed"] == "true"
    assert words_of(parse(client.get("/history?favourite=yes").text)) == [generation.prompt]
    came = {"Referer": "http://localhost/history?favourite=yes"}
    back = client.post(address, data={"favourite": "no"}, headers=came)
    assert (back.status_code, back.location) == (
        303,
        f"/history?favourite=yes#generation-{generation.public_id}",
    )
    assert words_of(parse(client.get("/history?favourite=yes").text)) == []
    client.post(address), client.delete(address, headers=HTMX)
    assert words_of(parse(client.get("/history?favourite=yes").text)) == []


def test_what_has_no_picture_is_no_favourite(visit: Visit, alice: Account) -> None:
    broken = failed(alice)
    assert visit(alice).post(f"/generations/{broken.public_id}/favourite").status_code == 409


def test_a_month_is_jumped_to_as_soon_as_there_are_two(visit: Visit, alice: Account) -> None:
    done(alice, prompt="long ago")
    assert "Jump to a month" not in visit(alice).get("/history").text
    pass_time(70 * DAY_S)
    done(alice, prompt="now")
    page = parse(visit(alice).get("/history").text)
    months = [link["href"] for link in page.all("a") if "after=" in link.get("href")]
    assert len(months) == 2
    there = parse(visit(alice).get(months[1]).text)
    assert words_of(there) == ["long ago"]
    assert there.one("a", css="history__newest")["href"] == "/history"
