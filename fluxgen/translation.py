"""Which language a page speaks: the best for its reader among those that are complete.

Flask-Babel chooses and loads it; `words` and `formats` speak it. No cookie, no word in the address.
"""

from __future__ import annotations

import flask_babel
from flask import Flask, Response, current_app, request

from fluxgen import language, words
from fluxgen.language import Language

LANGUAGES = ("en_GB",)
"""The languages that are complete, the one that everything is written in first."""

KNOWN = "fluxgen-languages"
"""Where the app keeps the languages that were spoken, with what they remember."""


def init_app(app: Flask) -> None:
    app.config.setdefault("LANGUAGES", LANGUAGES)
    flask_babel.Babel(
        app, configure_jinja=False, default_locale=LANGUAGES[0], locale_selector=_chosen
    )
    app.extensions[KNOWN] = {}
    words.into(app.jinja_env)
    app.jinja_env.globals["language"] = language.current
    app.before_request(_speak)
    app.after_request(_differs)
    app.teardown_request(_fall_silent)


def _chosen() -> str:
    """What the browser asks for, as far as we have it."""
    ours: tuple[str, ...] = current_app.config["LANGUAGES"]
    if len(ours) == 1:
        return ours[0]
    tags = [name.replace("_", "-") for name in ours]
    best = request.accept_languages.best_match(tags, default=tags[0])
    return ours[tags.index(best)]


def _speak() -> None:
    known: dict[str, Language] = current_app.extensions[KNOWN]
    name = _chosen()
    if name not in known:
        known[name] = Language(flask_babel.get_locale(), flask_babel.get_translations())
    language.speak(known[name])


def _differs(response: Response) -> Response:
    """Caches are told as soon as there is more than one language."""
    if len(current_app.config["LANGUAGES"]) > 1 and not request.path.startswith("/static/"):
        response.vary.add("Accept-Language")
    return response


def _fall_silent(_: BaseException | None) -> None:
    language.speak(language.ENGLISH)
