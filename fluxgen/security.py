"""Who may come in, from where, and what our pages may do.

Every route says whom it is for; one that does not is refused (and a test names it). Writes
are taken only from our own pages. No page may load anything from elsewhere.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    request,
    request_started,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fluxgen import audit, generations, logs, settings
from fluxgen.models import Standing
from fluxgen.words import _

ViewT = TypeVar("ViewT", bound=Callable[..., ResponseReturnValue])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FRAGMENTS = "/partials/"
LOCAL_MAX = 200
POLICY_OF_FILES = "default-src 'none'; frame-ancestors 'none'"

log = logging.getLogger(__name__)


class Audience(StrEnum):
    """Whom a route is for."""

    PUBLIC = "everybody"
    MEMBER = "somebody signed in"
    OWNER = "the account that owns the thing in the address"
    MACHINE = "a provider or monitor, proving itself by other means"


def audience(who: Audience) -> Callable[[ViewT], ViewT]:
    """Declare whom a view is for; the guard reads it before the view runs."""

    def declare(view: ViewT) -> ViewT:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return declare


public = audience(Audience.PUBLIC)
member = audience(Audience.MEMBER)
owner = audience(Audience.OWNER)
machine = audience(Audience.MACHINE)


def init_app(app: Flask) -> None:
    # before the first `before_request`, which opens the database and may fail
    request_started.connect(_open_request, app)
    app.before_request(_guard)
    app.after_request(_close_request)


def declared(endpoint: str) -> Audience | None:
    """Whom the route of this name is for; static files are for everybody."""
    if endpoint == "static":
        return Audience.PUBLIC
    return getattr(current_app.view_functions[endpoint], "audience", None)


def _open_request(_: Flask) -> None:
    g.started = time.perf_counter()
    audit.begin_acting(audit.PERSON)
    logs.request_id.set(secrets.token_hex(8))


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:  # no such address: the router's own 404 or 405 follows
        return None
    who = declared(request.endpoint)
    if who is None:
        log.error("route without audience", extra={"route": request.endpoint})
        abort(403)
    if who is Audience.MACHINE:
        return None
    if request.method not in SAFE_METHODS and not _from_our_own_pages():
        abort(403, _("This did not come from our own page. Open FluxGen and try again."))
    if who is Audience.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in(request.endpoint)
    if current_user.account.standing is Standing.SUSPENDED:
        abort(403, generations.suspended_words())
    return None


def _from_our_own_pages() -> bool:
    """By `Sec-Fetch-Site`, which pages cannot forge; by `Origin` where a browser lacks it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    return request.headers.get("Origin") == settings.current().origin


def signed_out(answer: Callable[[], ResponseReturnValue]) -> Callable[[ViewT], ViewT]:
    """Declare what a form's view answers to somebody who was signed out meanwhile."""

    def declare(view: ViewT) -> ViewT:
        view.when_signed_out = answer  # type: ignore[attr-defined]
        return view

    return declare


def _ask_to_sign_in(endpoint: str) -> ResponseReturnValue:
    """A page leads to the sign-in and back. A fragment, picture or htmx request stays where it
    is, quietly: the page says so, and what was typed is still in its form. A form that was typed
    in a page without htmx is taken along, where its view says how."""
    if request.headers.get("HX-Request") or request.path.startswith((FRAGMENTS, "/images/")):
        abort(401)
    if request.method not in SAFE_METHODS:
        answer = getattr(current_app.view_functions[endpoint], "when_signed_out", None)
        if answer is not None:
            return answer()  # type: ignore[no-any-return]
        return redirect(url_for("signin.show", trouble="out"), code=303)
    return redirect(url_for("signin.show", next=_address()), code=303)


def local(address: str | None) -> str | None:
    """An address that came from outside, if it is a path of ours that a browser cannot read as
    anything else: it drops tabs and line ends, and takes a backslash for a slash."""
    path = address or ""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and len(path) <= LOCAL_MAX and path.isprintable() else None


def _address() -> str:
    """Where somebody wanted to go. The studio's query names a Look or a picture; what other pages
    are asked for may be somebody's own words, which are not kept."""
    return request.full_path.rstrip("?") if request.path == "/studio" else request.path


@cache
def policy(picture_origin: str = "", checkout_origin: str = "") -> str:
    """The Content-Security-Policy of every page: ours alone, but for pictures from the bucket
    or just chosen by the visitor (`blob:`, shown to nobody else), and the way to Stripe's page,
    which browsers count as the target of the form that leads there.
    """
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' blob: {picture_origin}".strip(),
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": f"'self' {checkout_origin}".strip(),
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _rules() -> dict[str, str]:
    """What a browser is told with each answer."""
    return {
        **_rules_of_files(),
        "Content-Security-Policy": policy(
            settings.current().picture_origin, settings.current().checkout_origin
        ),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


def _rules_of_files() -> dict[str, str]:
    """What it is told with a static file, of which a page loads a dozen: no more than is needed
    where it is opened as if it were a page."""
    rules = {
        "Content-Security-Policy": POLICY_OF_FILES,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.current().is_https:
        rules["Strict-Transport-Security"] = "max-age=31536000"
    return rules


def _close_request(response: Response) -> Response:
    is_file = request.endpoint == "static" and response.mimetype != "text/html"
    response.headers.update(_rules_of_files() if is_file else _rules())
    if not is_file:
        response.headers.setdefault("Cache-Control", "no-store")
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else "-",
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - g.started) * 1000, 1),
        },
    )
    return response
