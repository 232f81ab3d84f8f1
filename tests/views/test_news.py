"""What was finished while the person is elsewhere: beside "Studio", in the title, and no longer."""

from __future__ import annotations

import re

from fluxgen import db
from fluxgen.generations.reading import NEWS
from fluxgen.models import Account
from tests.support.cast import Browser
from tests.support.life import finished
from tests.support.making import Visit, ask, make
from tests.support.workers import Workers, pass_time

COUNT = re.compile(r'id="unread" data-count="(\d+)"')


def unread(client: Browser, address: str = "/account") -> int | None:
    """What the masthead of this page counts."""
    found = COUNT.search(client.get(address).text)
    return int(found[1]) if found else None


def title(client: Browser, address: str = "/account") -> str:
    found = re.search(r"<title>(.*)</title>", client.get(address).text)
    return found[1] if found else ""


def test_what_finishes_elsewhere_is_counted_until_somebody_looks(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    client.get("/studio")
    assert unread(client) == 0
    for prompt in ("a fox", "a wolf", "[fail]"):
        make(client, workers, prompt=prompt)
    assert unread(client) == 2
    assert "2 new" in client.get("/account").text
    assert title(client) == "(2) Account · FluxGen"
    assert unread(client, "/studio") is None
    assert unread(client) == 0
    assert title(client) == "Account · FluxGen"


def test_looking_at_one_picture_leaves_the_later_ones_new(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.get("/history")
    first = finished(ask(client))
    pass_time(5)
    finished(ask(client))
    assert unread(client) == 2
    client.get(f"/generations/{first.public_id}")
    assert unread(client) == 1


def test_what_arrives_on_the_page_that_waits_for_it_is_seen(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.get("/studio")
    generation = finished(ask(client))
    client.get(f"/partials/unfinished?ids={generation.public_id}")
    assert unread(client) == 0


def test_the_count_asks_again_only_while_something_is_under_way(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    client = visit(alice)
    client.get("/studio")
    assert "hx-get" not in client.get("/partials/unread").text
    waiting = ask(client)
    assert 'hx-get="/partials/unread"' in client.get("/partials/unread").text
    assert 'hx-get="/partials/unread"' in client.get("/account").text
    finished(waiting)
    answer = client.get("/partials/unread").text
    assert "1 new" in answer and "hx-get" not in answer
    assert unread(visit(mallory)) == 0


def test_a_visitor_is_told_no_news(visit: Visit) -> None:
    assert unread(visit(None), "/") is None
    assert visit(None).get("/partials/unread").status_code == 401


def test_counting_reads_an_index_and_no_archive(alice: Account) -> None:
    plan = " ".join(str(step[-1]) for step in db.tuples(f"EXPLAIN QUERY PLAN {NEWS}", 1, 1, 1))
    assert "generation_news" in plan and "generation_unfinished" in plan
