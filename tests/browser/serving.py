"""The test's own app on a real socket, for a real browser: every state within a test's reach."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, abort
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from fluxgen.models import Account
from fluxgen.security import public
from tests.support import cast
from tests.support.sandboxes import Quiet

FAILING = "/planted"


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


ERRORS = [f"{FAILING}/{code}" for code in (403, 404, 413, 422, 429, 500, 503)]
"""An address for each error that people may meet as a page."""


def plant_errors(app: Flask) -> None:
    """Have these addresses answered so; before the app's first request."""

    @public
    def fail(code: int) -> str:
        abort(code)

    app.add_url_rule(f"{FAILING}/<int:code>", "planted", fail)


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


def opened(chromium: Browser, served: Served, account: Account | None) -> BrowserContext:
    """A browser of somebody's own, who wants nothing to move."""
    context = chromium.new_context(reduced_motion="reduce")
    if account is not None:
        served.sign_in(context, account)
    return context
