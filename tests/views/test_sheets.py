"""Contact sheets over HTTP: priced before, asked for whole, watched while they develop."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import accounts, credits
from fluxgen.models import Account, Generation, Origin, Standing
from tests.support.cast import HTMX, Browser
from tests.support.making import Visit, make
from tests.support.pages import Page, parse
from tests.support.referring import send, with_picture
from tests.support.studio import chosen, filled
from tests.support.workers import Workers

SIGN = {"look": "small-sign", "aspect_ratio": "1:1", "slot.thing": "watering can"}


def sign(**changes: Any) -> dict[str, Any]:
    """The studio's form for a Small Sign, 4 credits a picture."""
    form = filled(**{**SIGN, **changes})
    return {name: value for name, value in form.items() if name != "slot.who"}


def plan(browser: Browser, slot: str = "tones", **changes: Any) -> Page:
    """From the studio's form to the plan."""
    answer = browser.post("/generations", data=sign(intent=f"sheet:{slot}", **changes))
    assert (answer.status_code, answer.location) == (303, f"/generations/sheets/new?slot={slot}")
    shown = browser.get(answer.location)
    assert shown.status_code == 200
    return parse(shown.text)


def plan_of(browser: Browser, generation: Generation, slot: str) -> Page:
    shown = browser.get(f"/generations/sheets/new?from={generation.public_id}&slot={slot}")
    assert shown.status_code == 200, shown.text
    return parse(shown.text)


def confirmation(page: Page) -> dict[str, Any]:
    """What the plan's button sends."""
    fields: dict[str, Any] = {}
    for box in page.all("input"):
        fields.setdefault(box["name"], []).append(box["value"])
    return fields


def lay_out(browser: Browser, page: Page) -> list[Generation]:
    answer = browser.post("/generations/sheets", data=confirmation(page))
    assert answer.status_code == 303, answer.text
    assert browser.get(answer.location).status_code == 200
    name = answer.location.rpartition("/")[2]
    return list(Generation.select().where(Generation.sheet == name).order_by(Generation.id))


def nothing_is_held(account: Account) -> None:
    assert not Generation.select().where(Generation.sheet.is_null(False)).exists()
    assert (accounts.balance(account).held, credits.reconcile()) == (0, [])


