"""The roof: puts the house together. Nothing below imports it."""

from __future__ import annotations

import logging

from flask import Flask, request
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

from fluxgen import (
    adapters,
    assets,
    cli,
    counting,
    db,
    logs,
    partials,
    presentation,
    processors,
    production,
    security,
    sessions,
    translation,
    turnstile,
    uploads,
    views,
)
from fluxgen import settings as house_settings
from fluxgen.settings import Settings
from fluxgen.views import errors

FORM_MAX_BYTES = 64 * 1024
WITHOUT_DATABASE = frozenset({"static", "health.healthz"})

log = logging.getLogger(__name__)


def put_together(settings: Settings) -> Flask:
    """The app with these settings."""
    house_settings.use(settings)
    logs.configure(settings.log_dir)
    processors.listed()  # a name that nobody knows is said now, not on the privacy page
    if settings.is_production:
        for words in production.warnings(settings):
            log.warning("on this disk alone", extra={"reason": words})
    app = Flask("fluxgen", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=FORM_MAX_BYTES,
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
    )
    translation.init_app(app)  # before all that may have to say something
    Htmx(app)
    uploads.init_app(app)  # on top of htmx's request class
    _connect(app, settings)  # first: without a database nobody is sent to the sign-in
    security.init_app(app)
    sessions.init_app(app)
    presentation.init_app(app)
    assets.init_app(app)
    counting.init_app(app)
    turnstile.init_app(app)
    errors.init_app(app)
    views.init_app(app)
    partials.init_app(app)
    cli.init_app(app)
    return app


def _connect(app: Flask, settings: Settings) -> None:
    """The database for the length of each request, the outside world for good."""
    db.connect(settings.database)
    app.before_request(_open)
    app.teardown_request(_close)
    outside = adapters.connect(settings)
    outside.identity.init_app(app)
    adapters.use(outside)
    if settings.is_production:
        # one proxy in front of us says which scheme and host the visitor used
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=1)  # type: ignore[method-assign]


def _open() -> None:
    if request.endpoint not in WITHOUT_DATABASE:
        db.database.connect(reuse_if_open=True)


def _close(_: BaseException | None) -> None:
    if not db.database.is_closed():
        db.database.close()
