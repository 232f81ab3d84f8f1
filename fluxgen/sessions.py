"""Sessions: rows of ours, named by one cookie that ends with the browser's session.

The cookie holds a random token, the row its hash: reading the database signs nobody in, and
deleting the row signs out at once. A visitor gets no cookie before signing in begins.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, redirect, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from peewee import PeeweeException
from werkzeug.datastructures import CallbackDict
from werkzeug.wrappers import Response as WerkzeugResponse

from fluxgen import accounts, clock, db, settings
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Session

OF_TOKEN = "SELECT * FROM session WHERE token_hash = ?"
OF_SESSION = "SELECT * FROM account WHERE id = ?"
SIGNING_IN_S = 3600
SIGNED_IN_S = 30 * 24 * 3600
ACCOUNT_KEY = "_user_id"
NOT_KEPT = frozenset({ACCOUNT_KEY, "_fresh", "_id"})
"""Flask-Login's own: the account has a column, and `_id` is a hash of the visitor's address."""

log = logging.getLogger(__name__)
login_manager = LoginManager()


class Member(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login's idea of a signed-in person, around our account."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return str(self.account.id)


class RowSession(CallbackDict[str, Any], SessionMixin):
    """What one browser's session holds; it knows whether it has to be written."""

    def __init__(self, row: Session | None = None) -> None:
        super().__init__(dict(row.data) if row else {}, self._changed)
        self.row = row
        self.modified = False
        self.renewed = False
        self.is_dead = False
        if row is not None and row.account_id is not None:
            dict.__setitem__(self, ACCOUNT_KEY, str(row.account_id))

    def _changed(self, _: Any) -> None:
        self.modified = True


class RowSessions(SessionInterface):
    """Loads and saves sessions; the cookie carries nothing but the token."""

    def open_session(self, app: Flask, request: Request) -> RowSession:
        token = request.cookies.get(settings.current().cookie_name)
        if not token or request.endpoint == "static":
            return RowSession()
        try:
            session = RowSession(_find(token))
        except PeeweeException:  # the page that follows says so; the cookie stays as it is
            log.exception("no sessions")
            return RowSession()
        session.is_dead = session.row is None
        return session

    def save_session(self, app: Flask, session: RowSession, response: Response) -> None:  # type: ignore[override]
        if session.is_dead and _is_page(request):
            # ended elsewhere or by time: whoever is here now does not see what was kept since
            response.headers["Clear-Site-Data"] = '"cache"'
            response.headers["Cache-Control"] = "no-store"
            session.modified = True
        if not session.modified:
            return
        if not session:
            _drop(session.row)
            self._delete_cookie(response)
            return
        if session.row is None or session.renewed:
            _drop(session.row)
            token = secrets.token_urlsafe(32)
            self._set_cookie(response, token)
            session.row = Session(token_hash=_hash(token), created_at=clock.now())
        try:
            _write(session.row, session)
        except Refused:  # the account is being erased: nobody is signed in any more
            self._delete_cookie(response)
            return
        response.headers["Cache-Control"] = "no-store"

    def _set_cookie(self, response: Response, token: str) -> None:
        chosen = settings.current()
        response.set_cookie(
            chosen.cookie_name,
            token,
            httponly=True,
            secure=chosen.is_https,
            samesite="Lax",
            path="/",
        )

    def _delete_cookie(self, response: Response) -> None:
        chosen = settings.current()
        response.delete_cookie(
            chosen.cookie_name, secure=chosen.is_https, httponly=True, samesite="Lax"
        )


def _is_page(asked: Request) -> bool:
    """Whether somebody goes to a page, as against what an open page asks for by itself: that must
    not take a cookie away which a sign-in beside it has just set."""
    return asked.method == "GET" and asked.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _find(token: str) -> Session | None:
    """The living session of this token, with its account."""
    found = next(db.rows(Session, OF_TOKEN, _hash(token)), None)
    if found is None or found.expires_at <= clock.now():
        return None
    if found.account_id is not None:
        _seen(found)
        found.account = next(db.rows(Account, OF_SESSION, found.account_id), None)
    return found


def _seen(row: Session) -> None:
    """Note the day, once a day, so that somebody can tell their browsers apart."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    if row.seen_on != today:
        row.seen_on = today
        Session.update(seen_on=today).where(Session.id == row.id).execute()


def _drop(row: Session | None) -> None:
    if row is not None:
        Session.delete().where(Session.id == row.id).execute()


def _write(row: Session, session: RowSession) -> None:
    account_id = session.get(ACCOUNT_KEY)
    row.account_id = int(account_id) if account_id else None
    row.data = {name: value for name, value in session.items() if name not in NOT_KEPT}
    seconds = SIGNED_IN_S if account_id else SIGNING_IN_S
    row.expires_at = row.created_at + timedelta(seconds=seconds)
    with transaction():
        if session.renewed and account_id:
            accounts.check_admissible(current_user.account)
        row.save()


def sign_in(session: RowSession, account: Account) -> None:
    """Begin a signed-in session under a new token, with nothing left of the sign-in."""
    session.clear()
    session.renewed = True
    login_user(Member(account))


def sign_out(session: RowSession) -> None:
    """End this browser's session, row and cookie."""
    logout_user()
    session.clear()
    session.modified = True


def leave(address: str) -> WerkzeugResponse:
    """Sign this browser out and lead it away from what it has seen."""
    sign_out(session)  # type: ignore[arg-type]  # a RowSession
    away = redirect(address, code=303)
    # the next person at this machine sees no pictures and no half-written words
    away.headers["Clear-Site-Data"] = '"cache", "storage"'
    return away


def init_app(app: Flask) -> None:
    app.session_interface = RowSessions()
    login_manager.session_protection = None  # it would keep a hash of the visitor's address
    login_manager.init_app(app)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(account_id: str) -> Member | None:
    """The account that came with the session's own query."""
    row: Session | None = session.row  # type: ignore[attr-defined]  # a RowSession
    if row is not None and row.account is not None and str(row.account.id) == account_id:
        return Member(row.account)
    return None
