"""Watches a browser: whatever a page should not do is written down, and fails its test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

REPORTS_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});"""
LEFT = "net::ERR_ABORTED"
"""What Chromium says of requests that were under way when their page was left."""
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
        """When the browser asked, by its own clock; known as soon as there is an answer."""
        return float(self.request.timing["startTime"]) / 1000


class Watch:
    """Console messages, page errors, failed requests, foreign requests, CSP violations."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.seen: list[str] = []
        self.polls: list[Poll] = []
        self._home = urlsplit(home).netloc
        self._permitted = [NO_WORKER]
        context.add_init_script(REPORTS_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def permit(self, *patterns: str) -> None:
        """Regular expressions of what this test provokes."""
        self._permitted += patterns

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
