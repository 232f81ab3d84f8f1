"""Buying credits: packs, Stripe's page, the way back, and what may go wrong between."""

from __future__ import annotations

import io
import json
from urllib.parse import urlsplit

import httpx
import pytest

from fluxgen.housekeeping import DRAFT, DRAFTS_KEPT_S
from fluxgen.models import Account, Generation, Purchase, Session
from fluxgen.sandbox import Sandbox
from tests.support import cast
from tests.support.buying import CONSENT, at_stripe, main, numbers, order, tell
from tests.support.cast import Browser
from tests.support.log_lines import recorded
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.workers import pass_time

USUAL = {"pack": "usual", **CONSENT}


# Buying


@pytest.mark.both_databases
def test_buying_from_the_pack_to_the_balance(visit: Visit, bob: Account, sandbox: Sandbox) -> None:
    browser = visit(bob)
    left = browser.post("/purchases", data=USUAL)
    assert left.status_code == 303
    assert left.location.startswith(f"{urlsplit(left.location).scheme}://127.0.0.1:")
    assert "18.00" in httpx.get(left.location, timeout=10).text
    back = browser.get(at_stripe(left.location, "pay"))
    assert back.status_code == 200
    assert "1,000 credits added" in main(back.text)
    assert "€18.00" in main(back.text)
    assert numbers(bob) == (1000, 0, 0)
    assert "Bought 1,000 credits" in main(browser.get("/credits").text)


def test_the_pricing_page_shows_packs_to_everybody_and_sells_to_members(
    visit: Visit, bob: Account
) -> None:
    anybody, member = visit(None).get("/pricing").text, visit(bob).get("/pricing").text
    for price in ("€5.00", "€18.00", "€40.00"):
        assert price in main(anybody) and price in main(member)
    assert [form["action"] for form in parse(member).all("form", css="pack__form")] == (
        ["/purchases"] * 3
    )
    assert not parse(anybody).all("form", css="pack__form")


def test_buying_needs_somebody_signed_in(visit: Visit) -> None:
    answer = visit(None).post("/purchases", data=USUAL)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/signin")
    assert Purchase.select().count() == 0


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"pack": "usual"}, "Please agree"),
        ({"pack": "huge", **CONSENT}, "We do not have that pack"),
        (CONSENT, "We do not have that pack"),
    ],
    ids=["no consent", "unknown pack", "no pack"],
)
def test_a_form_that_makes_no_sense_is_422_and_says_why(
    visit: Visit, bob: Account, form: dict[str, str], words: str
) -> None:
    answer = visit(bob).post("/purchases", data=form)
    assert answer.status_code == 422
    assert words in main(answer.text)
    assert Purchase.select().count() == 0


def test_a_form_from_elsewhere_buys_nothing(visit: Visit, bob: Account) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert visit(bob).post("/purchases", data=USUAL, headers=headers).status_code == 403
    assert Purchase.select().count() == 0


