"""Errors in words a person understands, as a page or as a fragment."""

from __future__ import annotations

import logging

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from fluxgen import db, logs
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused, TooMany, Unreachable

log = logging.getLogger(__name__)

QUIET = ("/partials/", "/images/", "/webhooks/")
FOLLOWED = frozenset({"images.download"})
"""What is among these, and yet is a link that people follow."""

TITLES = {
    400: (
        "That did not make sense",
        "Something was missing from that request. Go back and try once more.",
    ),
    401: (
        "You were signed out",
        "Sign in and carry on; what you typed is still in the form.",
    ),
    402: ("Not enough credits", "This needs more credits than you have."),
    403: ("Not allowed", "You cannot do that here."),
    404: (
        "There is no picture here",
        "It may have been deleted, or the address is not quite right.",
    ),
    405: ("Not like this", "That address does not take this kind of request."),
    409: ("Too late for that", "Things have moved on since the page was made."),
    410: ("It is gone", "It was deleted for good."),
    413: ("That is too large", "That is more than we take in one go. Shorten it and try again."),
    429: ("Slow down a little", "Try again in a moment."),
    500: (
        "Something broke on our side",
        "Nothing was charged. Try again; if it happens twice, tell us the number below.",
    ),
    503: ("Not at the moment", "This should be back within minutes. Nothing is lost."),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)


def _known(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error.response, Response):  # a view made its own
        return error.response
    code = error.code or 500
    title, words = TITLES.get(code, TITLES[500])
    said = error.description if error.description != type(error).description else None
    return _answer(code, title, said or words)


def _unknown(error: Exception) -> ResponseReturnValue:
    """A bug of ours: the log has the place, the person an id to name."""
    log.error("view crashed", exc_info=error)
    if not db.answers():
        return _answer(503, *TITLES[503])
    return _answer(500, *TITLES[500])


def _answer(code: int, title: str, words: str) -> ResponseReturnValue:
    """A page for people; for fragments, pictures and machines the status says it all."""
    if request.path.startswith(QUIET) and request.endpoint not in FOLLOWED:
        return Response(status=code)
    return page(code, words, title), code


def status_of(refusal: Refused) -> int:
    """What HTTP calls this refusal of a form."""
    match refusal:
        case InsufficientCredits():
            return 402
        case PriceChanged():
            return 409
        case TooMany():
            return 429
        case Unreachable():
            return 503
        case _:
            return 422


def patient(response: Response, refusal: Refused) -> Response:
    """The same, saying when to come back where that is known."""
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def page(code: int, words: str, title: str | None = None) -> str:
    """The error page; an id to name is shown where the fault is ours."""
    return render_template(
        "pages/error.html",
        page="error",
        status=code,
        title=title or TITLES[code][0],
        words=words,
        request_id=logs.request_id.get() if code >= 500 else None,
    )
