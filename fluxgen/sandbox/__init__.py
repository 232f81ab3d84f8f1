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
from fluxgen.sandbox.mail import MailSandbox
from fluxgen.sandbox.painting import PAINTERS
from fluxgen.sandbox.replicate import ReplicateSandbox
from fluxgen.sandbox.routed import Routed, mount_url
from fluxgen.sandbox.s3 import S3Sandbox
from fluxgen.sandbox.stripe import StripeSandbox
from fluxgen.sandbox.welcome import welcome_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Sandbox", "SandboxRefused", "create_sandbox"]

MAX_PACE = 100.0


class SandboxRefused(RuntimeError):
    """The sandbox may not start here, or not like this."""


class Sandbox(Routed):
    """All stand-ins in one app: `/replicate`, `/google`, `/s3`, `/stripe` and `/mail`."""

    rules = (
        ("GET", "/", "welcome"),
        ("GET", "/healthz", "health"),
        ("GET", "/favicon.ico", "no_icon"),
    )

    def __init__(
        self,
        replicate: ReplicateSandbox,
        google: GoogleSandbox,
        s3: S3Sandbox,
        stripe: StripeSandbox,
    ) -> None:
        super().__init__()
        self.replicate = replicate
        self.google = google
        self.s3 = s3
        self.stripe = stripe
        self.mail = MailSandbox()
        self._dispatch = DispatcherMiddleware(
            super().__call__,
            {
                "/replicate": replicate,
                "/google": google,
                "/s3": s3,
                "/stripe": stripe,
                "/mail": self.mail,
            },
        )

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._dispatch(environ, start_response)

    def welcome(self, request: Request) -> Response:
        """What this is."""
        base_url = mount_url(request)
        page = welcome_page(base_url)
        return Response(page, mimetype="text/html")

    def no_icon(self, request: Request) -> Response:
        """Browsers ask for one whatever a page says; without an answer they complain."""
        return Response(status=204)

    def health(self, request: Request) -> Response:
        """200 while the process is up."""
        return Response("ok", mimetype="text/plain")

    def close(self) -> None:
        """Stop the background threads."""
        self.replicate.close()
        self.stripe.close()


def create_sandbox(
    environ: Mapping[str, str] = os.environ,
    *,
    now: Callable[[], float] = time.time,
    webhook_transport: httpx.BaseTransport | None = None,
) -> Sandbox:
    """Build the sandbox from `SANDBOX_PACE`, `SANDBOX_PAINTER` and `SANDBOX_FAULTS`.

    Stripe's has `SANDBOX_STRIPE_FAULTS` and `SANDBOX_STRIPE_WEBHOOK_URL`. `now` is the clock
    of all stand-ins in unix seconds; `webhook_transport` replaces the network for webhooks.
    Raises `SandboxRefused` in production.
    """
    if environ.get("FLUXGEN_ENV", "").strip().lower() == "production":
        raise SandboxRefused(
            "The sandbox pretends to be Google, Replicate, Stripe and an object store. It never "
            "starts with FLUXGEN_ENV=production: give the real keys instead."
        )
    replicate = ReplicateSandbox(
        pace=_pace(environ.get("SANDBOX_PACE") or "1.0"),
        painter=PAINTERS[_one_of(environ, "SANDBOX_PAINTER", "full", list(PAINTERS))],
        faults=_faults(environ, "SANDBOX_FAULTS"),
        now=now,
        webhook_transport=webhook_transport,
    )
    stripe = StripeSandbox(
        faults=_faults(environ, "SANDBOX_STRIPE_FAULTS"),
        now=now,
        webhook_url=environ.get("SANDBOX_STRIPE_WEBHOOK_URL", ""),
        webhook_transport=webhook_transport,
    )
    return Sandbox(replicate, GoogleSandbox(now=now), S3Sandbox(now=now), stripe)


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


def _faults(environ: Mapping[str, str], name: str) -> Mapping[str, object]:
    try:
        faults = json.loads(environ.get(name) or "{}")
    except ValueError as error:
        raise SandboxRefused(f"{name} must be JSON.") from error
    if not isinstance(faults, dict):
        raise SandboxRefused(f"{name} must be a JSON object.")
    return faults
