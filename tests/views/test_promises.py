"""The promises page and its command: green by measurement only, red when false or too old."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from flask import Flask, Response

from fluxgen import adapters, clock, db, measurements, outbox, promises
from fluxgen.adapters.own_pages import OwnPages
from fluxgen.jobs import promises as jobs
from fluxgen.jobs.scanning import scan
from fluxgen.jobs.sweep import reconcile
from fluxgen.models import Account
from fluxgen.promises import PROMISES, State
from tests.support.cast import ORIGIN
from tests.support.erasing import planned
from tests.support.making import Visit
from tests.support.workers import pass_time


def keep_all() -> None:
    for promise in PROMISES:
        measurements.note(promise.name, promise.least)


@pytest.fixture
def own_pages(app: Flask) -> OwnPages:
    """Our own pages, asked as by network."""
    pages = OwnPages(ORIGIN, httpx.WSGITransport(app=app))
    adapters.use(replace(adapters.current(), own_pages=pages))
    return pages


def test_what_was_never_measured_is_red(visit: Visit) -> None:
    text = visit(None).get("/promises").text
    assert text.count("promise--broken") == len(PROMISES)
    assert "Never measured" in text


def test_all_hold_when_all_is_as_promised(app: Flask, visit: Visit) -> None:
    keep_all()
    text = visit(None).get("/promises").text
    assert "promise--broken" not in text
    assert f"All {len(PROMISES)} promises hold." in text
    answer = app.test_cli_runner().invoke(args=["promises", "--json"])
    assert answer.exit_code == 0
    assert {row["state"] for row in json.loads(answer.output)} == {"kept"}


def test_one_for_which_there_is_nothing_to_measure_is_neither_green_nor_red(
    app: Flask, visit: Visit
) -> None:
    keep_all()
    measurements.note("export_drill", measurements.NOTHING)
    text = visit(None).get("/promises").text
    assert "promise--broken" not in text
    assert f"{len(PROMISES) - 1} promises of {len(PROMISES)} hold; for the rest" in text
    assert 'class="promise promise--idle" id="export_drill"' in text
    assert "Nothing to measure yet" in text
    answer = app.test_cli_runner().invoke(args=["promises"])
    assert (answer.exit_code, "nothing to measure yet" in answer.output) == (0, True)
    pass_time(8 * 24 * 3600 + 1)
    standing = {one.promise.name: one.state for one in promises.standing()}
    assert standing["export_drill"] is State.TOO_OLD


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_one_that_is_false_is_red_and_fails_the_command(
    app: Flask, visit: Visit, promise: promises.Promise
) -> None:
    keep_all()
    measurements.note(promise.name, promise.most + 1)
    text = visit(None).get("/promises").text
    assert text.count("promise--broken") == 1
    assert f'class="promise promise--broken" id="{promise.name}"' in text
    assert app.test_cli_runner().invoke(args=["promises"]).exit_code == 1


def test_one_that_nobody_looks_after_is_red(visit: Visit) -> None:
    keep_all()
    pass_time(3 * 3600 + 1)
    stale = {one.promise.name for one in promises.standing() if one.state is State.TOO_OLD}
    assert stale == {one.name for one in PROMISES if one.fresh_s <= 3 * 3600}
    assert "measured too long ago" in visit(None).get("/promises").text.lower()


def test_every_measurement_is_promised_and_every_promise_measured() -> None:
    own = {"worker"}  # a sign of life for a monitor, not a promise
    assert {promise.name for promise in PROMISES} == set(measurements.NAMES) - own
    with pytest.raises(KeyError):
        measurements.note("nothing", 1)


def test_our_pages_are_measured_as_a_visitor_gets_them(own_pages: OwnPages) -> None:
    jobs.measure()
    latest = measurements.latest()
    assert (latest["cookies_looking"].value, latest["cookies"].value) == ("0", "1")
    assert latest["foreign_origins"].value == "0"
    assert latest["mail_oldest"].value == "0"


class TestAPageThatBreaksIt:
    """What a page, a style sheet or the policy may do wrong is found."""

    @pytest.fixture
    def planted(self, app: Flask, own_pages: OwnPages) -> Iterator[dict[str, str]]:
        plan = {"html": "", "policy": "", "cookie": ""}

        def spoil(response: Response) -> Response:
            if response.mimetype == "text/html" and not response.is_streamed:
                response.set_data(response.get_data(as_text=True) + plan["html"])
                if plan["cookie"]:
                    response.headers.add("Set-Cookie", plan["cookie"])
            return response

        def loosen(response: Response) -> Response:
            if plan["policy"]:
                response.headers["Content-Security-Policy"] = plan["policy"]
            return response

        app.after_request_funcs[None].append(spoil)  # before it is packed
        app.after_request_funcs[None].insert(0, loosen)  # after our own policy is set
        yield plan

    @pytest.mark.parametrize(
        "html",
        [
            '<img src="https://pixel.test/a.gif">',
            '<script src="//cdn.test/a.js"></script>',
            '<link rel="stylesheet" href="https://fonts.test/a.css">',
            '<link rel="preconnect" href="https://fonts.test">',
            '<img srcset="/static/x.png 1x, https://pixel.test/b.png 2x">',
            '<p style="background:url(https://pixel.test/c.png)">',
            '<iframe src="https://frame.test"></iframe>',
        ],
    )
    def test_another_origin(self, planted: dict[str, str], html: str) -> None:
        planted["html"] = html
        jobs.measure()
        assert measurements.latest()["foreign_origins"].value == "1"

    def test_a_link_is_no_load(self, planted: dict[str, str]) -> None:
        planted["html"] = '<a href="https://elsewhere.test">there</a>'
        jobs.measure()
        assert measurements.latest()["foreign_origins"].value == "0"

    @pytest.mark.parametrize(
        "policy",
        [
            "default-src 'self'; img-src 'self' https://pixel.test",
            "default-src *",
            "img-src 'self'",
        ],
    )
    def test_a_policy_that_allows_it(self, planted: dict[str, str], policy: str) -> None:
        planted["policy"] = policy
        jobs.measure()
        assert measurements.latest()["foreign_origins"].value == "1"

    def test_a_second_cookie(self, planted: dict[str, str]) -> None:
        planted["cookie"] = "tracker=1"
        jobs.measure()
        assert measurements.latest()["cookies"].value == "2"

    def test_our_own_cookie_for_looking(self, planted: dict[str, str]) -> None:
        planted["cookie"] = "fluxgen=1"
        jobs.measure()
        latest = measurements.latest()
        assert (latest["cookies_looking"].value, latest["cookies"].value) == ("1", "1")


def test_pages_that_cannot_be_read_are_not_called_good(own_pages: OwnPages) -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502)

    broken = OwnPages(ORIGIN, httpx.MockTransport(refuse))
    adapters.use(replace(adapters.current(), own_pages=broken))
    jobs.measure()
    assert "cookies" not in measurements.latest()


def test_the_chores_note_what_they_find(app: Flask, alice: Account) -> None:
    reconcile()
    scan()
    latest = measurements.latest()
    assert (latest["reconcile_difference"].value, latest["references_found"].value) == ("0", "0")
    Account.update(available=Account.available + 1).where(Account.id == alice.id).execute()
    reconcile()
    assert int(measurements.latest()["reconcile_difference"].value) > 0


def test_an_erasure_that_takes_more_than_a_day_breaks_its_promise(
    alice: Account, bob: Account, own_pages: OwnPages
) -> None:
    """One that was chosen for a later day has not begun."""
    planned(alice)
    planned(bob, begins_at=clock.after(29 * 24 * 3600))
    for waited_s, hours, state in ((24 * 3600 - 60, "24", State.KEPT), (120, "25", State.BROKEN)):
        pass_time(waited_s)
        jobs.measure()
        assert measurements.latest()["erasure_hours"].value == hours
        standing = {one.promise.name: one.state for one in promises.standing()}
        assert (standing["erasure_hours"], standing["erasure_oldest"]) == (state, State.KEPT)


def test_mail_that_waits_too_long_breaks_its_promise(alice: Account, own_pages: OwnPages) -> None:
    with db.transaction():
        outbox.queue("policy", alice, key="one", facts={})
    pass_time(25 * 3600)
    jobs.measure()
    assert measurements.latest()["mail_oldest"].value == "25"
