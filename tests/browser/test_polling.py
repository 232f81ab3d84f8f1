"""Cards keep themselves up to date: one question a tick, whatever happens in between."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import card, choose_model, expect_phase, expect_rest, order, public_id
from tests.support.workers import until

pytestmark = pytest.mark.xdist_group("browser")

TICK_S = 0.8
"""Less than the second between two questions, for clocks that are a little off."""


def test_several_cards_share_one_question_a_tick(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-2-pro")
    prompts = ("[slow] first of three", "[slow] second of three", "[slow] third of three")
    cards = [order(page, prompt) for prompt in prompts]
    names = {public_id(shown) for shown in cards}
    for shown in cards:
        expect_phase(shown, "done")
    expect_rest(page)

    polls = ada.watch.polls
    assert set(polls[0].ids) <= names
    assert any(set(poll.ids) == names for poll in polls)
    asked_s = [poll.at_s for poll in polls if poll.at_s]
    assert len(asked_s) > 1
    for earlier, later in pairwise(asked_s):
        assert later - earlier > TICK_S


def test_reload_and_another_tab_lose_nothing(ada: Person) -> None:
    page = ada.open("/studio")
    order(page, "still here after a reload")
    page.reload()
    tab = ada.context.new_page()
    tab.goto(f"{ada.house.url}/history")
    for each in (page, tab):
        expect_phase(card(each, "still here after a reload"), "done")
        expect_rest(each)


def test_a_window_asks_only_about_its_own_cards(ada: Person) -> None:
    page = ada.open("/studio")
    tab = ada.context.new_page()
    tab.goto(f"{ada.house.url}/studio")
    elsewhere = public_id(order(tab, "[slow] asked for in another window"))
    shown = order(page, "asked for here")  # its answer names everything unfinished
    expect_phase(shown, "done")
    expect_rest(page)
    own = [poll.ids for poll in ada.watch.polls if public_id(shown) in poll.ids]
    assert own and all(elsewhere not in ids for ids in own)


def test_a_closed_browser_loses_nothing(person: NewPerson) -> None:
    gone = person().sign_in("leaves-early@example.test")
    order(gone.open("/studio"), "made while nobody looks")
    expect(card(gone.page, "made while nobody looks")).to_be_visible()
    gone.context.close()
    done = "SELECT 1 FROM generation WHERE prompt = ? AND status = 'done'"
    until(lambda: bool(gone.house.rows(done, "made while nobody looks")), timeout_s=90)

    back = person().sign_in("leaves-early@example.test")
    expect_phase(card(back.open("/studio"), "made while nobody looks"), "done")


def test_a_lost_connection_is_said_and_survived(ada: Person) -> None:
    ada.watch.permit("ERR_INTERNET_DISCONNECTED", "console: htmx:sendError")
    page = ada.open("/studio")
    shown = order(page, "through a tunnel")
    expect_phase(shown, "waiting")
    ada.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("No connection")
    ada.context.set_offline(False)
    expect_phase(shown, "done")
    expect(page.locator("#connection")).to_be_hidden()


def test_a_server_in_trouble_is_asked_again(ada: Person) -> None:
    ada.watch.permit("status of 503", "Response Status Error Code 503")
    page = ada.open("/studio")

    def once(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route("**/partials/unfinished*", once, times=1)
    shown = order(page, "a bad moment")
    expect(page.get_by_role("alert")).to_contain_text("Something broke on our side")
    expect_phase(shown, "done")
    expect(page.locator("#connection")).to_be_hidden()


def test_a_page_that_nobody_looks_at_asks_seldom_and_says_in_its_title_what_came(
    ada: Person,
) -> None:
    page = ada.open("/studio")
    shown = order(page, "behind another window")
    expect_phase(shown, "waiting")
    page.evaluate(_hide(True))
    done = "SELECT 1 FROM generation WHERE prompt = ? AND status = 'done'"
    until(lambda: bool(ada.house.rows(done, "behind another window")), timeout_s=90)
    assert len(ada.watch.polls) <= 3
    expect(page).to_have_title("(1) Studio · FluxGen")
    page.evaluate(_hide(False))
    expect(page).to_have_title("Studio · FluxGen")
    expect_phase(shown, "done")


def test_what_finishes_while_somebody_is_elsewhere_shows_in_header_and_title(ada: Person) -> None:
    page = ada.open("/studio")
    order(page, "while reading the statement")
    page.goto(f"{ada.house.url}/credits")
    expect(page.locator("#unread")).to_have_text("1 new")
    expect(page).to_have_title("(1) Credits · FluxGen")
    expect(page.locator("#unread[hx-get]")).to_have_count(0)
    page.goto(f"{ada.house.url}/studio")
    expect(page).to_have_title("Studio · FluxGen")


def _hide(hidden: bool) -> str:
    """Headless pages are always looked at: say otherwise."""
    return f"""() => {{
      Object.defineProperty(document, "hidden", {{ value: {str(hidden).lower()}, configurable: true }});
      document.dispatchEvent(new Event("visibilitychange"));
    }}"""
