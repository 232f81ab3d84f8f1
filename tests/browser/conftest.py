"""A running house and headless Chromium, once a test process; people with a browser each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.running import Running, running
from tests.browser.watch import Watch, watched

DESK = {"width": 1440, "height": 900}
TIMEOUT_MS = 60_000
_numbers = count(1)


class Person:
    """Somebody with a browser of their own, watched."""

    def __init__(self, context: BrowserContext, watch: Watch, house: Running) -> None:
        self.context = context
        self.watch = watch
        self.house = house
        self.page: Page = context.new_page()
        self.email = ""
        context.set_default_timeout(TIMEOUT_MS)

    def sign_in(self, email: str = "") -> Person:
        """In through the Google sandbox without looking at the pages; a newcomer has 100 credits."""
        self.email = email or f"person-{next(_numbers)}@example.test"
        ask = self.context.request
        chooser = ask.get(f"{self.house.url}/signin/google")
        arrived = ask.post(chooser.url, form={"email": self.email, "name": "Ada Vermeer"})
        if arrived.url.endswith("/signin/welcome"):
            arrived = ask.post(
                arrived.url, form={"age13": "yes", "terms": "yes"}, headers=self.ours
            )
        assert arrived.url == f"{self.house.url}/studio", arrived.url
        return self

    @property
    def ours(self) -> dict[str, str]:
        """What makes a request come from our own page."""
        return {"Origin": self.house.url}

    def generations(self) -> int:
        """How many generations this person has asked for."""
        question = """SELECT count(*) FROM generation
            JOIN account ON account.id = generation.account_id WHERE account.email = ?"""
        return int(self.house.rows(question, self.email)[0][0])

    def open(self, path: str) -> Page:
        self.page.goto(self.house.url + path)
        return self.page


NewPerson = Callable[..., Person]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def person(house: Running, chromium: Browser) -> Iterator[NewPerson]:
    """Makes people; in the end none of their pages may have done what it should not."""
    # what a worker fetches could not be held back or refused by a test
    defaults = {"viewport": DESK, "service_workers": "block"}
    with ExitStack() as browsers:

        def arrive(**options: Any) -> Person:
            opening = watched(chromium, house.url, **{**defaults, **options})
            return Person(*browsers.enter_context(opening), house)

        yield arrive


@pytest.fixture
def ada(person: NewPerson) -> Person:
    """Signed in, on a desk."""
    return person().sign_in()