def test_the_price_is_ours_whatever_the_form_says(visit: Visit, bob: Account) -> None:
    changed = {**USUAL, "amount_minor": "1", "credits": "99999", "currency": "jpy"}
    visit(bob).post("/purchases", data=changed)
    purchase = Purchase.get()
    assert (purchase.credits, purchase.amount_minor, purchase.currency) == (1000, 1800, "eur")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe is asked once."""
    monkeypatch.setattr("fluxgen.adapters.stripe_payments.RETRIES", 0)


def logged(said: io.StringIO, level: str) -> list[str]:
    """The events of this level in the log."""
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    return [line["event"] for line in lines if line["level"] == level]


@pytest.mark.usefixtures("impatient")
def test_a_stripe_that_is_away_is_said_and_costs_nothing(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    sandbox.stripe.faults.down = 1
    with recorded() as said:
        answer = browser.post("/purchases?need=40", data=USUAL)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Nothing was charged; try again in a minute" in main(answer.text)
    assert logged(said, "warning") == ["stripe later"]
    kept(answer.text, "usual", need=40)
    order(browser)
    assert numbers(bob) == (0, 0, 0)


def kept(html: str, pack: str, *, need: int) -> None:
    """What was chosen and agreed to is as it was."""
    page = parse(html)
    ticked = [one["id"] for one in page.all("input") if one.has("checked")]
    assert ticked == [f"consent-{pack}"]
    assert {one["action"] for one in page.all("form", css="pack__form")} == {
        f"/purchases?need={need}"
    }


def test_a_stripe_that_refuses_is_said_and_is_an_alarm(
    visit: Visit, bob: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = visit(bob)
    with monkeypatch.context() as patch, recorded() as said:
        patch.setattr("fluxgen.purchases.OPEN_S", 48 * 3600)  # longer than Stripe allows
        answer = browser.post("/purchases?need=40", data=USUAL)
    assert answer.status_code == 503
    assert "We cannot take payments at the moment. Nothing was charged" in main(answer.text)
    assert logged(said, "error") == ["stripe refuses"]
    kept(answer.text, "usual", need=40)


@pytest.mark.usefixtures("impatient")
def test_what_stripe_did_not_begin_does_not_count_towards_the_five(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    sandbox.stripe.faults.down = 1
    for _ in range(6):
        sandbox.stripe.faults.down = 1
        assert browser.post("/purchases", data=USUAL).status_code == 503
    for _ in range(5):
        order(browser)
    assert browser.post("/purchases", data=USUAL).status_code == 429


# Limits


def test_six_sessions_an_hour_are_too_many(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    for _ in range(5):
        order(browser, "small")
    refused = browser.post("/purchases", data=USUAL)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "many purchases" in main(refused.text)
    pass_time(int(refused.headers["Retry-After"]) + 1)
    order(browser)


def test_three_refused_cards_a_day_are_too_many(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    purchase = order(browser)
    for _ in range(3):
        sandbox.stripe.decline(str(purchase.session_id))
    for event in sandbox.stripe.events:
        assert tell(visit(None), event).status_code == 204
    refused = browser.post("/purchases", data=USUAL)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 24 * 3600
    assert "card was refused" in main(refused.text)


# What was typed


def test_a_form_that_could_not_be_paid_for_is_there_again_after_buying(
    visit: Visit, bob: Account, sandbox: Sandbox
) -> None:
    browser = visit(bob)
    typed = cast.order(
        prompt="a fox, half asleep",
        model="flux-1.1-pro-ultra",
        tier="print",
        aspect_ratio="4:5",
    )
    short = browser.post("/generations", data=typed)
    assert short.status_code == 402
    assert "250 credits for €5.00" in main(short.text)
    typed["prompt"] = "a fox, half asleep in snow"  # changed once more before buying
    off = browser.post("/generations", data={**typed, "intent": "buy"})
    assert off.status_code == 303
    assert "missing for what you asked for" in main(browser.get(off.location).text)
    left = browser.post("/purchases", data={"pack": "small", **CONSENT}).location
    back = parse(browser.get(at_stripe(left, "pay")).text)
    (way,) = [one for one in back.all("a") if one.words == "Back to your picture"]
    page = parse(browser.get(way["href"]).text)
    (words,) = [one for one in page.all("textarea") if one["name"] == "prompt"]
    assert words.words == "a fox, half asleep in snow"
    for name in ("model", "tier", "aspect_ratio", "count"):
        assert page.checked(name) == typed[name]
    assert browser.post("/generations", data={**typed, "nonce": "n2"}).status_code == 303
    assert Generation.select().count() == 1


def test_who_had_typed_nothing_is_led_to_the_studio(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    left = browser.post("/purchases", data=USUAL).location
    words = main(browser.get(at_stripe(left, "pay")).text)
    assert "Back to the studio" in words and "your picture" not in words


def waiting_words(browser: Browser) -> str:
    """What stands in the studio's field for words."""
    page = parse(browser.get("/studio").text)
    (words,) = [one for one in page.all("textarea") if one["name"] == "prompt"]
    return words.words


def off_to_buy(browser: Browser) -> None:
    """Type something, and go to the packs with it."""
    answer = browser.post("/generations", data=cast.order(prompt="a fox, kept", intent="buy"))
    assert answer.status_code == 303
    assert waiting_words(browser) == "a fox, kept"


def test_a_form_that_waits_is_forgotten_after_a_day(visit: Visit, bob: Account) -> None:
    browser = visit(bob)
    off_to_buy(browser)
    pass_time(DRAFTS_KEPT_S - 60)
    assert waiting_words(browser) == "a fox, kept"
    pass_time(120)
    assert waiting_words(browser) == ""
    assert Session.get(Session.account == bob).data == {}


def test_a_form_that_waits_is_forgotten_when_it_is_sent(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    off_to_buy(browser)
    assert browser.post("/generations", data=cast.order(prompt="a fox")).status_code == 303
    assert waiting_words(browser) == ""
    assert Session.get(Session.account == alice).data == {}


@pytest.mark.parametrize("intent", ["", "options"])
def test_a_form_that_waits_is_forgotten_when_it_is_emptied(
    visit: Visit, alice: Account, intent: str
) -> None:
    browser = visit(alice)
    off_to_buy(browser)
    browser.post("/generations", data=cast.order(prompt="  ", intent=intent))
    assert waiting_words(browser) == ""


def test_a_form_kept_by_an_older_house_breaks_nothing(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    off_to_buy(browser)
    for old in ({"prompt": "a fox"}, {"form": {"prompt": "a fox", "gone": 1}, "kept_at": 2**40}):
        Session.update(data={DRAFT: old}).where(Session.account == alice).execute()
        assert browser.get("/studio").status_code == 200