def test_the_plan_names_every_answer_and_the_price_before(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    page = plan(browser).one("form", css="contact-sheet__plan").words
    for label in ("ink and sky", "brick and cream", "pine and mint", "plum and rose"):
        assert label in page
    assert "5 pictures, 20 credits" in page
    assert "You have 100. Leaves 80." in page
    nothing_is_held(alice)


def test_one_confirm_is_one_generation_for_each_answer(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    laid = lay_out(browser, plan(browser))
    assert len(laid) == 5
    assert accounts.balance(alice).held == 20
    sheet = f"/generations/sheets/{laid[0].sheet}"
    waiting = parse(browser.get(sheet).text)
    assert [heading.words for heading in waiting.all("h2")][:2] == [
        "ink and sky",
        "brick and cream",
    ]
    asker = waiting.by_id("unfinished")["hx-get"]
    assert all(row.public_id in asker for row in laid)
    workers.work()
    done = browser.get(sheet).text
    assert done.count("generation-card--done") == 5
    assert accounts.balance(alice).available == 80


def test_sent_twice_is_one_sheet(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    page = plan(browser)
    assert lay_out(browser, page) == lay_out(browser, page)
    assert Generation.select().count() == 5
    assert accounts.balance(alice).held == 20


def test_a_sheet_of_a_picture_keeps_its_answers_seed_and_lineage(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    parent = make(browser, workers, **sign(**{"slot.body": "enamel", "count": "1", "seed": "7"}))
    assert "/generations/sheets/new?from=" in browser.get(f"/generations/{parent.public_id}").text
    laid = lay_out(browser, plan_of(browser, parent, "turn"))
    assert [row.slots["turn"] for row in laid] == ["front", "three-quarter", "from above"]
    assert {(row.slots["body"], row.seed) for row in laid} == {("enamel", 7)}
    assert {(row.parent, row.origin) for row in laid} == {(parent, Origin.SHEET)}
    page = browser.get(f"/generations/sheets/{laid[0].sheet}").text
    assert f'href="/generations/{parent.public_id}"' in page


def test_too_few_credits_hold_nothing_and_lead_to_a_pack(visit: Visit, bob: Account) -> None:
    credits.grant(bob, 19, "pocket money", "pocket money")
    browser = visit(bob)
    answer = browser.post("/generations/sheets", data=confirmation(plan(browser)))
    assert answer.status_code == 402
    assert "This needs 20 credits and you have 19." in answer.text
    assert 'href="/pricing?need=1"' in answer.text
    nothing_is_held(bob)


def test_one_too_many_on_the_table_is_429_and_holds_nothing(
    visit: Visit, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.generations.limits.UNFINISHED_MAX", 4)
    browser = visit(alice)
    answer = browser.post("/generations/sheets", data=confirmation(plan(browser)))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "on the table" in answer.text
    nothing_is_held(alice)


def test_what_is_missing_is_said_in_the_studio(visit: Visit, alice: Account) -> None:
    answer = visit(alice).post(
        "/generations", data=sign(intent="sheet:tones", **{"slot.thing": ""})
    )
    assert answer.status_code == 422
    assert "Fill this in first." in answer.text


def test_htmx_is_sent_to_the_plan(visit: Visit, alice: Account) -> None:
    answer = visit(alice).post("/generations", data=sign(intent="sheet:tones"), headers=HTMX)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/generations/sheets/new?slot=tones"


def test_back_in_the_studio_the_form_is_as_it_was(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    plan(browser, **{"slot.body": "enamel"})
    assert "enamel" in chosen(parse(browser.get("/studio").text), "slot.body")


def test_a_reference_image_makes_no_sheet(visit: Visit, alice: Account) -> None:
    answer = send(visit(alice), with_picture(**{**filled(), "intent": "sheet:hour"}))
    assert answer.status_code == 422
    assert "without a reference image" in answer.text


@pytest.mark.parametrize("slot", ["thing", "hat", ""])
def test_what_has_no_options_makes_no_sheet(
    visit: Visit, alice: Account, workers: Workers, slot: str
) -> None:
    browser = visit(alice)
    parent = make(browser, workers, **sign())
    address = f"/generations/sheets/new?from={parent.public_id}&slot={slot}"
    assert browser.get(address).status_code == 422
    page = confirmation(plan(browser))
    assert browser.post("/generations/sheets", data={**page, "slot": slot}).status_code == 422
    nothing_is_held(alice)


def test_somebody_elses_picture_and_sheet_are_not_there(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    browser = visit(alice)
    parent = make(browser, workers, **sign())
    (first, *_) = lay_out(browser, plan_of(browser, parent, "turn"))
    stranger = visit(mallory)
    assert stranger.get(f"/generations/sheets/{first.sheet}").status_code == 404
    address = f"/generations/sheets/new?from={parent.public_id}&slot=turn"
    assert stranger.get(address).status_code == 404
    page = {**confirmation(plan(stranger)), "parent": parent.public_id}
    (mine, *_) = lay_out_form(stranger, page)
    assert (mine.parent, mine.origin) == (None, None)


def lay_out_form(browser: Browser, form: dict[str, Any]) -> list[Generation]:
    answer = browser.post("/generations/sheets", data=form)
    assert answer.status_code == 303, answer.text
    name = answer.location.rpartition("/")[2]
    return list(Generation.select().where(Generation.sheet == name).order_by(Generation.id))


def test_an_account_that_was_suspended_meanwhile_lays_out_nothing(
    visit: Visit, alice: Account
) -> None:
    browser = visit(alice)
    page = plan(browser)
    Account.update(standing=Standing.SUSPENDED).execute()
    answer = browser.post("/generations/sheets", data=confirmation(page))
    assert answer.status_code == 403
    nothing_is_held(alice)


def test_a_sheet_whose_pictures_are_deleted_is_gone(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    laid = lay_out(browser, plan(browser, "turn"))
    workers.work()
    for row in laid[1:]:
        assert browser.post(f"/generations/{row.public_id}/delete").status_code == 303
    sheet = f"/generations/sheets/{laid[0].sheet}"
    assert "front" in browser.get(sheet).text
    browser.post(f"/generations/{laid[0].public_id}/delete")
    assert browser.get(sheet).status_code == 404


def test_the_next_of_a_family_keeps_all_but_the_thing(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    parent = make(browser, workers, **sign(**{"slot.body": "enamel"}))
    link = f"/studio?family={parent.public_id}"
    assert f'href="{link}#slot-thing"' in browser.get(f"/generations/{parent.public_id}").text
    page = parse(browser.get(link).text)
    assert chosen(page, "slot.body") == ["enamel"]
    (thing,) = [box for box in page.all("input") if box.get("name") == "slot.thing"]
    assert thing["value"] == ""
