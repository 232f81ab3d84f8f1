"""Watches a browser: whatever a page should not do is written down, and fails its test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebError

REPORTS_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});"""
LEFT = "net::ERR_ABORTED"
"""What Chromium says of requests that were under way when their page was left."""
GIVEN_UP = r"^console: htmx:(afterRequest|sendAbort), "
"""What htmx says of the same, and of a question that a newer one replaced (`hx-sync`). A request that
failed is told of by `htmx:sendError` or `htmx:timeout`."""
POLL = "/partials/unfinished"
NO_WORKER = "Service Worker registration blocked by Playwright"
NOTEWORTHY = {"error", "warning", "assert"}


@dataclass(frozen=True)
class Poll:
    """One question for unfinished cards."""

    request: Request
    ids: tuple[str, ...]

    @property
    def at_s(self) -> float:
        """When the browser asked, by its own clock; 0 until there is an answer, and for ever where a
        newer question took its place."""
        return float(self.request.timing["startTime"]) / 1000


class Watch:
    """Console messages, page errors, failed requests, foreign requests, CSP violations."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.seen: list[str] = []
        self.polls: list[Poll] = []
        self._home = urlsplit(home).netloc
        self._permitted = [NO_WORKER, GIVEN_UP]
        context.add_init_script(REPORTS_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def permit(self, *patterns: str) -> None:
        """Regular expressions of what this test provokes."""
        self._permitted += patterns

    def permit_answer(self, url: str, status: int) -> None:
        """This address answers so, as it should; of no other address is that said."""
        self.permit(rf"status of {status} .*\({re.escape(url)}\)$")

    @property
    def complaints(self) -> list[str]:
        """What was seen and is not permitted."""
        return [
            seen for seen in self.seen if not any(re.search(each, seen) for each in self._permitted)
        ]

    def has_seen(self, pattern: str) -> bool:
        """Whether something like this regular expression was seen, permitted or not."""
        return any(re.search(pattern, seen) for seen in self.seen)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in NOTEWORTHY:
            self.seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _page_error(self, error: WebError) -> None:
        self.seen.append(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != self._home:
            self.seen.append(f"elsewhere: {request.url}")
        if parts.path == POLL:
            ids = parse_qs(parts.query).get("ids", [""])[0]
            self.polls.append(Poll(request, tuple(ids.split(","))))

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self.seen.append(f"failed: {request.url} {request.failure}")


@contextmanager
def watched(chromium: Browser, home: str, **options: Any) -> Iterator[tuple[BrowserContext, Watch]]:
    """The only door to a browser (`house/test_browsers.py`); in the end none of its pages may have
    done what it should not. `home` is the one address whose pages it may ask."""
    with chromium.new_context(**options) as context:
        watch = Watch(context, home)
        yield context, watch
        complaints = watch.complaints
    assert complaints == [], "\n".join(complaints)
