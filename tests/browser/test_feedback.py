"""A click answers by the next frame, whatever the server does: its answers are held back here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from fluxgen.sandbox.run_folder import until
from tests.browser.conftest import Person
from tests.browser.desk import card, expect_balance, expect_phase, order, public_id

pytestmark = pytest.mark.xdist_group("browser")

ENOUGH_S = 30.0
GIVES_UP_MS = 15_000
"""Less than the bar at the top waits for a page (`feedback.js`), more than for a download."""

BY_THE_NEXT_FRAME = """async ([pressed, looked_at, property, pseudo]) => {
  const thing = document.querySelector(looked_at), look = () => getComputedStyle(thing, pseudo)[property];
  const before = look();
  document.querySelector(pressed).click();
  await new Promise(requestAnimationFrame);
  return [before, look()];
}"""
MOVES_BY_THE_NEXT_FRAME = """async (pressed) => {
  document.querySelector(pressed).click();
  await new Promise(requestAnimationFrame);
  return document.getAnimations().length;
}"""
CLOSES_UNASKED = """() => {
  const box = document.querySelector("#lightbox");
  box.dispatchEvent(new Event("cancel"));
  box.close();
}"""
"""As a browser does at Escape where nobody has touched the page since it last did."""
DELETE = '[hx-post$="/delete"] button'
TILE = "article.generation-card"


def changes(
    page: Page, pressed: str, looked_at: str, property_: str, pseudo: str | None = None
) -> bool:
    """Whether what is looked at has changed by the frame after a click."""
    before, after = page.evaluate(BY_THE_NEXT_FRAME, [pressed, looked_at, property_, pseudo])
    return bool(before != after)


@dataclass
class Held:
    """Requests that wait. The browser tells of one when it has the time."""

    page: Page
    routes: list[Route] = field(default_factory=list)
    has_come: bool = False

    def keep(self, route: Route) -> None:
        """Let this one wait."""
        self.routes.append(route)
        self.has_come = True

    def come(self) -> list[Route]:
        """Those that wait, once one has come."""
        assert until(self._has_told, ENOUGH_S)
        return self.routes

    def _has_told(self) -> bool:
        self.page.context.cookies()  # any answer of the browser brings what it has to tell
        return self.has_come


@contextmanager
def held(page: Page, address: str) -> Iterator[Held]:
    """Requests to this address wait until the end, then go on their way."""
    waiting = Held(page)
    page.route(address, waiting.keep)
    yield waiting
    for route in waiting.come():
        route.continue_()
    page.unroute(address)


@pytest.fixture
def shown(ada: Person) -> str:
    """A finished picture's public id; its tile is on the page."""
    picture = order(ada.open("/studio"), "answers at once")
    expect_phase(picture, "done")
    ada.open("/history")
    return public_id(picture)


def test_a_tile_answers_at_once_and_comes_back_where_it_is_refused(ada: Person, shown: str) -> None:
    ada.watch.permit("status of 500", "Error Code 500")
    page = ada.page
    with held(page, "**/favourite") as waiting:
        assert changes(page, ".star__button", ".star__button .icon", "fill")
        page.locator(".star__button").evaluate("(button) => button.click()")  # nothing more is sent
        assert len(waiting.come()) == 1
    expect(page.locator(".star__button")).to_have_attribute("aria-pressed", "true")
    with held(page, "**/favourite"):
        assert changes(page, ".star__button", ".star__button .icon", "fill")
    expect(page.locator(".star__button")).to_have_attribute("aria-pressed", "false")

    with held(page, "**/delete") as waiting:
        assert changes(page, f"{TILE} {DELETE}", TILE, "opacity")
        waiting.come().pop().fulfill(status=500)
        expect(page.locator(TILE)).to_have_css("opacity", "1")
    expect(page.locator("#connection")).to_be_in_viewport()
    expect(page.locator("#connection")).to_contain_text("Try again in a minute")

    page.locator(f"{TILE} {DELETE}").evaluate("(button) => button.click()")
    expect(page.locator("#live")).to_contain_text("Picture 1 deleted. Undo it within")
    expect(page.locator(".toast")).to_be_hidden()  # the frame has its undo: said once
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator(f"#generation-{shown} img")).to_be_visible()


