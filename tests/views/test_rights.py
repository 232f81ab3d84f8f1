"""The account page: correct the name, choose colours, end sessions, see what is held."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from fluxgen import accounts
from fluxgen.accounts import Newcomer
from fluxgen.models import Account, Portrait, Session
from tests.support.buying import main
from tests.support.making import Visit, make
from tests.support.pages import parse
from tests.support.workers import Workers, pass_time

DAY_S = 24 * 3600


def again(account: Account) -> Account:
    """The row as it is now."""
    return accounts.balance(account)


def signed_in_as(account: Account, name: str) -> Newcomer:
    """What Google says at the next sign-in, under another name and address."""
    return Newcomer(account.identity, "moved@example.test", name, "")


# The name and the picture


@pytest.mark.both_databases
def test_a_corrected_name_outlives_the_next_sign_in(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = client.post("/account/name", data={"name": "  Alice   Ä. "})
    assert (answer.status_code, answer.location) == (303, "/account?saved=name#said")
    assert "Corrected." in main(client.get(answer.location).text)
    accounts.recognise(signed_in_as(alice, "Google's Alice"))
    assert (again(alice).name, again(alice).email) == ("Alice Ä.", "moved@example.test")
    client.post("/account/name", data={"from": "google"})
    accounts.recognise(signed_in_as(alice, "Google's Alice"))
    assert again(alice).name == "Google's Alice"


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 201, "a\x00b", "a\x1bb", "a\u202eb"])
def test_a_name_that_is_none_is_refused_at_its_field(
    visit: Visit, alice: Account, name: str
) -> None:
    answer = visit(alice).post("/account/name", data={"name": name})
    assert answer.status_code == 422
    assert parse(answer.text).by_id("name").get("aria-invalid") == "true"
    assert again(alice).name == "Alice"


def test_a_removed_picture_is_gone_and_not_fetched_again(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    accounts.keep_portrait(alice, b"webp")
    assert accounts.wants_portrait(again(alice))
    client.post("/account/picture", data={"portrait": "no"})
    assert Portrait.select().count() == 0
    assert not accounts.wants_portrait(again(alice))
    client.post("/account/picture", data={"portrait": "yes"})
    assert accounts.wants_portrait(again(alice))


def test_an_answerless_switch_changes_nothing(visit: Visit, alice: Account) -> None:
    before = Account.select().dicts().get()
    for address in ("restriction", "objection", "picture"):
        assert visit(alice).post(f"/account/{address}").status_code == 400
    assert Account.select().dicts().get() == before


# The colours


@pytest.mark.parametrize(("theme", "metas"), [("light", 1), ("dark", 1), ("system", 2)])
def test_the_theme_is_the_accounts_on_every_page(
    visit: Visit, alice: Account, theme: str, metas: int
) -> None:
    visit(alice).post("/account/theme", data={"theme": theme})
    page = parse(visit(alice).get("/studio").text)
    assert page.one("html").get("data-theme") == ("" if theme == "system" else theme)
    assert len([meta for meta in page.all("meta") if meta.get("name") == "theme-color"]) == metas
    assert parse(visit(alice).get("/account").text).checked("theme") == theme


def test_another_colour_is_refused(visit: Visit, alice: Account) -> None:
    assert visit(alice).post("/account/theme", data={"theme": "pink"}).status_code == 422


# Sessions


@pytest.mark.both_databases
def test_sessions_are_listed_and_one_is_ended(visit: Visit, alice: Account) -> None:
    here, there = visit(alice), visit(alice)
    there.get("/studio")
    page = parse(here.get("/account").text)
    forms = [form["action"] for form in page.all("form") if "/sessions/" in form.get("action")]
    assert len(forms) == 3
    assert "This browser" in main(here.get("/account").text)
    other = next(
        row
        for row in accounts.open_sessions(alice)
        if f"/account/sessions/{row.public_id}/end" == forms[0]
    )
    assert here.post(forms[0]).location == "/account?saved=session#said"
    assert there.get("/studio").status_code == 303
    assert here.get("/studio").status_code == 200
    assert other.public_id not in {row.public_id for row in accounts.open_sessions(alice)}


def test_the_day_of_last_use_is_kept_and_no_more(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.get("/studio")
    seen: datetime = Session.get().seen_on
    assert (seen.hour, seen.minute, seen.second) == (0, 0, 0)
    pass_time(DAY_S)
    client.get("/studio")
    assert (Session.get().seen_on - seen).days == 1


def test_ending_this_browsers_session_is_signing_out(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = client.post(f"/account/sessions/{Session.get().public_id}/end")
    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"]
    assert client.get("/studio").status_code == 303


def test_signing_out_everywhere_ends_all_of_ones_own(
    visit: Visit, alice: Account, mallory: Account
) -> None:
    browsers, stranger = [visit(alice), visit(alice)], visit(mallory)
    assert browsers[0].post("/account/sessions/end").status_code == 303
    assert [browser.get("/studio").status_code for browser in browsers] == [303, 303]
    assert stranger.get("/studio").status_code == 200


def test_nobody_ends_somebody_elses_session(visit: Visit, alice: Account, mallory: Account) -> None:
    client = visit(alice)
    public_id = Session.get().public_id
    assert visit(mallory).post(f"/account/sessions/{public_id}/end").status_code == 404
    assert client.get("/studio").status_code == 200


# What we hold


def test_what_is_held_is_counted_for_the_person(
    app: Flask, visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    client = visit(alice)
    make(client, workers, count="2")
    make(visit(mallory), workers)
    page = parse(client.get("/account").text)
    counts = {
        head.words.rpartition(" ")[0]: head.words.rpartition(" ")[2] for head in page.all("summary")
    }
    assert counts["You, your balance and your choices"] == "1"
    assert counts["What you asked for, and what came of it"] == "1"
    assert counts["Your pictures' sizes and fingerprints"] == "2"
    assert counts["Browsers in which you are signed in"] == "1"
    words = main(client.get("/account").text)
    assert "what to draw; sent to Replicate" in words
    assert "Kept until the generation is deleted" in words
