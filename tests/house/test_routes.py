"""Every route says whom it is for, and that is who gets in."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from fluxgen.models import Account, Standing
from fluxgen.security import Audience
from fluxgen.views.errors import FOLLOWED
from tests.support import life
from tests.support.addresses import Route, routes
from tests.support.cast import HTMX, Browser
from tests.support.making import Visit, image

SAFE = {"GET", "HEAD", "OPTIONS"}
SIGNING_OUT = {"account.end_session", "account.end_sessions"}
"""The owner gets in there, and out; views/test_rights.py has both."""
CHANGING = re.compile(r"[0-9a-f]{16}|[\w-]{22}")  # a request's id, an address id


def undeclared(app: Flask) -> list[str]:
    """The census: routes that do not say whom they are for."""
    return [str(route) for route in routes(app) if route.audience is None]


def call(client: Browser, route: Route, address: str, **options: Any) -> TestResponse:
    return client.open(address, method=route.method, **options)


def shape(answer: TestResponse) -> tuple[int, str, str | None]:
    """An answer without what differs from one request to the next."""
    return answer.status_code, CHANGING.sub("?", answer.text), answer.mimetype


def test_every_route_says_whom_it_is_for(app: Flask) -> None:
    assert undeclared(app) == []
    assert {route.audience for route in routes(app)} == set(Audience)


def test_a_route_that_does_not_is_refused_and_found(
    app: Flask, visit: Visit, alice: Account
) -> None:
    app.add_url_rule("/planted", view_func=lambda: "secret", endpoint="planted")
    assert undeclared(app) == ["GET /planted"]
    for account in (None, alice):
        answer = visit(account).get("/planted")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_what_has_an_owner_has_a_gap_and_the_reverse(app: Flask) -> None:
    for route in routes(app):
        if route.audience in (Audience.OWNER, Audience.MEMBER):
            assert bool(route.rule.arguments) is (route.audience is Audience.OWNER), str(route)


def test_a_visitor_is_led_to_the_door_or_turned_away_quietly(
    app: Flask, visit: Visit, things: dict[str, str], pushed: None
) -> None:
    for route in routes(app):
        address = route.address(things)
        answer = call(visit(None), route, address)
        if route.audience in (Audience.PUBLIC, Audience.MACHINE):
            assert answer.status_code < 500 and answer.status_code != 403, str(route)
            assert "next=" not in (answer.location or ""), str(route)
        elif str(route.rule.endpoint) in FOLLOWED:
            assert answer.status_code == 401 and "Sign in" in answer.text, str(route)
        elif route.is_quiet:
            assert (answer.status_code, answer.data) == (401, b""), str(route)
        else:
            back = f"/signin?next={address}" if route.method == "GET" else "/signin?trouble=out"
            assert (answer.status_code, answer.location) == (303, back), str(route)
            by_htmx = call(visit(None), route, address, headers=HTMX)
            assert by_htmx.status_code == 401, str(route)


def test_the_owner_gets_in_everywhere(
    app: Flask, visit: Visit, alice: Account, things: dict[str, str], pushed: None
) -> None:
    client = visit(alice)
    for route in routes(app):
        if route.audience not in (Audience.OWNER, Audience.MEMBER):
            continue
        if str(route.rule.endpoint) in SIGNING_OUT:
            continue
        if route.method not in SAFE:  # acts on a thing of its own, and may refuse in words
            fresh = life.done(alice)
            rooms = ("generations", "favourites", "deletion")
            things |= {f"{room}.public_id": fresh.public_id for room in rooms}
            things |= {"pictures.public_id": image(fresh).public_id}
        answer = call(client, route, route.address(things))
        cookies = {line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")}
        assert cookies <= {"fluxgen"}, str(route)
        if str(route.rule.endpoint) == "account.picture":
            assert answer.status_code == 404  # alice has none
        elif str(route.rule.endpoint) == "sheets.new":
            assert answer.status_code == 422  # no Look is filled in
        elif route.method in SAFE:
            assert answer.status_code == 200, str(route)
        else:
            assert answer.status_code in {200, 201, 303, 400, 409, 422}, str(route)


def test_foreign_and_missing_look_the_same_to_others(
    app: Flask, visit: Visit, mallory: Account, things: dict[str, str], pushed: None
) -> None:
    client = visit(mallory)
    missing = {name: "A" * 22 if name.endswith("id") else value for name, value in things.items()}
    owned = [route for route in routes(app) if route.audience is Audience.OWNER]
    assert len(owned) >= 10
    for route in owned:
        for headers in ({}, HTMX):
            foreign = call(client, route, route.address(things), headers=headers)
            nothing = call(client, route, route.address(missing), headers=headers)
            assert foreign.status_code == 404, str(route)
            assert shape(foreign) == shape(nothing), str(route)
            assert set(foreign.headers.keys()) == set(nothing.headers.keys()), str(route)


def test_a_suspended_person_gets_in_nowhere_but_where_everybody_does(
    app: Flask, visit: Visit, alice: Account, things: dict[str, str], pushed: None
) -> None:
    Account.update(standing=Standing.SUSPENDED).execute()
    for route in routes(app):
        if str(route.rule.endpoint) == "signin.signout":
            continue
        answer = call(visit(alice), route, route.address(things))
        if route.audience in (Audience.PUBLIC, Audience.MACHINE):
            assert answer.status_code < 500 and answer.status_code != 403, str(route)
        else:
            assert answer.status_code == 403, str(route)
    assert visit(alice).post("/signout").status_code == 303


def test_no_write_is_taken_from_another_site(
    app: Flask, visit: Visit, alice: Account, things: dict[str, str], pushed: None
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    for route in routes(app):
        if route.method not in SAFE and route.audience is not Audience.MACHINE:
            answer = call(visit(alice), route, route.address(things), headers=headers, bare=True)
            assert answer.status_code == 403, str(route)


def test_looking_changes_nothing(app: Flask) -> None:
    writes = {route.rule.endpoint for route in routes(app) if route.method not in SAFE}
    looks = {route.rule.endpoint for route in routes(app) if route.method in SAFE}
    assert not writes & looks
