"""The account page: who one is here, and one's own daily limit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fluxgen import accounts, clock
from fluxgen.models import Account
from tests.support.buying import main
from tests.support.cast import order
from tests.support.making import Visit, make
from tests.support.pages import parse
from tests.support.workers import Workers


def limit_of(account: Account) -> int | None:
    """The limit, as our row has it."""
    found: int | None = accounts.balance(account).daily_limit_credits
    return found


def test_it_says_who_one_is(visit: Visit, alice: Account) -> None:
    words = main(visit(alice).get("/account").text)
    assert alice.name in words
    assert alice.email in words


def test_it_is_for_somebody_signed_in(visit: Visit) -> None:
    for answer in (
        visit(None).get("/account"),
        visit(None).post("/account/limit", data={"daily_limit": "5"}),
    ):
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/signin")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("typed", "kept"), [("25", 25), ("0", 0), ("", None), ("  7 ", 7), ("1000000", 1_000_000)]
)
def test_a_limit_can_be_set_and_taken_away(
    visit: Visit, alice: Account, mallory: Account, typed: str, kept: int | None
) -> None:
    accounts.set_daily_limit(alice, 3)
    browser = visit(alice)
    answer = browser.post("/account/limit", data={"daily_limit": typed}, follow_redirects=True)
    assert answer.status_code == 200
    said = parse(answer.text).by_id("said")  # beside the field; the address leads the focus to it
    assert (said.words.partition(".")[0], said.get("tabindex")) == ("Saved", "-1")
    assert answer.history[0].location == "/account?saved=limit#said"
    assert limit_of(alice) == kept
    assert limit_of(mallory) is None
    shown = parse(answer.text).by_id("daily-limit")
    assert shown.get("value") == ("" if kept is None else str(kept))


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["-1", "1.5", "many", "1000001", "٣x", "²", "9" * 40, "9" * 5000])
def test_a_senseless_limit_is_422_and_changes_nothing(
    visit: Visit, alice: Account, typed: str
) -> None:
    accounts.set_daily_limit(alice, 3)
    answer = visit(alice).post("/account/limit", data={"daily_limit": typed})
    assert answer.status_code == 422
    assert parse(answer.text).by_id("daily-limit-error").words
    assert parse(answer.text).by_id("daily-limit")["value"] == typed
    assert limit_of(alice) == 3


@pytest.mark.both_databases
def test_the_limit_blocks_until_it_is_raised_or_the_day_is_over(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    browser.post("/account/limit", data={"daily_limit": "2"})
    make(browser, workers, count="2")
    refused = browser.post("/generations", data=order(prompt="one more fox"))
    assert refused.status_code == 422
    assert "Your own limit a day is 2" in main(refused.text)
    assert "one more fox" in refused.text
    browser.post("/account/limit", data={"daily_limit": "3"})
    make(browser, workers)
    assert browser.post("/generations", data=order()).status_code == 422
    tomorrow = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    clock.offset += tomorrow - clock.now()
    assert browser.post("/generations", data=order()).status_code == 303


def test_what_came_to_nothing_does_not_count(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    accounts.set_daily_limit(alice, 1)
    browser = visit(alice)
    make(browser, workers, prompt="[fail]")
    make(browser, workers)
    assert browser.post("/generations", data=order()).status_code == 422


def test_a_limit_of_0_allows_nothing(visit: Visit, alice: Account) -> None:
    accounts.set_daily_limit(alice, 0)
    assert visit(alice).post("/generations", data=order()).status_code == 422
    assert accounts.balance(alice).available == 100
