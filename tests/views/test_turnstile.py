"""Sign-ins are begun so often from one network address, and no oftener; of it nothing is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from fluxgen import turnstile
from fluxgen.models import Session
from fluxgen.settings import Settings
from fluxgen.views.signin import CARRIED_MAX
from tests.support import cast
from tests.support.cast import order
from tests.support.making import Visit
from tests.support.pages import parse
from tests.support.workers import pass_time

HERE, NEXT_DOOR = "203.0.113.7", "203.0.113.8"


@pytest.fixture(autouse=True)
def three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "BEGUN_MAX", 3)


def begin(visit: Visit, address: str, **more: Any) -> TestResponse:
    """Somebody new sets out from this address."""
    return visit(None).get("/signin/google", environ_base={"REMOTE_ADDR": address}, **more)


def statuses(visit: Visit, *addresses: str) -> list[int]:
    return [begin(visit, address).status_code for address in addresses]


def test_who_begins_too_often_is_told_when_to_come_back_and_keeps_their_words(
    visit: Visit,
) -> None:
    known = visit(None)
    elsewhere = {"environ_base": {"REMOTE_ADDR": HERE}}
    known.get("/signin/google", **elsewhere)
    assert statuses(visit, HERE, HERE) == [302, 302]
    answer = begin(visit, HERE)
    assert answer.status_code == 429
    assert "try again in 60 minutes" in parse(answer.text).one("main").words
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    sent = order(prompt="a red fox in snow")
    typed = visit(None).post("/signin/google", data=sent, **elsewhere)
    assert typed.status_code == 429
    boxes = MultiDict((box["name"], box["value"]) for box in parse(typed.text).all("input"))
    assert boxes["prompt"] == "a red fox in snow"
    assert "Set-Cookie" not in answer.headers and "Set-Cookie" not in typed.headers
    assert Session.select().count() == 3
    assert known.get("/signin/google", **elsewhere).status_code == 302  # it has its row
    assert statuses(visit, NEXT_DOOR) == [302]
    pass_time(turnstile.WINDOW_S + 1)
    assert statuses(visit, HERE) == [302]


def test_a_household_of_ipv6_is_one_and_this_machine_nobody(visit: Visit) -> None:
    house = [f"2001:db8:0:1::{number}" for number in range(4)]
    assert statuses(visit, *house) == [302, 302, 302, 429]
    assert statuses(visit, "2001:db8:0:2::1") == [302]
    assert statuses(visit, HERE, f"::ffff:{HERE}", HERE, f"::ffff:{HERE}")[3] == 429
    assert set(statuses(visit, *["127.0.0.1", "::1", "", "unix:"] * 4)) == {302}


class TestInProduction:
    """Where one proxy stands in front."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(
            update={"fluxgen_env": "production", "public_url": "https://fluxgen.test"}
        )

    def test_the_address_is_what_the_proxy_says_last(self, visit: Visit) -> None:
        def through(said: str | None) -> int:
            headers = {"X-Forwarded-For": said} if said else {}
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "fluxgen.test"}
            return begin(visit, "198.51.100.1", headers=headers).status_code

        forged = [f"192.0.2.{number}, {HERE}" for number in range(4)]
        assert [through(said) for said in forged] == [302, 302, 302, 429]
        assert through(f"{HERE}, {NEXT_DOOR}") == 302
        assert {through(None) for _ in range(5)} == {302}  # else the proxy itself would be counted


def test_nothing_of_an_address_is_kept(visit: Visit, app: Flask) -> None:
    begin(visit, HERE)
    counted = app.extensions["turnstile"]
    (kept,) = counted._counts
    assert HERE.encode() not in kept
    salt = counted._salt
    pass_time(turnstile.WINDOW_S + 1)
    begin(visit, NEXT_DOOR)
    assert counted._salt != salt and kept not in counted._counts


@pytest.mark.parametrize(
    "typed",
    [{"prompt": "x" * 60_000}, {f"slot.{number}": "x" * 700 for number in range(80)}],
    ids=["words", "answers"],
)
def test_of_what_comes_along_no_more_is_kept_than_a_picture_takes(
    visit: Visit, typed: dict[str, str]
) -> None:
    answer = visit(None).post("/signin/google", data=typed, headers=cast.OURS)
    assert answer.status_code == 200
    assert len(json.dumps(Session.get().data)) < CARRIED_MAX + 1000
