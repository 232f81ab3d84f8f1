"""The sandboxes on a real socket: one server a test process, a fresh sandbox a test."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from fluxgen import clock
from fluxgen.sandbox import Sandbox, create_sandbox

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


SANDBOX_PAGES = ("/", "/mail/", "/stripe/", "/stripe/control")
"""What a person may open there; what else there is begins with somebody's purchase or way in."""


class Quiet(WSGIRequestHandler):
    """Requests are not logged."""

    def log(self, type: str, message: str, *args: object) -> None:
        return


class SandboxServer:
    """Answers with whatever sandbox the present test has."""

    def __init__(self) -> None:
        self.sandbox: Sandbox | None = None
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.sandbox is not None, "no test is running"
        return self.sandbox(environ, start_response)

    @contextmanager
    def running(self) -> Iterator[SandboxServer]:
        """Serve from a thread until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    @contextmanager
    def fresh(self, painter: str = "quick") -> Iterator[Sandbox]:
        """A sandbox of its own for one test: its clock is the test's, nothing waits, pictures are small
        unless another painter is called, no webhooks are sent."""
        environ = {"SANDBOX_PACE": "0", "SANDBOX_PAINTER": painter}
        self.sandbox = create_sandbox(environ, now=lambda: clock.now().timestamp())
        self.sandbox.replicate.faults.webhook_drop = 1.0
        try:
            yield self.sandbox
        finally:
            self.sandbox.close()
