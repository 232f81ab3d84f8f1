"""The statement: every movement of one's own credits."""

from __future__ import annotations

import pytest

from fluxgen.models import Account
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
        rows, ["Released", "Held", "Captured: 1 credit", "Held", "Granted: Welcome"], strict=True
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
