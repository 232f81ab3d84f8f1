"""The studio under impatient fingers, bad news and an empty purse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson, Person
from tests.browser.desk import (
    card,
    choose,
    choose_model,
    expect_balance,
    expect_phase,
    expect_rest,
    order,
    public_id,
)

pytestmark = pytest.mark.xdist_group("browser")

BAD_NEWS = {
    "[fail]": "The model stopped before it finished.",
    "[blocked]": "The model's safety filter stopped this.",
    "[nothing]": "The model finished without a picture.",
    "[not a picture]": "What arrived was not a picture.",
}
PRESSED_BETWEEN_POLLS = """(id) => {
  const button = document.getElementById(id);
  const isReady = button && !button.closest(".htmx-added, .htmx-settling");
  if (isReady) button.click();
  return isReady;
}"""
"""Found and pressed in one step: the poll draws the card anew, and htmx knows it a moment later."""
HOLDS = 9
"""Orders of 10 credits that leave 10 of the first 100."""


def test_a_double_click_is_one_generation(ada: Person) -> None:
    page = ada.open("/studio")
    page.locator("#prompt").fill("two clicks, one picture")
    page.locator("#generate").dblclick()
    expect_phase(card(page, "two clicks, one picture"), "done")
    expect_balance(page, 96)
    assert ada.generations() == 1


def test_ctrl_enter_generates(ada: Person) -> None:
    page = ada.open("/studio")
    page.keyboard.press("/")
    expect(page.locator("#prompt")).to_be_focused()
    page.keyboard.type("by keyboard alone")
    page.keyboard.press("Control+Enter")
    expect_phase(card(page, "by keyboard alone"), "done")


def test_an_empty_box_is_words_at_the_box(ada: Person) -> None:
    ada.watch.permit("status of 422")
    page = ada.open("/studio")
    page.locator("#generate").click()
    expect(page.locator("#prompt-error")).to_be_visible()
    expect(page.locator("#prompt")).to_be_focused()
    assert ada.generations() == 0


def test_bad_news_is_plain_and_costs_nothing(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-schnell")
    for word in BAD_NEWS:
        order(page, f"{word} on purpose")
    for word, reason in BAD_NEWS.items():
        ended = card(page, f"{word} on purpose")
        expect_phase(ended, "ended")
        expect(ended).to_contain_text(f"{reason} Nothing was charged: 1 credit is back")
    expect_rest(page)
    expect_balance(page, 100)


def test_trying_again_is_one_click(ada: Person) -> None:
    page = ada.open("/studio")
    choose_model(page, "flux-schnell")
    ended = order(page, "[fail] and again")
    expect_phase(ended, "ended")
    first = public_id(ended)
    ended.get_by_role("button", name="Try again").click()
    expect(page.locator(f"#generation-{first}")).to_have_count(0)
    again = card(page, "[fail] and again")
    expect_phase(again, "ended")
    expect_balance(page, 100)
    assert ada.generations() == 2


def test_words_survive_an_empty_purse(person: NewPerson) -> None:
    poor = person().sign_in()
    poor.watch.permit("status of 402")
    held = [_hold(poor, number) for number in range(HOLDS)]
    page = poor.open("/studio")
    expect_balance(page, 100 - 10 * HOLDS)
    _spend_down_and_get_it_back(poor, page)
    plain = person(java_script_enabled=False).sign_in(poor.email).open("/studio")
    choose(plain, "count", "4")
    plain.get_by_role("button", name="Update choices").click()
    for way in ("#buy", "#generate"):  # who picks fewer needs the second
        expect(plain.locator(way)).to_be_visible()
    page.reload()
    choose(page, "count", "4")
    page.locator("#prompt").fill("words worth keeping")
    page.locator("#generate").click()
    expect(page.locator("#form-error")).to_contain_text("6")
    expect(page.locator("#prompt")).to_have_value("words worth keeping")
    page.reload()
    expect(page.locator("#prompt")).to_have_value("words worth keeping")
    assert poor.generations() == HOLDS + 1
    for path in held:
        poor.context.request.post(f"{poor.house.url}{path}/cancel", headers=poor.ours)


def _spend_down_and_get_it_back(poor: Person, page: Page) -> None:
    """The button is what can be pressed now, and its pack what is missing now."""
    buy, generate, pack = (page.locator(f"#{name}") for name in ("buy", "generate", "buy-pack"))
    choose(page, "count", "2")
    shown = order(page, "[slow] and taken back")
    with poor.house.unlooked_at(public_id(shown)):
        expect(buy).to_be_focused()
        expect(generate).to_be_hidden()
        expect(pack).to_be_visible()
        choose(page, "count", "1")
        expect(buy).to_be_visible()
        expect(pack).to_be_hidden()
        page.wait_for_function(PRESSED_BETWEEN_POLLS, arg=f"cancel-{public_id(shown)}")
        expect(shown).to_contain_text("Stopping")
    expect_phase(shown, "ended")
    expect_balance(page, 100 - 10 * HOLDS)
    expect(generate).to_be_visible()
    expect(buy).to_be_hidden()
    expect(page.locator("#compose-left")).to_have_text("Leaves 6")


def _hold(person: Person, number: int) -> str:
    """Spend 10 credits for a while; the generation's address."""
    form: dict[str, str | float | bool] = {
        "prompt": f"[slow] {number}",
        "model": "flux-1.1-pro-ultra",
        "tier": "print",
        "aspect_ratio": "1:1",
        "count": "1",
        "nonce": f"hold-{number}",
    }
    answer = person.context.request.post(
        f"{person.house.url}/generations", form=form, headers=person.ours, max_redirects=0
    )
    return answer.headers["location"]
