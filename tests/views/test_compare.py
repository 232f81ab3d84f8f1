"""Two pictures compared: which slots, words and settings differ; others of the same Look."""

from __future__ import annotations

import time

import pytest

from fluxgen import archive
from fluxgen.models import Account
from tests.domain.test_archive_finding import of_look
from tests.support.life import done, failed
from tests.support.making import Visit
from tests.support.pages import Page, parse

pytestmark = pytest.mark.both_databases


def rows_of(page: Page, css: str = "comparison__changed") -> list[str]:
    """The rows of the tables, in words."""
    return [row.words for row in page.all("tr", css=css)]


def test_the_difference_of_two_is_their_changed_slots(visit: Visit, alice: Account) -> None:
    a, b = (
        of_look(alice, hour="blue dusk"),
        of_look(alice, hour="late gold", wall={"other": "bare plaster"}),
    )
    page = parse(visit(alice).get(f"/history/compare?a={a.public_id}&b={b.public_id}").text)
    changed = rows_of(page)
    assert changed[0].startswith("Hour") or changed[1].startswith("Hour"), changed
    assert any("blue dusk" in row and "late gold" in row for row in changed)
    assert all("changed slot" in row for row in changed if not row.startswith("Seed"))
    same = [row.words for row in page.all("tr") if "comparison__changed" not in row.classes]
    assert any(row.startswith("Model") for row in same)
    assert len(page.all("figure")) == 2
    assert {"blue dusk", "late gold"} <= {mark.words for mark in page.all("mark")}


def test_of_own_words_the_changed_ones_are_marked(visit: Visit, alice: Account) -> None:
    a = done(alice, prompt="a red fox in the snow")
    b = done(alice, prompt="a grey fox in the snow", model="flux-dev", tier="studio")
    page = parse(visit(alice).get(f"/history/compare?a={a.public_id}&b={b.public_id}").text)
    assert [mark.words.strip() for mark in page.all("mark")] == ["red", "grey"]
    changed = rows_of(page)
    assert any(row.startswith("Model") and "Schnell" in row for row in changed), changed
    assert any(row.startswith("Quality") and "Studio" in row for row in changed)
    assert not any(row.startswith(("Shape", "Look")) for row in changed)


def test_prompts_that_repeat_themselves_are_compared_in_no_time(
    visit: Visit, alice: Account
) -> None:
    a, b = done(alice, prompt="a b " * 499 + "a"), done(alice, prompt="a c " * 499 + "a")
    client = visit(alice)
    began = time.process_time()
    page = parse(client.get(f"/history/compare?a={a.public_id}&b={b.public_id}").text)
    assert time.process_time() - began < 10
    assert [mark.words for mark in page.all("mark")] == [a.prompt, b.prompt]


def test_long_prompts_of_different_words_are_compared_word_by_word(
    visit: Visit, alice: Account
) -> None:
    start, end = "".join(f"word{n} in the " for n in range(65)), "the end of the day in town"
    a, b = done(alice, prompt=f"{start}red {end}"), done(alice, prompt=f"{start}grey {end}")
    page = parse(visit(alice).get(f"/history/compare?a={a.public_id}&b={b.public_id}").text)
    assert [mark.words.strip() for mark in page.all("mark")] == ["red", "grey"]


def test_others_of_a_look_say_what_they_change_the_nearest_first(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    a = of_look(alice, hour="blue dusk")
    near = of_look(alice, hour="late gold")
    far = of_look(alice, hour="late gold", wall={"other": "bare plaster"}, who="a fisherman")
    done(alice), of_look(mallory, hour="late gold")
    assert archive.of_same_look(alice, a) == [far, near]
    page = parse(visit(alice).get(f"/history/compare?a={a.public_id}").text)
    links = [link["href"] for link in page.all("a") if "&b=" in link.get("href")]
    assert links == [
        f"/history/compare?a={a.public_id}&b={other.public_id}" for other in (near, far)
    ]
    assert "late gold" in {mark.words for mark in page.all("mark")}


def test_a_picture_leads_to_its_comparisons(visit: Visit, alice: Account) -> None:
    a = of_look(alice, hour="blue dusk")
    page = parse(visit(alice).get(f"/generations/{a.public_id}").text)
    assert f"/history/compare?a={a.public_id}" in [link["href"] for link in page.all("a")]


@pytest.mark.parametrize("b", ["", "&b=", "&b=nothing"])
def test_what_is_not_ones_own_is_not_there(
    visit: Visit, alice: Account, mallory: Account, b: str
) -> None:
    theirs, mine = done(mallory), done(alice)
    client = visit(alice)
    assert client.get(f"/history/compare?a={theirs.public_id}{b}").status_code == 404
    both = f"/history/compare?a={mine.public_id}&b={theirs.public_id}"
    assert client.get(both).status_code == 404
    assert "Tick two pictures" in parse(client.get("/history/compare").text).one("main").words
    archive.delete(mine)
    assert client.get(f"/history/compare?a={mine.public_id}").status_code == 404


def test_what_has_no_picture_can_be_compared_all_the_same(visit: Visit, alice: Account) -> None:
    a, b = done(alice), failed(alice)
    page = parse(visit(alice).get(f"/history/compare?a={a.public_id}&b={b.public_id}").text)
    assert "This one has no picture." in page.one("main").words
    own = parse(visit(alice).get(f"/history/compare?a={a.public_id}").text)
    assert "from your own words" in own.one("main").words
