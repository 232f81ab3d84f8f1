"""Counting pages: a day, a pattern, a number, and nothing of who looked."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from fluxgen import analytics
from fluxgen.counting import Counted
from fluxgen.models import Account, PageView
from fluxgen.settings import Settings
from tests.support.erasing import planned
from tests.support.making import Visit

MARKER = "marker-7f3a9c"


def written(app: Flask) -> dict[str, int]:
    counted = app.extensions["counted"]
    assert isinstance(counted, Counted)
    counted.write()
    return {one.route: one.views for one in analytics.counted(1)}


def test_public_pages_are_counted_by_pattern(app: Flask, visit: Visit) -> None:
    client = visit(None)
    for address in (f"/?q={MARKER}", "/", "/journal/what-a-look-is", "/privacy/2026-11-23"):
        client.get(address)
    assert written(app) == {"/": 2, "/journal/<slug>": 1, "/privacy/<version>": 1}
    client.get("/")
    assert written(app)["/"] == 3
    assert MARKER not in str(list(PageView.select().dicts()))


def test_what_is_not_counted(app: Flask, visit: Visit, alice: Account) -> None:
    visit(alice).get("/")
    visit(alice).get("/studio")
    client = visit(None)
    client.get("/", headers={"DNT": "1"})
    client.get("/", headers={"Sec-GPC": "1"})
    client.get("/nowhere")
    client.get("/healthz")
    assert client.get(f"/erasures/{planned(alice).public_id}").status_code == 200
    client.get("/journal/feed.xml")
    client.head("/")
    assert written(app) == {}


def test_counting_writes_once_a_minute_at_most(app: Flask, visit: Visit) -> None:
    for _ in range(20):
        visit(None).get("/")
    assert PageView.select().count() == 0
    assert written(app) == {"/": 20}


@pytest.mark.both_databases
def test_two_processes_add_up(app: Flask) -> None:
    first, second = Counted(), Counted()
    for counted in (first, second):
        counted.one("/")
        counted.write()
    assert [(one.route, one.views) for one in analytics.counted(1)] == [("/", 2)]


def test_the_command_shows_them(app: Flask, visit: Visit) -> None:
    visit(None).get("/terms")
    written(app)
    runner = app.test_cli_runner()
    rows = json.loads(runner.invoke(args=["analytics", "--json"]).output)
    assert rows == [{"page": "/terms", "views": 1}]
    rows = json.loads(runner.invoke(args=["analytics", "--by-day", "--json"]).output)
    assert rows[0]["page"] == "/terms" and len(rows[0]["day"]) == 10


class TestOff:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"analytics": "off"})

    def test_nothing_is_counted(self, app: Flask, visit: Visit) -> None:
        assert "_vercel" not in visit(None).get("/").text
        assert "counted" not in app.extensions


class TestVercel:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"analytics": "vercel"})

    def test_visitors_get_its_script_from_our_own_origin(self, app: Flask, visit: Visit) -> None:
        text = visit(None).get("/").text
        assert text.index("vercel.js") < text.index('src="/_vercel/insights/script.js"')
        assert "counted" not in app.extensions
        assert (words := visit(None).get("/privacy").text).count("Vercel") > 1
        assert "counted by Vercel, our host" in words and "runs our web pages" in words
        for untrue in ("no browser", "by ourselves", "A count is"):
            assert untrue not in words

    @pytest.mark.parametrize("objection", ["DNT", "Sec-GPC"])
    def test_whoever_objects_does_not(self, visit: Visit, objection: str) -> None:
        assert "_vercel" not in visit(None).get("/", headers={objection: "1"}).text

    def test_an_address_that_is_a_secret_is_not_handed_on(
        self, visit: Visit, alice: Account
    ) -> None:
        page = visit(None).get(f"/erasures/{planned(alice).public_id}")
        assert page.status_code == 200 and "_vercel" not in page.text

    def test_signed_in_pages_do_not(self, visit: Visit, alice: Account) -> None:
        for address in ("/", "/studio", "/privacy"):
            assert "_vercel" not in visit(alice).get(address).text
