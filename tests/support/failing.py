"""Addresses that fail, so that error pages can be looked at."""

from __future__ import annotations

from flask import Flask, abort

from fluxgen.security import public

FAILING = "/planted"
ERRORS = [f"{FAILING}/{code}" for code in (403, 404, 413, 422, 429, 500, 503)]
"""An address for each error that people may meet as a page."""


def plant_errors(app: Flask) -> None:
    """Have these addresses answered so; before the app's first request."""

    @public
    def fail(code: int) -> str:
        abort(code)

    app.add_url_rule(f"{FAILING}/<int:code>", "planted", fail)
