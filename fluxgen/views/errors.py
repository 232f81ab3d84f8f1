"""Errors in words a person understands: as a page, or for htmx as the words alone.

What htmx asked for has its place in a page, where a page of ours does not belong: the answer is
plain words that are swapped nowhere, and `connection.js` says them.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from fluxgen import db, logs
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused, TooMany, Unreachable
from fluxgen.words import N_, _

log = logging.getLogger(__name__)

QUIET = ("/partials/", "/images/", "/webhooks/")
FOLLOWED = frozenset({"images.download"})
"""What is among these, and yet is a link that people follow."""

SAID_BY_SCRIPT = frozenset({401, 404, 413, 500})
"""What `connection.js` says better than we, where nobody has said more than the status."""

REPEATED = frozenset({409, 429, 500, 503})
"""What may go better at the next try."""

SOON_OVER = frozenset({429, 503})
RETRY_AFTER_S = 60
"""As the words say it: in a minute."""

NOWHERE = (
    N_("There is no page here"),
    N_("The address is not quite right. Look at it once more, or begin at the start."),
)
"""A 404 of an address that none of our routes has."""

TITLES = {
    400: (
        N_("That did not make sense"),
        N_("Something was missing from that request. Go back and try once more."),
    ),
    401: (
        N_("You were signed out"),
        N_("Sign in and carry on; what you typed is still in the form."),
    ),
    402: (
        N_("Not enough credits"),
        N_("This needs more credits than you have. Buy some, or ask for less."),
    ),
    403: (N_("Not allowed"), N_("You cannot do that here. Go back to where you came from.")),
    404: (
        N_("There is no picture here"),
        N_("It may have been deleted, or the address is not quite right. Look at it once more."),
    ),
    405: (
        N_("Not like this"),
        N_("That address does not take this kind of request. Go back and use the page’s buttons."),
    ),
    409: (
        N_("Too late for that"),
        N_("Things have moved on since the page was made. Reload it to see how they stand."),
    ),
    410: (N_("It is gone"), N_("It was deleted for good. What is left is in your history.")),
    413: (
        N_("That is too large"),
        N_("That is more than we take in one go. Shorten it and try again."),
    ),
    422: (
        N_("That does not fit"),
        N_("Something in it is not as it has to be. Go back and look again."),
    ),
    429: (N_("Slow down a little"), N_("That was a lot at once. Try again in a minute.")),
    500: (
        N_("Something broke on our side"),
        N_("Nothing was charged. Try again; if it happens twice, tell us the number below."),
    ),
    503: (
        N_("Not at the moment"),
        N_("This should be back within minutes. Nothing is lost. Try again then."),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(Exception, _unknown)


def _known(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error.response, Response):  # a view made its own
        return error.response
    said = error.description if error.description != type(error).description else None
    return _answer(error.code or 500, said)


def _unknown(error: Exception) -> ResponseReturnValue:
    """A bug of ours: the log has the place, the person an id to name."""
    log.error("view crashed", exc_info=error)
    return _answer(500 if db.answers() else 503)


def _answer(code: int, said: str | None = None) -> ResponseReturnValue:
    """Words for htmx and a page for people; for pictures and machines the status says it all."""
    title, words = worded(code)
    if code == 404 and request.url_rule is None:
        title, words = _(NOWHERE[0]), _(NOWHERE[1])
    headers = {"Retry-After": str(RETRY_AFTER_S)} if code in SOON_OVER else {}
    if request.headers.get("HX-Request"):
        spoken = said or ("" if code in SAID_BY_SCRIPT else words)
        return Response(spoken, code, {**headers, "HX-Reswap": "none"}, mimetype="text/plain")
    if request.path.startswith(QUIET) and request.endpoint not in FOLLOWED:
        return Response(status=code, headers=headers)
    return page(code, said or words, title), code, headers


def worded(code: int) -> tuple[str, str]:
    """Title and words of an error."""
    title, words = TITLES.get(code, TITLES[500])
    return _(title), _(words)


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
    """The error page; an id to name is shown where the fault is ours. Its header may be what is
    broken: then nobody's is shown."""
    facts = {
        "page": "error",
        "status": code,
        "title": title or worded(code)[0],
        "words": words,
        "request_id": logs.request_id.get() if code >= 500 else None,
        "back": _came_from(),
        "may_repeat": request.method == "GET" and code in REPEATED,
    }
    try:
        return render_template("pages/error.html", **facts)
    except Exception as error:
        log.error("view crashed", exc_info=error)
        return render_template("pages/error.html", **facts, account=None)


def _came_from() -> str:
    """The page of ours, with what was looked for, whose plain form was refused; not what answered
    a form itself, which nobody can go back to."""
    came = urlsplit(request.headers.get("Referer", ""))
    if request.method == "GET" or came.netloc != request.host:
        return ""
    path = f"/{came.path.lstrip('/')}"
    if not current_app.url_map.bind("").test(path, "GET"):
        return ""
    return f"{path}?{came.query}".rstrip("?")
