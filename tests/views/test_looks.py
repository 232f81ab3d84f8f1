"""The gallery of Looks and their pages, signed out and signed in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxgen import looks
from fluxgen.looks import Look
from fluxgen.models import Account
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.shelf import Shelf
from tests.support.shelf import shelf as shelf_


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    with shelf_(tmp_path, monkeypatch) as shelf:
        yield shelf


def test_the_gallery_shows_every_look_under_its_job(visit: Visit) -> None:
    page = parse(visit(None).get("/looks").text)
    jobs = [heading.words for heading in page.all("h2")]
    assert jobs == [looks.JOBS[job] for job in looks.gallery()]
    titles = [heading.words for heading in page.all("h3")]
    assert titles == [look.title for look in looks.offered()]
    row = page.by_id("look-two-inks")
    assert "from 1 credit · 6 questions" in row.words
    assert "a swimmer turning under water, ink blue, pink" in row.words


def test_it_is_in_the_navigation_of_visitors_and_members(visit: Visit, alice: Account) -> None:
    for account in (None, alice):
        for address in ("/looks", "/looks/repeat"):
            page = parse(visit(account).get(address).text)
            (link,) = [link for link in page.all("a") if link.get("aria-current") == "page"]
            assert (link.words, link["href"]) == ("Looks", "/looks")


@pytest.mark.parametrize("look", looks.offered(), ids=lambda look: look.slug)
def test_a_look_shows_its_text_its_price_and_its_samples(visit: Visit, look: Look) -> None:
    page = parse(visit(None).get(f"/looks/{look.slug}").text)
    assert page.one("h1").words == look.title
    sent = looks.compose(look, look.samples[0].values)
    assert page.one("p", css="look__sentence").words == sent
    costs = [row.words for row in page.all("div", css="specs__row")]
    for tier, cost in zip(look.tiers, costs, strict=False):
        assert cost.endswith(
            f"{look.cost_credits(tier)} credit{'s' * (look.cost_credits(tier) > 1)}"
        )
    assert len(page.all("figure")) == len(look.samples)
    assert page.one("a", css="button--mark")["href"] == f"/studio?look={look.slug}"


def test_each_sample_has_its_answers_beneath_and_starts_from_them(visit: Visit) -> None:
    page = parse(visit(None).get("/looks/small-sign").text)
    answers = [element.words for element in page.all("dd") if element.inside("figure")]
    assert answers[6:10] == ["paper boat", "soft clay", "disc", "ink and sky"]
    assert "Start from these answers" in page.by_id("sample-small-sign-2").words
    links = [link["href"] for link in page.all("a", css="look-sample__same")]
    assert links[1] == "/studio?look=small-sign&sample=2"


def test_pictures_that_no_model_made_are_marked_as_such(visit: Visit) -> None:
    gallery = visit(None).get("/looks").text
    assert "not made by a model" in gallery
    page = parse(visit(None).get("/looks/cutaway").text)
    assert "drew them from exactly these answers" in page.one("p", css="look__stand-in").words
    for edge in page.all("p", css="look-sample__edge"):
        assert "painted" in edge.words
    pictures = [picture for picture in page.all("img") if picture.inside("figure")]
    assert pictures[0]["alt"].startswith("Painted stand-in for: Cutaway of a mechanical")


def test_a_sample_that_a_model_made_names_it(visit: Visit, shelf: Shelf) -> None:
    samples = shelf.folder / "cutaway" / "samples-1.toml"
    samples.write_text(samples.read_text().replace('"sandbox"', '"flux-dev"'))
    shelf.reread()
    page = parse(visit(None).get("/looks/cutaway").text)
    assert page.all("p", css="look__stand-in") == []
    assert "Flux Dev" in page.all("p", css="look-sample__edge")[0].words


def test_every_sample_is_there_and_small(visit: Visit) -> None:
    client = visit(None)
    page = parse(client.get("/looks/rain-carriage").text)
    for picture in page.all("img"):
        answer = client.get(picture["src"])
        assert answer.status_code == 200
        assert len(answer.data) <= 25_000
    assert {picture["width"] for picture in page.all("img")} == {"480"}


def test_lettering_says_where_it_is_offered(visit: Visit) -> None:
    page = parse(visit(None).get("/looks/two-inks").text)
    assert "At Studio and Print only" in page.one("dl", css="look__questions").words


def test_what_happens_to_a_reference_is_said(visit: Visit) -> None:
    words = parse(visit(None).get("/looks/window-light").text).one("main").words
    assert "A picture of the person, if you like; they agree and are an adult. Never kept." in words


@pytest.mark.parametrize("address", ["/looks/nothing", "/looks/Repeat", "/looks/repeat?version=9"])
def test_what_we_do_not_have_is_not_found(visit: Visit, address: str) -> None:
    assert visit(None).get(address).status_code == 404


def test_a_retired_version_has_its_page_and_is_not_offered(visit: Visit, shelf: Shelf) -> None:
    shelf.revise("cutaway", "Cutaway of {object}", "Section through {object}")
    now = parse(visit(None).get("/looks/cutaway").text)
    assert now.one("p", css="look__sentence").words.startswith("Section through")
    old = parse(visit(None).get("/looks/cutaway?version=1").text)
    assert old.one("p", css="look__sentence").words.startswith("Cutaway of")
    assert "Version 1 is retired" in old.one("p", css="notice").words
    assert old.all("a", css="button--mark") == []


def test_a_look_without_samples_still_has_a_page(visit: Visit, shelf: Shelf) -> None:
    (shelf.folder / "cutaway" / "samples-1.toml").unlink()
    shelf.reread()
    assert visit(None).get("/looks/cutaway").status_code == 200
    assert visit(None).get("/looks").status_code == 200
