"""What watches the browser in all these tests sees what it is there to see."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from flask import Flask
from playwright.sync_api import Browser

from fluxgen.security import public
from tests.browser.conftest import Person
from tests.browser.serving import serving
from tests.browser.watch import watched

pytestmark = pytest.mark.xdist_group("browser")

PLANTED = """<!doctype html><title>Bad</title><p style="color: red">inline</p>
<img src="https://elsewhere.test/spy.png" alt=""><img src="/nowhere.png" alt="">"""
DONE = {
    "an inline style": "CSP style-src",
    "a picture from elsewhere": "CSP img-src https://elsewhere.test",
    "what is not there": "status of 404",
    "an error of a script": "page error: .*planted",
    "a warning": "console: planted warning",
    "a request that fails": "failed: .*/broken",
    "a page elsewhere": "elsewhere: http://127.0.0.1",
}


def test_everything_a_page_should_not_do_is_seen(app: Flask, chromium: Browser) -> None:
    app.add_url_rule("/planted", "planted", public(lambda: PLANTED))
    with serving(app) as served, watched(chromium, served.url) as (context, watch):
        watch.permit(".")
        page = context.new_page()
        page.route("**/broken", lambda route: route.abort("connectionrefused"))
        page.goto(f"{served.url}/planted", wait_until="networkidle")
        page.evaluate(
            "console.warn('planted warning'); setTimeout(() => { throw Error('planted'); })"
        )
        page.evaluate("fetch('/broken').catch(() => null)")
        page.goto(served.url.replace("localhost", "127.0.0.1"))
        unseen = [what for what, seen in DONE.items() if not watch.has_seen(seen)]
        assert unseen == []


def test_a_good_page_gives_no_cause(app: Flask, chromium: Browser) -> None:
    with serving(app) as served, watched(chromium, served.url) as (context, watch):
        context.new_page().goto(served.url, wait_until="networkidle")
        assert watch.seen == []


def test_a_question_given_up_is_no_fault_and_one_that_fails_is(ada: Person) -> None:
    page = ada.open("/studio")
    page.route("**/held", lambda route: None)
    page.route("**/broken", lambda route: route.abort("connectionrefused"))
    with page.expect_console_message(lambda message: "sendAbort" in message.text):
        page.evaluate("void htmx.ajax('GET', '/held'); htmx.trigger('body', 'htmx:abort')")
    assert ada.watch.complaints == []
    with page.expect_console_message(lambda message: "sendError" in message.text):
        page.evaluate("void htmx.ajax('GET', '/broken').catch(() => null)")
    assert any("htmx:sendError" in seen for seen in ada.watch.complaints)
    ada.watch.permit(".")


@pytest.mark.parametrize("is_permitted", [True, False], ids=["its own", "another"])
def test_a_refusal_is_permitted_of_its_own_address_only(
    app: Flask, chromium: Browser, is_permitted: bool
) -> None:
    with serving(app) as served:
        told = served.url + ("/nowhere" if is_permitted else "/nowhere/else")
        red = nullcontext() if is_permitted else pytest.raises(AssertionError, match="of 404")
        with red, watched(chromium, served.url) as (context, watch):
            watch.permit_answer(told, 404)
            context.new_page().goto(f"{served.url}/nowhere", wait_until="networkidle")
