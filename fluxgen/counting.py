"""Counting views of public pages, as the setting `ANALYTICS` says.

`builtin`: a number in this process's memory, added to the database once a minute; a process
that is killed loses a minute of counts, and nothing else. `vercel`: Vercel's script on the same
pages, from our own origin, with the query cut off. Signed-in pages are neither counted nor
given the script, and who asks not to be tracked is not counted.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import date

from flask import Flask, Response, request
from flask_login import current_user
from peewee import PeeweeException

from fluxgen import analytics, clock, settings
from fluxgen.db import database
from fluxgen.security import Audience, declared

EVERY_S = 60.0
UNSEEN = frozenset({"offline.show", "erasure.watch"})
"""Public pages that a browser keeps without anybody looking, or whose address is a secret."""

log = logging.getLogger(__name__)


class Counted:
    """What this process has counted and not written down yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[tuple[date, str]] = Counter()
        self._written_at = time.monotonic()

    def one(self, route: str) -> bool:
        """Count one view; whether it is time to write down what there is."""
        with self._lock:
            self._seen[clock.now().date(), route] += 1
            return time.monotonic() - self._written_at >= EVERY_S

    def write(self) -> None:
        """Add it to the database; what could not be written is kept for the next time."""
        with self._lock:
            seen, self._seen = self._seen, Counter()
            self._written_at = time.monotonic()
        if not seen:
            return
        try:
            analytics.add(seen)
        except PeeweeException:
            with self._lock:
                self._seen.update(seen)
            log.warning("views not written")


def init_app(app: Flask) -> None:
    if settings.current().analytics != "builtin":
        return
    counted = Counted()
    app.extensions["counted"] = counted

    def count(response: Response) -> Response:
        if may_count() and response.status_code == 200 and response.mimetype == "text/html":
            rule = request.url_rule
            if rule is not None and counted.one(rule.rule):
                counted.write()
        return response

    app.after_request(count)
    atexit.register(_last_words, counted)


def _last_words(counted: Counted) -> None:
    with suppress(Exception), database.connection_context():
        counted.write()


def may_count() -> bool:
    """Whether this request may be counted: a public page, nobody signed in, nobody who objects."""
    return (
        request.method == "GET"
        and request.endpoint is not None
        and declared(request.endpoint) is Audience.PUBLIC
        and request.endpoint not in UNSEEN
        and not current_user.is_authenticated
        and request.headers.get("DNT") != "1"
        and request.headers.get("Sec-GPC") != "1"
    )
