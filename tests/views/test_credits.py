"""The statement: every movement of one's own credits."""

from __future__ import annotations

import pytest

from fluxgen import credits
from fluxgen.models import Account, Generation
from tests.support.buying import held, numbers
from tests.support.cast import HTMX, order
from tests.support.making import Visit, ask, make
from tests.support.pages import parse
from tests.support.workers import Workers


@pytest.mark.both_databases
def test_every_movement_is_there_newest_first(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    make(client, workers)
    make(client, workers, prompt="[fail]")
    table = parse(client.get("/credits").text).one("table")
    rows = [row.words for row in table.pieces[-2].pieces if not isinstance(row, str)]  # type: ignore[union-attr]
    for row, expected in zip(
        rows,
        [
            "Released from picture 2",
            "Held for picture 2",
            "Captured for picture 1 1 credit for 1 picture",
            "Held for picture 1",
            "Granted Welcome",
        ],
        strict=True,
    ):
        assert expected in row


def test_what_is_held_is_said(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    ask(client, count="3")
    words = parse(client.get("/credits").text).one("main").words
    assert "97" in words
    assert "Another 3 are held" in words


def test_without_movements_there_is_no_table(visit: Visit, bob: Account) -> None:
    page = parse(visit(bob).get("/credits").text)
    assert not page.all("table")
    assert "No movements yet" in page.one("main").words


def test_the_statement_is_shown_to_its_owner_only(
    visit: Visit, alice: Account, bob: Account
) -> None:
    generation = ask(visit(alice))
    assert generation.public_id in visit(alice).get("/credits").text
    assert generation.public_id not in visit(bob).get("/credits").text


def test_every_answer_that_moves_credits_brings_the_balance(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)

    def said(html: str) -> str:
        """The balance that an answer puts into the header; the books have the same."""
        page = parse(html)
        assert any(one.get("hx-swap-oob") == "innerHTML:#purse" for one in page.all("div"))
        words = page.by_id("balance").words
        assert words == f"{numbers(alice)[0]} credits"
        return words

    made = browser.post("/generations", data=order(count="3"), headers=HTMX)
    assert said(made.text) == "97 credits"
    (generation,) = Generation.select()
    address = f"/generations/{generation.public_id}"
    poll = f"/partials/unfinished?ids={generation.public_id}"
    assert said(browser.post(f"{address}/cancel", headers=HTMX).text) == "97 credits"
    workers.work()
    assert said(browser.get(poll).text) == "100 credits"
    again = browser.post(f"{address}/retry", headers=HTMX)
    assert said(again.text) == "97 credits"
    workers.work()
    assert said(browser.get(poll).text) == "97 credits"
    credits.release(held(alice, 5), "failed")
    refused = browser.post(f"{address}/cancel", headers=HTMX)
    assert (refused.status_code, said(refused.text)) == (409, "97 credits")


def test_the_balance_stays_in_the_header_while_a_limit_is_set(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    for typed, status in (("5", 200), ("many", 422)):
        page = browser.post("/account/limit", data={"daily_limit": typed}, follow_redirects=True)
        assert page.status_code == status
        assert parse(page.text).by_id("balance").words == "100 credits"
