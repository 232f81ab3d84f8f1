"""The test's own app on a real socket, for a real browser: every state within a test's reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from fluxgen.models import Account
from tests.browser.watch import Watch, watched
from tests.support import cast
from tests.support.sandboxes import Quiet


@dataclass(frozen=True)
class Served:
    """An app that answers, and the way in for its people."""

    app: Flask
    url: str

    def sign_in(self, context: BrowserContext, account: Account) -> None:
        """The browser carries on in a session of this account."""
        cookie = cast.visit(self.app, account).get_cookie("fluxgen", domain="localhost")
        assert cookie is not None
        context.add_cookies([{"name": "fluxgen", "value": cookie.value, "url": self.url}])


@contextmanager
def serving(app: Flask) -> Iterator[Served]:
    """Answer from threads until the block ends."""
    server = make_server("localhost", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(app, f"http://localhost:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def opened(
    chromium: Browser, served: Served, account: Account | None, home: str = ""
) -> Iterator[tuple[Page, Watch]]:
    """A browser of somebody's own, who wants nothing to move."""
    with watched(chromium, home or served.url, reduced_motion="reduce") as (context, watch):
        if account is not None:
            served.sign_in(context, account)
        yield context.new_page(), watch