def test_what_is_refused_meanwhile_is_said_and_changes_nothing(ada: Person, shown: str) -> None:
    """A race, a suspension and a session that has ended, while the page stays open."""
    ada.watch.permit("status of (401|403|409)", "Error Code 4(01|03|09)")
    running = public_id(order(ada.open("/studio"), "not done yet [slow]"))
    with ada.house.unlooked_at(running):
        page = ada.open("/history")
        tile, notice = page.locator(f"#generation-{shown}"), page.locator("#connection")
        page.evaluate(
            "([path, target]) => htmx.ajax('POST', path, { target, swap: 'outerHTML' })",
            [f"/generations/{running}/favourite", f"#generation-{shown}"],
        )
        expect(notice).to_have_text(re.compile("^Only a finished picture can be a favourite"))
        with page.expect_response("**/partials/unfinished*"):
            pass
        expect(notice).to_be_visible()  # a poll has nothing to do with it
        page.evaluate("htmx.ajax('GET', '/offline', { target: '#live', select: 'h1' })")
        expect(page.locator("#live")).to_contain_text("No connection")
        expect(notice).to_be_visible()  # nor has what only looks
    star = tile.locator(".star__button")
    standing = "UPDATE account SET standing = ? WHERE email = ?"
    ada.house.write(standing, "suspended", ada.email)
    star.click()
    expect(notice).to_contain_text("This account is suspended.")
    ada.house.write(standing, "active", ada.email)
    ada.context.clear_cookies()
    star.click()
    expect(notice).to_contain_text("You were signed out.")
    expect(notice.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.locator("header.masthead")).to_have_count(1)
    ada.sign_in(ada.email)
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(notice).to_be_hidden()


def test_a_store_that_is_down_is_said_and_a_picture_deleted_elsewhere_is_not(
    ada: Person, shown: str
) -> None:
    ada.watch.permit("status of (404|503)")
    page, notice = ada.page, ada.page.locator("#connection")
    expect(page.locator(f"#generation-{shown} img")).to_be_visible()
    statuses = [404, 503]
    page.route("**/images/**", lambda route: route.fulfill(status=statuses[0]))
    with page.expect_response(lambda answer: answer.request.method == "HEAD"):
        page.reload()  # one that was deleted elsewhere: nothing is said
    page.evaluate("fetch('/offline').then((answer) => answer.text())")
    expect(notice).to_be_hidden()
    del statuses[0]
    page.evaluate("document.body.append(Object.assign(new Image(), { src: '/images/more' }))")
    expect(notice).to_contain_text("Pictures do not arrive just now. They are safe")


def test_the_lightbox_answers_at_once_and_says_what_was_refused(ada: Person, shown: str) -> None:
    ada.watch.permit("status of 500", "Error Code 500")
    page, picture = ada.page, f"#generation-{shown} .generation-card__picture"
    with held(page, "**/partials/generations/*/lightbox"):
        assert changes(page, picture, picture, "content", "::before")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h1")).to_be_focused()
    with held(page, "**/favourite"):
        assert changes(page, "#lightbox-favourite", "#lightbox-favourite", "backgroundColor")
    with held(page, "**/delete") as waiting:
        assert changes(page, "#delete-all", "#lightbox-picture", "opacity")
        waiting.come().pop().fulfill(status=500)
        expect(page.locator("#lightbox-picture")).to_have_css("opacity", "1")
    expect(dialog.locator("#connection")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator(picture)).to_be_focused()


