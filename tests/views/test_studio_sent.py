"""What comes with the studio's form beside the wishes: its nonce, the price it showed, and who
sends it: somebody who was signed out meanwhile takes the form along."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from fluxgen.models import Account, Generation
from tests.support import signing_in
from tests.support.cast import HTMX, order
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.referring import nothing_held, send, with_picture
from tests.support.studio import chosen, filled, value


@pytest.mark.parametrize("nonce", ["rerun:mine", "retry:mine:0", ":", "import-mine"])
def test_a_nonce_that_only_the_house_gives_is_none(
    visit: Visit, alice: Account, nonce: str
) -> None:
    answer = visit(alice).post("/generations", data=order(nonce=nonce))
    assert answer.status_code == 422
    assert "out of date" in parse(answer.text).by_id("form-error").words
    assert Generation.select().count() == 0


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("shown", ["1", "0", "x", "9" * 400])
def test_another_price_than_the_button_said_is_said_and_nothing_held(
    visit: Visit, alice: Account, headers: dict[str, str], shown: str
) -> None:
    form = order(model="flux-2-pro", tier="print", shown_credits=shown, prompt="keep these words")
    answer = visit(alice).post("/generations", data=form, headers=headers)
    assert answer.status_code == 409
    page = parse(answer.text)
    assert "This costs 10 credits" in page.by_id("form-error").words
    assert page.by_id("prompt").words == "keep these words"
    assert page.by_id("generate-cost").words == "10 credits"
    assert nothing_held(alice)
    form["shown_credits"] = value(page, "shown_credits")
    assert visit(alice).post("/generations", data=form).status_code == 303


def test_pressing_after_choosing_without_looking_at_the_price_again(
    visit: Visit, alice: Account
) -> None:
    """Without scripts the button says the price of what was chosen when the page was made."""
    client = visit(alice)
    page = parse(client.get("/studio").text)
    shown = value(page, "shown_credits")
    assert page.by_id("generate-cost").words.split()[0] == shown
    form = order(model="flux-dev", tier="studio", count="4", shown_credits=shown)
    assert client.post("/generations", data=form).status_code == 409
    assert nothing_held(alice)


@pytest.mark.parametrize("changes", [{"tier": "poster"}, {"count": "5"}, {"model": "x"}])
def test_what_does_not_exist_has_no_price_to_differ(
    visit: Visit, alice: Account, changes: dict[str, str]
) -> None:
    form = order(**changes, shown_credits="1")
    assert visit(alice).post("/generations", data=form).status_code == 422


def test_a_sheet_too_is_asked_for_at_the_price_it_showed(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.post("/generations", data=filled(intent="sheet:hour"))
    plan = parse(client.get("/generations/sheets/new?slot=hour").text)
    form = {box["name"]: box["value"] for box in plan.all("input") if box.has("name")}
    shown = form["shown_credits"]
    answer = client.post("/generations/sheets", data={**form, "shown_credits": "1"})
    assert answer.status_code == 409
    assert f"This costs {shown} credits" in parse(answer.text).one("main").words
    assert nothing_held(alice)
    assert client.post("/generations/sheets", data=form).status_code == 303


TYPED = {
    "words": order(prompt="a red fox\nin snow “quoted” <b>", seed="7", model="flux-dev"),
    "look": filled(**{"slot.wall.other": "a shelf of clocks", "locked": ["hour", "wall"]}),
}


@pytest.mark.parametrize("form", TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("newcomer", [True, False])
def test_what_somebody_typed_while_signed_out_comes_along(
    visit: Visit, form: dict[str, Any], newcomer: bool
) -> None:
    if not newcomer:
        signing_in.sign_up(visit(None))
    client = visit(None)
    door = client.post("/generations", data=form)
    assert door.status_code == 401
    assert "Set-Cookie" not in door.headers  # nothing of it is kept before signing in begins
    page = parse(door.text)
    assert "what you typed comes along" in page.one("main").words
    sent = MultiDict((box["name"], box["value"]) for box in page.all("input"))
    onward = client.post("/signin/google", data=sent)
    assert "url=/signin/google?next=/studio" in onward.text
    arrived = signing_in.sign_up(client) if newcomer else signing_in.come_back(client)
    assert arrived.location == "/studio"
    studio = parse(client.get("/studio").text)
    if "look" in form:
        assert value(studio, "slot.who") == form["slot.who"]
        assert value(studio, "slot.wall.other") == "a shelf of clocks"
        assert sorted(chosen(studio, "locked")) == ["hour", "wall"]
    else:
        assert studio.by_id("prompt").words == "a red fox in snow “quoted” <b>"
        assert value(studio, "seed") == "7"
    assert studio.checked("tier") == form["tier"]
    assert Generation.select().count() == 0


def test_of_what_is_far_too_long_the_beginning_comes_along(visit: Visit) -> None:
    client = visit(None)
    page = parse(client.post("/generations", data=order(prompt="a fox " * 10_000)).text)
    assert "its end stays behind" in page.one("main").words
    sent = MultiDict((box["name"], box["value"]) for box in page.all("input"))
    assert client.post("/signin/google", data=sent).status_code == 200
    signing_in.sign_up(client)
    assert parse(client.get("/studio").text).by_id("prompt").words.startswith("a fox a fox")


@pytest.mark.parametrize("newcomer", [True, False])
def test_what_one_person_typed_is_nothing_for_another_who_signs_in_there(
    visit: Visit, newcomer: bool
) -> None:
    if not newcomer:
        signing_in.sign_up(visit(None), signing_in.JONAS)
    client = visit(None)
    signing_in.sign_up(client)
    client.post("/generations", data=order(prompt="my own words", intent="buy"))
    assert parse(client.get("/studio").text).by_id("prompt").words == "my own words"
    signing_in.come_back(client)
    assert parse(client.get("/studio").text).by_id("prompt").words == "my own words"
    if newcomer:
        signing_in.sign_up(client, signing_in.JONAS)
    else:
        signing_in.come_back(client, signing_in.JONAS)
    assert parse(client.get("/studio").text).by_id("prompt").words == ""


def test_an_empty_form_is_only_shown_the_door(visit: Visit) -> None:
    answer = visit(None).post("/generations", data=order(prompt=" "))
    assert answer.location == "/signin?trouble=out"


def test_a_picture_that_came_along_has_to_be_chosen_again(visit: Visit) -> None:
    client = visit(None)
    page = parse(send(client, {**with_picture(), "slot.reference.adult": "yes"}).text)
    names = [box["name"] for box in page.all("input")]
    assert "lost_reference" in names and not [name for name in names if "adult" in name]
    sent = MultiDict((box["name"], box["value"]) for box in page.all("input"))
    client.post("/signin/google", data=sent)
    signing_in.sign_up(client)
    assert "Choose the picture again" in client.get("/studio").text


def test_a_form_from_elsewhere_begins_no_sign_in(visit: Visit) -> None:
    client = visit(None)
    answer = client.post("/signin/google", data=order(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers
