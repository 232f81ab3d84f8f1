"""Fragments: what a page is made of, and what its live updates answer with."""

from __future__ import annotations

from flask import Flask

from fluxgen.partials import script_words
from fluxgen.partials.billing import billing_partials
from fluxgen.partials.compose import compose_partials
from fluxgen.partials.exports import export_partials
from fluxgen.partials.generations import generation_partials
from fluxgen.partials.history import history_partials
from fluxgen.partials.lightbox import lightbox_partials
from fluxgen.partials.selection import selection_partials


def init_app(app: Flask) -> None:
    app.jinja_env.globals["script_words"] = script_words.as_json
    app.register_blueprint(compose_partials)
    app.register_blueprint(generation_partials)
    app.register_blueprint(history_partials)
    app.register_blueprint(lightbox_partials)
    app.register_blueprint(selection_partials)
    app.register_blueprint(billing_partials)
    app.register_blueprint(export_partials)
