"""The studio: the form, the table, and what today has brought."""

from __future__ import annotations

import pytest

from fluxgen import catalogue
from fluxgen.models import Account, Generation
from tests.support.cast import HTMX, Browser
from tests.support.life import failed, finished, submitted
from tests.support.making import Visit, ask, make
from tests.support.pages import Element, parse
from tests.support.workers import Workers, pass_time


def test_the_form_offers_the_whole_catalogue(visit: Visit, alice: Account) -> None:
    page = parse(visit(alice).get("/studio").text)
    offered = [radio["value"] for radio in page.all("input") if radio.get("name") == "model"]
    assert offered == list(catalogue.load().models)
    assert page.checked("model") == catalogue.DEFAULT_MODEL


def test_the_price_is_on_the_button(visit: Visit, alice: Account) -> None:
    page = parse(visit(alice).get("/studio").text)
    chosen = catalogue.model(catalogue.DEFAULT_MODEL)
    cost = chosen.cost_credits(catalogue.DEFAULT_TIER, 1)
    assert page.by_id("generate").words == f"Generate · {cost} credits"
    assert page.by_id("compose-left").words == f"Leaves {100 - cost}"
    assert page.by_id("balance").words == "100 credits"


def test_too_few_credits_are_said_before_anything_is_asked_for(visit: Visit, bob: Account) -> None:
    page = parse(visit(bob).get("/studio").text)
    assert "compose-form--short" in page.by_id("compose-form")["class"]
    assert page.by_id("compose-left").words == "You have 0"
    assert "autofocus" not in page.by_id("buy").attributes


def test_each_form_has_a_nonce_of_its_own(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    nonces = {
        field["value"]
        for _ in range(2)
        for field in parse(client.get("/studio").text).all("input")
        if field.get("name") == "nonce"
    }
    assert len(nonces) == 2


def test_the_table_is_shown_to_its_owner_only(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    ask(visit(alice), prompt="a red fox")
    assert "a red fox" in visit(alice).get("/studio").text
    assert "a red fox" not in visit(mallory).get("/studio").text


def test_failures_stay_on_the_table_of_today_with_words(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    client = visit(alice)
    make(client, workers, prompt="[blocked]")
    today = parse(client.get("/studio").text).by_id("today").words
    assert "safety filter" in today
    assert "Nothing was charged" in today
    assert "Try again · 1 credit" in today


def test_more_than_the_table_holds_are_counted_as_what_they_are(
    visit: Visit, alice: Account
) -> None:
    for _ in range(24):
        failed(alice)
    client = visit(alice)
    assert "24 generations" in parse(client.get("/studio").text).by_id("main").words
    failed(alice)
    assert "newest 24 of 25 generations" in parse(client.get("/studio").text).by_id("main").words


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_trying_again_costs_what_its_button_says(
    visit: Visit, alice: Account, headers: dict[str, str]
) -> None:
    client = visit(alice)
    short = finished(submitted(alice, count=4), pictures=3)
    page = parse(client.get("/studio").text)
    assert "Try all 4 again · 4 credits" in page.by_id("today").words
    address = f"/generations/{short.public_id}/retry"
    answer = client.post(address, data={"shown_credits": "1"}, headers=headers)
    assert answer.status_code == 409
    assert "This costs 4 credits, and the button said 1." in answer.text
    assert Generation.select().count() == 1
    answer = client.post(address, data={"shown_credits": "4"}, headers=headers)
    assert answer.status_code in {201, 303}
    assert Generation.select().count() == 2


def test_yesterday_is_in_the_history(visit: Visit, alice: Account, workers: Workers) -> None:
    client = visit(alice)
    make(client, workers)
    pass_time(25 * 3600)
    assert not parse(client.get("/studio").text).has_id("today")


@pytest.mark.parametrize("waits", [True, False])
def test_without_javascript_a_waiting_page_refreshes_itself(
    visit: Visit, alice: Account, workers: Workers, waits: bool
) -> None:
    client = visit(alice)
    ask(client) if waits else make(client, workers)
    assert bool(refreshing(client, "/history")) is waits
    assert all(meta.inside("noscript") for meta in refreshing(client, "/history"))
    assert not refreshing(client, "/studio"), "somebody may be typing there"
    assert ("Look again" in client.get("/studio").text) is waits


def refreshing(client: Browser, address: str) -> list[Element]:
    metas = parse(client.get(address).text).all("meta")
    return [meta for meta in metas if meta.get("http-equiv") == "refresh"]
