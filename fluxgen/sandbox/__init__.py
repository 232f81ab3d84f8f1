"""Stand-ins for the providers FluxGen talks to, as one WSGI app.

Serve it with one process, for its state is in memory:
`gunicorn --workers 1 --threads 32 'fluxgen.sandbox:create_sandbox()'`.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import httpx
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.google import GoogleSandbox
from fluxgen.sandbox.painting import PAINTERS
from fluxgen.sandbox.replicate import ReplicateSandbox
from fluxgen.sandbox.routed import Routed, mount_url
from fluxgen.sandbox.s3 import S3Sandbox
from fluxgen.sandbox.welcome import welcome_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Sandbox", "SandboxRefused", "create_sandbox"]

MAX_PACE = 100.0


class SandboxRefused(RuntimeError):
    """The sandbox may not start here, or not like this."""


class Sandbox(Routed):
    """All stand-ins in one app: `/replicate`, `/google` and `/s3`."""

    rules = (("GET", "/", "welcome"), ("GET", "/healthz", "health"))

    def __init__(self, replicate: ReplicateSandbox, google: GoogleSandbox, s3: S3Sandbox) -> None:
        super().__init__()
        self.replicate = replicate
        self.google = google
        self.s3 = s3
        self._dispatch = DispatcherMiddleware(
            super().__call__, {"/replicate": replicate, "/google": google, "/s3": s3}
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._dispatch(environ, start_response)

    def welcome(self, request: Request) -> Response:
        """What this is."""
        base_url = mount_url(request)
        page = welcome_page(f"{base_url}/replicate", f"{base_url}/google")
        return Response(page, mimetype="text/html")

    def health(self, request: Request) -> Response:
        """200 while the process is up."""
        return Response("ok", mimetype="text/plain")

    def close(self) -> None:
        """Stop the background threads."""
        self.replicate.close()


def create_sandbox(
    environ: Mapping[str, str] = os.environ,
    *,
    now: Callable[[], float] = time.time,
    webhook_transport: httpx.BaseTransport | None = None,
) -> Sandbox:
    """Build the sandbox from `SANDBOX_PACE`, `SANDBOX_PAINTER` and `SANDBOX_FAULTS`.

    `now` is the clock of all stand-ins in unix seconds; `webhook_transport` replaces the
    network for webhooks. Raises `SandboxRefused` in production.
    """
    if environ.get("FLUXGEN_ENV", "").strip().lower() == "production":
        raise SandboxRefused(
            "The sandbox pretends to be Google, Replicate and an object store. It never starts "
            "with FLUXGEN_ENV=production: give the real keys instead."
        )
    replicate = ReplicateSandbox(
        pace=_pace(environ.get("SANDBOX_PACE") or "1.0"),
        painter=PAINTERS[_one_of(environ, "SANDBOX_PAINTER", "full", list(PAINTERS))],
        faults=_faults(environ.get("SANDBOX_FAULTS") or "{}"),
        now=now,
        webhook_transport=webhook_transport,
    )
    return Sandbox(replicate, GoogleSandbox(now=now), S3Sandbox(now=now))


def _pace(written: str) -> float:
    try:
        pace = float(written)
    except ValueError:
        pace = -1.0
    if not 0 <= pace <= MAX_PACE:
        raise SandboxRefused(f"SANDBOX_PACE must be a number from 0 to {MAX_PACE:g}.")
    return pace


def _one_of(environ: Mapping[str, str], name: str, default: str, known: list[str]) -> str:
    chosen = environ.get(name) or default
    if chosen not in known:
        raise SandboxRefused(f"{name} must be one of: {', '.join(known)}.")
    return chosen


def _faults(written: str) -> Mapping[str, object]:
    try:
        faults = json.loads(written)
    except ValueError as error:
        raise SandboxRefused("SANDBOX_FAULTS must be JSON.") from error
    if not isinstance(faults, dict):
        raise SandboxRefused("SANDBOX_FAULTS must be a JSON object.")
    return faults
