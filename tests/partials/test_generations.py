"""The fragments of generations: the one polling answer of a page, cards, the lightbox."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from fluxgen.models import Account, Generation
from fluxgen.partials import generations as partials
from fluxgen.sandbox import Sandbox
from tests.support.cast import HTMX, order
from tests.support.making import Visit, ask, latest, make
from tests.support.pages import Page, parse
from tests.support.workers import Workers, pass_time


def asks(page: Page) -> str:
    """The address a page or answer asks again; "" when it has stopped."""
    return page.by_id("unfinished").get("hx-get")


def ids(address: str) -> set[str]:
    """Whom it asks for."""
    return set(parse_qs(urlsplit(address).query)["ids"][0].split(","))


@pytest.mark.both_databases
def test_one_request_asks_for_all_cards_until_they_are_done(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    rows = [ask(client) for _ in range(3)]
    studio = parse(client.get("/studio").text)
    assert (
        len([element for element in studio.elements if "every" in element.get("hx-trigger")]) == 0
    )
    assert ids(asks(studio)) == {row.public_id for row in rows}

    answer = parse(client.get(asks(studio)).text)
    assert all(answer.has_id(f"generation-{row.public_id}") for row in rows)
    assert asks(answer)

    workers.work()
    done = parse(client.get(asks(answer)).text)
    assert not asks(done)
    assert all(
        "generation-card--done" in done.by_id(f"generation-{row.public_id}").classes for row in rows
    )


@pytest.mark.both_databases
def test_the_archive_gets_what_is_done_as_a_tile_of_its_day(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    made, failed = ask(client, prompt="a boat"), ask(client, prompt="[fail]")
    workers.work()
    names = f"{made.public_id},{failed.public_id}"
    answer = parse(client.get(f"/partials/unfinished?ids={names}&grid=yes").text)
    tile = answer.by_id(f"generation-{made.public_id}")
    assert (tile["data-number"], tile["aria-label"]) == ("1", "Generation 1")
    assert tile.inside_of(answer.by_id(f"day-{latest(made).created_at:%Y-%m-%d}"))
    (box,) = [each for each in answer.all("input") if each.get("name") == "id"]
    assert (box["value"], box["form"]) == (made.public_id, "selection")
    assert "generation-card--ended" in answer.by_id(f"generation-{failed.public_id}").classes
    assert len(answer.all("article")) == 2


def test_what_is_done_is_not_asked_for_again(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    first = ask(client)
    address = asks(parse(client.get("/studio").text))
    workers.work()
    second = ask(client)
    both = f"{first.public_id},{second.public_id}"
    answer = parse(client.get(f"/partials/unfinished?ids={both}").text)
    assert ids(asks(answer)) == {second.public_id}
    assert not asks(parse(client.get(address).text))


def test_every_card_of_the_answer_replaces_its_own_place(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    rows = [ask(client) for _ in range(2)]
    element = parse(client.get("/studio").text).by_id("unfinished")
    assert set(element["hx-select-oob"].split(",")) == {
        f"#generation-{row.public_id}" for row in rows
    }
    assert (element["hx-target"], element["hx-swap"]) == ("#unfinished", "outerHTML")


def test_the_balance_moves_in_the_same_answer(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    generation = ask(client, prompt="[fail]", count="4")
    address = f"/partials/unfinished?ids={generation.public_id}"
    assert parse(client.get(address).text).by_id("balance").words == "96 credits"
    workers.work()
    assert parse(client.get(address).text).by_id("balance").words == "100 credits"


def test_a_card_shows_how_far_it_is(
    visit: Visit, alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 4.0
    client = visit(alice)
    generation = ask(client)
    address = f"/partials/generations/{generation.public_id}"
    said = parse(client.get(address).text).by_id(f"generation-{generation.public_id}").words
    assert "Waiting" in said and "next" in said and "slower" not in said
    phases: set[str] = set()
    said = ""
    for _ in range(20):
        workers.step()
        pass_time(1)
        card = parse(client.get(address).text).by_id(f"generation-{generation.public_id}")
        phases |= {name for name in card.classes if name.startswith("generation-card--")}
        said += card.words
    assert "generation-card--developing" in phases
    assert re.search(r"\d %, \d+ s(?! of)", said)  # its own number, not beside an estimate
    assert latest(generation).run_started_at is not None


def test_an_ended_card_carries_no_question(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    for prompt in ("a fox", "[fail]"):
        generation = make(client, workers, prompt=prompt)
        card = parse(client.get(f"/partials/generations/{generation.public_id}").text)
        assert not [element for element in card.elements if element.has("hx-get")]


FAILURES = {
    "[fail]": ("This one did not develop", "The model stopped before it finished."),
    "[blocked]": ("Blocked", "The model's safety filter stopped this."),
    "[nothing]": ("This one did not develop", "The model finished without a picture."),
    "[not a picture]": ("This one did not develop", "What arrived was not a picture."),
    "[expired]": ("This one did not develop", "The picture was gone before we could keep it."),
}


@pytest.mark.parametrize(("prompt", "words"), FAILURES.items(), ids=FAILURES)
def test_a_failure_says_what_happened_and_that_nothing_was_charged(
    visit: Visit, alice: Account, workers: Workers, prompt: str, words: tuple[str, str]
) -> None:
    client = visit(alice)
    generation = make(client, workers, prompt=f"a fox {prompt}", count="2")
    card = parse(client.get(f"/partials/generations/{generation.public_id}").text)
    for expected in (*words, "Nothing was charged", "2 credits are back"):
        assert expected in card.elements[0].words
    actions = {form["action"] for form in card.all("form")}
    assert f"/generations/{generation.public_id}/retry" in actions
    assert Account.get_by_id(alice.id).available == 100
    if prompt == "[blocked]":  # the same words would be blocked again
        reword = card.by_id(f"reword-{generation.public_id}")
        form = parse(client.get(reword["href"]).text)
        assert form.by_id("prompt").words == generation.prompt
    else:
        assert not card.has_id(f"reword-{generation.public_id}")


def test_foreign_and_unknown_ids_are_passed_over(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    generation = ask(visit(alice), prompt="a secret fox")
    address = f"/partials/unfinished?ids={generation.public_id},{'x' * 22},%00,,;"
    answer = visit(mallory).get(address)
    assert answer.status_code == 200
    page = parse(answer.text)
    assert not asks(page)
    assert not page.all("article")
    assert "secret" not in answer.text


def test_a_deleted_one_is_not_answered_for(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    generation = make(client, workers)
    client.post(f"/generations/{generation.public_id}/delete")
    address = f"/partials/unfinished?ids={generation.public_id}"
    assert not parse(client.get(address).text).all("article")


def test_a_request_asks_for_a_bounded_number(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visit(alice)
    rows = [ask(client) for _ in range(4)]
    monkeypatch.setattr(partials, "IDS_MAX", 3)
    names = ",".join(row.public_id for row in rows)
    answer = parse(client.get(f"/partials/unfinished?ids={names}").text)
    assert len(answer.all("article")) == 3
    many = ",".join("x" * 22 for _ in range(300))
    assert client.get(f"/partials/unfinished?ids={many}").status_code == 200


@pytest.mark.parametrize("query", ["", "?ids=", "?tries=-100", "?tries=x", "?tries=" + "9" * 5000])
def test_nonsense_is_answered_with_nothing(visit: Visit, alice: Account, query: str) -> None:
    client = visit(alice)
    ask(client)
    answer = client.get(f"/partials/unfinished{query}")
    assert answer.status_code == 200
    assert not asks(parse(answer.text))


@pytest.mark.parametrize("tries", ["-100", "0", "7", "8", "14", "15", "1000000"])
def test_the_pauses_grow_and_stay_bounded(visit: Visit, alice: Account, tries: str) -> None:
    client = visit(alice)
    generation = ask(client)
    address = f"/partials/unfinished?ids={generation.public_id}&tries={tries}"
    trigger = parse(client.get(address).text).by_id("unfinished")["hx-trigger"]
    pause_s = int(trigger.split("delay:")[1].split("s")[0])
    assert 1 <= pause_s <= 5
    assert pause_s == {"7": 1, "8": 2, "14": 2, "15": 5, "1000000": 5}.get(tries, 1)


def spoken(page: Page) -> str:
    """What is read out to those who listen."""
    said = [element.words for element in page.all("p") if "#live" in element.get("hx-swap-oob")]
    return "".join(said)


def test_what_ended_is_announced_in_one_sentence(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    names = [ask(client, prompt=prompt).public_id for prompt in ("a", "b", "c [fail]")]

    def answer(*which: int) -> str:
        chosen = ",".join(names[at] for at in which)
        return spoken(parse(client.get(f"/partials/unfinished?ids={chosen}").text))

    assert answer(0, 1, 2) == ""
    workers.work()
    assert answer(0) == "Picture 1 is ready."
    assert answer(0, 1) == "Pictures 2 and 1 are ready."
    assert answer(2) == "3 did not develop. The credits are back."
    assert answer(1, 2) == "Picture 2 is ready. 3 did not develop. The credits are back."
    names.append(ask(client).public_id)
    client.post(f"/generations/{names[-1]}/cancel")
    workers.work()
    assert answer(3) == "4 is stopped. The credits are back."


def test_a_card_and_a_lightbox_are_for_their_owner_only(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    generation = make(visit(alice), workers)
    for address in (
        f"/partials/generations/{generation.public_id}",
        f"/partials/generations/{generation.public_id}/lightbox",
    ):
        assert visit(alice).get(address).status_code == 200
        foreign = visit(mallory).get(address)
        assert (foreign.status_code, foreign.data) == (404, b"")
        assert foreign.headers["Cache-Control"] == "no-store"


def test_the_lightbox_knows_its_neighbours(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    oldest, middle, newest = (make(client, workers, prompt=name) for name in ("a", "b", "c"))
    make(client, workers, prompt="[fail]")

    def lightbox(row: Generation) -> Page:
        return parse(client.get(f"/partials/generations/{row.public_id}/lightbox").text)

    steps = {link["rel"]: link["href"] for link in lightbox(middle).all("a") if link.has("rel")}
    assert steps == {
        "prev": f"/generations/{newest.public_id}",
        "next": f"/generations/{oldest.public_id}",
    }
    assert "2 of 3" in lightbox(middle).one(css="lightbox__bar").words
    assert not lightbox(newest).all(css="lightbox__step--previous")
    assert not lightbox(oldest).all(css="lightbox__step--next")


@pytest.mark.parametrize("picture", ["2", "0", "-1", "3", "99", "x", "9" * 5000])
def test_siblings_have_addresses_and_nonsense_shows_the_first(
    visit: Visit, alice: Account, workers: Workers, picture: str
) -> None:
    client = visit(alice)
    generation = make(client, workers, count="2")
    address = f"/generations/{generation.public_id}?picture={picture}"
    page = parse(client.get(address).text)
    assert page.one("h1").words.startswith("Picture 1B" if picture == "2" else "Picture 1A")


def test_a_form_sent_after_another_one_ended_leaves_that_one_asked_for(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    ended = make(client, workers)  # the page has not heard of it, and its question is replaced
    form = {**order(), "waits": f"{ended.public_id},{'x' * 22}"}
    answer = parse(client.post("/generations", data=form, headers=HTMX).text)
    assert ended.public_id in ids(asks(answer))
    assert len(ids(asks(answer))) == 2
