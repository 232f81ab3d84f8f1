"""Sessions: one cookie, rows of ours, gone when the row is."""

from __future__ import annotations

import hashlib
from http.cookies import Morsel, SimpleCookie

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fluxgen import housekeeping
from fluxgen.models import Account, Session
from fluxgen.settings import Settings
from tests.support import cast, signing_in
from tests.support.making import Visit
from tests.support.workers import pass_time

DAY_S = 24 * 3600
PUBLIC = ("/", "/signin", "/privacy", "/terms", "/nowhere", "/studio", "/healthz")


def cookies(answer: TestResponse) -> list[Morsel[str]]:
    """The cookies an answer sets, one header each."""
    headers = answer.headers.getlist("Set-Cookie")
    morsels = [morsel for header in headers for morsel in SimpleCookie(header).values()]
    assert len(morsels) == len(headers)
    return morsels


@pytest.mark.parametrize("address", PUBLIC)
def test_looking_around_costs_no_cookie(visit: Visit, address: str) -> None:
    assert cookies(visit(None).get(address)) == []
    assert Session.select().count() == 0


def test_beginning_to_sign_in_sets_exactly_one_cookie(visit: Visit) -> None:
    (cookie,) = cookies(visit(None).get("/signin/google"))
    assert cookie.key == "fluxgen"
    assert cookie["httponly"] and not cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert not cookie["expires"] and not cookie["max-age"]


class TestOverHttps:
    """What the cookie is where the address is a real one."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"public_url": "https://fluxgen.test"})

    def test_the_cookie_is_bound_to_this_host_and_to_https(self, visit: Visit) -> None:
        answer = visit(None).get("/signin/google", base_url="https://fluxgen.test")
        (cookie,) = cookies(answer)
        assert cookie.key == "__Host-fluxgen"
        assert cookie["httponly"] and cookie["secure"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
        assert not cookie["expires"] and not cookie["max-age"]

    def test_the_plain_name_opens_nothing(self, visit: Visit, app: Flask) -> None:
        account = cast.join("alice")
        client = visit(account)  # holds the plain cookie, at localhost
        assert client.get("/studio").status_code == 303

    def test_browsers_are_told_to_stay_on_https(self, visit: Visit) -> None:
        answer = visit(None).get("/", base_url="https://fluxgen.test")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_row_holds_the_hash_of_the_token_and_the_cookie_nothing_else(visit: Visit) -> None:
    client = visit(None)
    signing_in.leave(client)
    token = signing_in.token(client)
    assert token is not None and len(token) == 43
    assert Session.get().token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_signing_in_renews_the_token_and_the_old_one_is_dead(visit: Visit) -> None:
    client = visit(None)
    signing_in.come_back(client)
    before = signing_in.token(client)
    answer = client.post("/signin/welcome", data=signing_in.BOTH)
    assert len(cookies(answer)) == 1
    after = signing_in.token(client)
    assert before and after and before != after
    assert Session.select().count() == 1
    thief = visit(None)
    thief.set_cookie("fluxgen", before, domain="localhost")
    assert thief.get("/studio").status_code == 303
    assert thief.get("/signin/welcome").location == "/signin?trouble=again"


def test_a_cookie_given_to_somebody_beforehand_is_never_taken_up(visit: Visit) -> None:
    client = visit(None)
    client.set_cookie("fluxgen", "chosen-by-somebody-else", domain="localhost")
    signing_in.leave(client)
    assert signing_in.token(client) != "chosen-by-somebody-else"


def test_nothing_of_the_sign_in_stays_in_the_session(visit: Visit) -> None:
    signing_in.sign_up(visit(None))
    row = Session.get()
    assert row.data == {}
    assert row.account_id == Account.get().id


def test_no_session_holds_a_hash_of_the_visitors_address(visit: Visit) -> None:
    client = visit(None)
    signing_in.come_back(client)
    assert not {"_id", "_fresh"} & set(Session.get().data)
    client.post("/signin/welcome", data=signing_in.BOTH)
    client.get("/studio")
    assert not {"_id", "_fresh"} & set(Session.get().data)


def test_another_address_and_browser_keep_the_session(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    client.get("/studio", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    elsewhere = {"REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "other"}
    assert client.get("/studio", environ_base=elsewhere).status_code == 200


def test_deleting_the_row_signs_out_at_once(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    assert client.get("/studio").status_code == 200
    Session.delete().execute()
    assert client.get("/studio").status_code == 303


def test_a_browser_whose_session_ended_elsewhere_forgets_cookie_and_pictures(
    visit: Visit, alice: Account
) -> None:
    client = visit(alice)
    assert "Clear-Site-Data" not in client.get("/studio").headers
    Session.delete().execute()
    quiet = client.get("/images/x/320", headers={"Sec-Fetch-Mode": "no-cors"})
    assert (quiet.status_code, cookies(quiet)) == (401, [])  # a page goes first
    answer = client.get("/studio", headers={"Sec-Fetch-Mode": "navigate"})
    (gone,) = cookies(answer)
    assert (gone.key, gone.value, gone["max-age"]) == ("fluxgen", "", "0")
    assert answer.headers["Clear-Site-Data"] == '"cache"'  # what was typed may come along
    assert answer.headers["Cache-Control"] == "no-store"
    assert signing_in.token(client) is None
    assert "Clear-Site-Data" not in client.get("/signin").headers
    client.set_cookie("fluxgen", "x" * 43, domain="localhost")
    onward = client.get("/signin/google")
    assert onward.headers["Clear-Site-Data"] == '"cache"'
    assert cookies(onward)[0].value


def test_signing_out_ends_row_and_cookie(visit: Visit, alice: Account) -> None:
    client = visit(alice)
    answer = client.post("/signout")
    assert (answer.status_code, answer.location) == (303, "/")
    (cookie,) = cookies(answer)
    assert cookie.value == "" and cookie["max-age"] == "0"
    assert Session.select().count() == 0
    assert client.get("/studio").status_code == 303


def test_signing_out_leaves_other_browsers_alone(visit: Visit, alice: Account) -> None:
    here, there = visit(alice), visit(alice)
    here.post("/signout")
    assert there.get("/studio").status_code == 200


def test_a_session_ends_after_thirty_days(visit: Visit) -> None:
    client = visit(None)
    signing_in.sign_up(client)
    pass_time(30 * DAY_S - 60)
    assert client.get("/studio").status_code == 200
    pass_time(120)
    assert client.get("/studio").status_code == 303


def test_a_sign_in_under_way_ends_after_an_hour(visit: Visit) -> None:
    client = visit(None)
    signing_in.come_back(client)
    pass_time(3700)
    assert client.get("/signin/welcome").location == "/signin?trouble=again"
    housekeeping.forget_expired()
    assert Session.select().count() == 0


def test_pages_behind_the_door_are_kept_by_nobody(visit: Visit, alice: Account) -> None:
    for address in ("/studio", "/history", "/credits", "/partials/unfinished"):
        assert visit(alice).get(address).headers["Cache-Control"] == "no-store"


def test_a_signed_in_page_sets_no_cookie_again(visit: Visit, alice: Account) -> None:
    assert cookies(visit(alice).get("/studio")) == []