def test_generate_and_links_answer_at_once(ada: Person) -> None:
    page = ada.open("/studio")
    page.locator("#prompt").fill("pressed once")
    with held(page, "**/generations") as waiting:
        assert changes(page, "#generate", "#generate", "opacity")
        page.keyboard.press("Control+Enter")
        assert len(waiting.come()) == 1
    expect(card(page, "pressed once")).to_be_visible()
    expect_balance(page, 96)
    with held(page, "**/credits"):
        assert changes(page, "#balance", "html", "content", "::before")
    page.wait_for_url("**/credits")
    assert ada.generations() == 1


def test_what_leads_nowhere_shows_no_bar_for_long(ada: Person, shown: str) -> None:
    page, bar = ada.page, ada.page.locator("html[data-leaving]")
    page.keyboard.press("?")
    page.locator("#keyboard").get_by_role("button", name="Close").click()
    expect(page.locator("#keyboard")).to_be_hidden()
    assert bar.count() == 0
    page.locator(f"#generation-{shown}").hover()
    with page.expect_download():
        page.get_by_role("link", name="Download picture 1").click()
    expect(bar).to_have_count(0, timeout=GIVES_UP_MS)
    page.locator(".generation-card__check input").click()
    with page.expect_download():
        page.locator("#selection-download").click()
    expect(bar).to_have_count(0, timeout=GIVES_UP_MS)


def test_what_loads_while_the_lightbox_is_closed_does_not_open_it(ada: Person, shown: str) -> None:
    expect_phase(order(ada.open("/studio"), "a second picture"), "done")
    page = ada.open("/history")
    box, newest = page.locator("#lightbox"), page.locator(".generation-card__picture").first
    for close in (lambda: page.keyboard.press("Escape"), page.go_back):
        with (
            page.expect_response(f"**/partials/**{shown}**"),
            held(page, f"**/partials/**{shown}**"),
        ):
            newest.click()
            expect(box.locator("h1")).to_have_text("Picture 2, 1 of 2")
            page.locator("#lightbox-next").click()
            close()
            expect(box).to_be_hidden()
            expect(newest).to_be_focused()
        page.evaluate("fetch('/offline').then((answer) => answer.text())")
        page.evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        expect(box).to_be_hidden()
        expect(newest).to_be_focused()
        expect(page).to_have_url(f"{ada.house.url}/history")


def test_escape_that_cannot_be_held_up_closes_the_lightbox_wholly(ada: Person, shown: str) -> None:
    page, box = ada.page, ada.page.locator("#lightbox")
    title, picture = page.title(), page.locator(f"#generation-{shown} .generation-card__picture")
    picture.click()
    expect(box.locator("h1")).to_be_focused()
    page.evaluate(CLOSES_UNASKED)
    expect(box).to_be_hidden()
    expect(page).to_have_url(f"{ada.house.url}/history")
    expect(page).to_have_title(title)
    expect(picture).to_be_focused()


def test_nothing_moves_where_less_motion_is_asked_for(ada: Person, shown: str) -> None:
    page = ada.page
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("() => { document.startViewTransition = () => { throw new Error('moved'); }; }")
    page.locator(f"#generation-{shown} .generation-card__picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    with held(page, "**/credits"):
        assert page.evaluate(MOVES_BY_THE_NEXT_FRAME, "#balance") == 0


def test_a_picture_grows_from_its_tile_and_shrinks_back(ada: Person, shown: str) -> None:
    page = ada.page
    page.evaluate("""() => {
      window.moved = [];
      const start = document.startViewTransition.bind(document);
      document.startViewTransition = (change) => {
        const moving = start(change);
        moving.ready.then(() => moved.push(document.getAnimations().map((each) => each.effect.pseudoElement)
          .filter((name) => name?.endsWith("(picture)")).length > 0), (trouble) => moved.push(String(trouble)));
        return moving;
      };
    }""")
    page.locator(f"#generation-{shown} .generation-card__picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert until(lambda: page.evaluate("moved.length === 1"), ENOUGH_S)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert until(lambda: page.evaluate("moved.length === 2"), ENOUGH_S)
    assert page.evaluate("moved") == [True, True]
    expect(page.locator("[data-moves]")).to_have_count(0)
