"""A person's own things: who they are here, what they chose, and what may be done with it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from fluxgen import accounts, rights, sessions
from fluxgen.errors import Refused
from fluxgen.jobs import generations as jobs
from fluxgen.partials import account as sections
from fluxgen.presentation import current_account
from fluxgen.security import member, owner
from fluxgen.words import _

account = Blueprint("account", __name__, url_prefix="/account")

DIGITS_MAX = 20


@account.get("")
@member
def show() -> str:
    """What we know of the person, and what they have set."""
    return sections.page()


@account.post("/limit")
@member
def limit() -> ResponseReturnValue:
    """Set the person's own daily limit; empty means none."""
    typed = request.form.get("daily_limit", "").strip()
    try:
        accounts.set_daily_limit(current_account(), _credits(typed))
    except Refused as refusal:
        return sections.page({refusal.field: refusal.words}, daily_limit=typed), 422
    return _saved("limit")


@account.post("/name")
@member
def name() -> ResponseReturnValue:
    """Correct the name, or take Google's again."""
    if request.form.get("from") == "google":
        rights.follow_google(current_account())
        return _saved("name")
    typed = request.form.get("name", "")
    try:
        rights.rectify(current_account(), typed)
    except Refused as refusal:
        return sections.page({refusal.field: refusal.words}, typed_name=typed), 422
    return _saved("name")


@account.post("/keys")
@member
def keys() -> ResponseReturnValue:
    """Switch single keys on or off."""
    accounts.set_single_keys(current_account(), are_on=request.form.get("single_keys") == "yes")
    return _saved("keys")


@account.get("/picture")
@member
def picture() -> Response:
    """The person's own picture, served by us so that nobody asks Google for it."""
    webp = accounts.portrait(current_account())
    if webp is None:
        abort(404)
    kept = {"Cache-Control": "private, max-age=300", "Vary": "Cookie"}  # one address for everybody
    return Response(webp, mimetype="image/webp", headers=kept)


@account.post("/picture")
@member
def portrait() -> ResponseReturnValue:
    """Remove the picture for good, or have it fetched again."""
    if _is_yes("portrait"):
        rights.allow_portrait(current_account())
    else:
        rights.remove_portrait(current_account())
    return _saved("portrait")


@account.post("/theme")
@member
def theme() -> ResponseReturnValue:
    """Have light or dark pages."""
    try:
        rights.choose_theme(current_account(), request.form.get("theme", ""))
    except Refused as refusal:
        return sections.page({refusal.field: refusal.words}), 422
    return _saved("theme")


@account.post("/restriction")
@member
def restriction() -> ResponseReturnValue:
    """Restrict what is done with the person's data, or lift that."""
    if _is_yes("restricted"):
        for generation_id in rights.restrict(current_account()):
            jobs.ring_id(generation_id)
    else:
        rights.unrestrict(current_account())
    return _saved("restriction")


@account.post("/objection")
@member
def objection() -> ResponseReturnValue:
    """Object to what rests on our own interest, or withdraw that."""
    if _is_yes("objected"):
        rights.object_to(current_account())
    else:
        rights.withdraw_objection(current_account())
    return _saved("objection")


@account.post("/sessions/end")
@member
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    accounts.sign_out_everywhere(current_account())
    return sessions.leave(url_for("home.show"))


@account.post("/sessions/<public_id>/end")
@owner
def end_session(public_id: str) -> ResponseReturnValue:
    """End one session; where it is this browser's, that is signing out."""
    is_this = session.row.public_id == public_id  # type: ignore[attr-defined]  # a RowSession
    if not accounts.end_session(current_account(), public_id):
        abort(404)
    return sessions.leave(url_for("home.show")) if is_this else _saved("session")


def _saved(what: str) -> ResponseReturnValue:
    return redirect(sections.saved(what), code=303)


def _is_yes(field: str) -> bool:
    """What a switch was set to; a form without an answer is not from our page."""
    answer = request.form.get(field)
    if answer not in {"yes", "no"}:
        abort(400)
    return answer == "yes"


def _credits(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > DIGITS_MAX:
        raise Refused(
            _("A limit is a whole number of credits. Write digits only, or leave it empty."),
            "daily_limit",
        )
    return int(typed)
