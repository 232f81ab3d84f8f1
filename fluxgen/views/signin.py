"""Signing in and out: Google says who somebody is, and nothing of Google's stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from werkzeug.datastructures import MultiDict

from fluxgen import accounts, adapters, generations, pictures, sessions, settings, turnstile
from fluxgen.accounts import Newcomer
from fluxgen.adapters.identity import Claims
from fluxgen.errors import AgainstRules, MayWorkLater, NeverWill, Refused
from fluxgen.generations.submission import PROMPT_MAX
from fluxgen.generations.working_copies import WORDS_MAX
from fluxgen.models import Account, Standing
from fluxgen.partials import compose, drafts
from fluxgen.security import local, public
from fluxgen.words import N_, _, ngettext

signin = Blueprint("signin", __name__)

UNDER_WAY = "_state_google_"
PROMPT_CARRIED, ANSWER_CARRIED = 2 * PROMPT_MAX, 2 * WORDS_MAX
CARRIED_MAX = 12_000
"""Characters that come along through the sign-in, of a field and in all: more than a picture takes,
less than a form may."""

WORDS = {
    "declined": N_("You did not sign in: Google told us that you declined."),
    "invalid": N_("That sign-in did not work, or took too long. Please try once more."),
    "unverified": N_(
        "Google has not confirmed the e-mail address of that account yet. Confirm it there, then "
        "sign in here."
    ),
    "later": N_("Google does not answer at the moment. Please try again in a minute."),
    "out": N_("You were signed out. Sign in, then go back: what you typed is still in the form."),
    "erasing": N_("This account is being erased. Once that is over, you can begin anew."),
    "again": N_("Please sign in once more."),
    "typed": N_("You were signed out. Sign in: what you typed comes along."),
    "cut": N_(
        "You were signed out. Sign in: what you typed comes along, but it was too long, and its "
        "end stays behind."
    ),
}


@signin.get("/signin")
@public
def show() -> ResponseReturnValue:
    """The door: what we receive from Google, and the button."""
    if current_user.is_authenticated:
        return redirect(_local(request.args.get("next")))
    return _page(words=_worded(request.args.get("trouble", "")))


@signin.get("/signin/google")
@public
def google() -> ResponseReturnValue:
    """Off to Google. From here on, and not before, there is a cookie."""
    if wait_s := _wait_s():
        return _crowded(wait_s, [])
    for name in [name for name in session if name.startswith(UNDER_WAY)]:
        session.pop(name)
    session["next"] = _local(request.args.get("next"))
    try:
        return adapters.current().identity.begin(_callback_url())
    except MayWorkLater:
        return _page(words=_(WORDS["later"])), 503


@signin.post("/signin/google")
@public
def google_with_form() -> ResponseReturnValue:
    """The same with a studio form that somebody had typed: it waits in the session that begins
    here. A page leads on, because browsers hold a form's way against the policy to its end."""
    carried = _carried(compose.read(request.form, None))
    if wait_s := _wait_s():
        return _crowded(wait_s, carried)
    form = compose.fitted(compose.read(MultiDict(carried), None))
    try:
        generations.refuse_words(None, form.written, beside_picture=form.has_reference)
    except AgainstRules as refusal:  # whose words are not kept
        return _page(refusal.words), 422
    session["next"] = url_for("studio.show")
    drafts.keep(compose.read(MultiDict(carried), None).draft)
    return render_template("pages/signin_onward.html", page="signin")


@signin.get("/signin/google/callback")
@public
def callback() -> ResponseReturnValue:
    """Back from Google: in, or on to the two questions we ask newcomers."""
    try:
        claims = adapters.current().identity.finish()
    except NeverWill as refusal:
        return _back_to_the_door(refusal.reason)
    except MayWorkLater:
        return _back_to_the_door("later")
    newcomer = _newcomer(claims)
    account = accounts.recognise(newcomer)
    if current_user.is_authenticated and current_user.account != account:
        drafts.drop()  # the words of whoever was signed in here
    if account is not None:
        return _enter(account, newcomer)
    logout_user()  # whoever else was signed in here: a newcomer's session is a short one
    session["newcomer"] = asdict(newcomer)
    return redirect(url_for("signin.welcome"), code=303)


@signin.get("/signin/welcome")
@public
def welcome() -> ResponseReturnValue:
    """The first time: thirteen or older, and the terms."""
    newcomer = _pending()
    return _welcome(newcomer) if newcomer else _back_to_the_door("again")


@signin.post("/signin/welcome")
@public
def confirm() -> ResponseReturnValue:
    """Create the account that was agreed to."""
    newcomer = _pending()
    if newcomer is None:
        return _back_to_the_door("again")
    ticks = {
        "age_confirmed": "age13" in request.form,
        "terms_accepted": "terms" in request.form,
    }
    if missing := accounts.unanswered(**ticks):
        return _welcome(newcomer, {each.field: each.words for each in missing}), 422
    return _enter(accounts.sign_up(newcomer, **ticks), newcomer)


@signin.post("/signout")
@public
def signout() -> ResponseReturnValue:
    """End this browser's session, signed in or half-way there."""
    return sessions.leave(url_for("home.show"))


def _enter(account: Account, newcomer: Newcomer) -> ResponseReturnValue:
    """Fetch the picture, once a sign-in, and open the door under a new session."""
    try:
        accounts.check_admissible(account)
        if account.standing is Standing.SUSPENDED:
            sessions.sign_out(session)  # type: ignore[arg-type]  # a RowSession
            abort(403, generations.suspended_words())
        if accounts.wants_portrait(account):
            accounts.keep_portrait(account, _portrait(newcomer.picture_url))
    except Refused:
        session.pop("newcomer", None)
        return _back_to_the_door("erasing")
    onward, waiting = _local(session.get("next")), drafts.kept()
    sessions.sign_in(session, account)  # type: ignore[arg-type]  # a RowSession
    drafts.keep(waiting)
    return redirect(onward, code=303)


def _portrait(url: str) -> bytes | None:
    """The person's picture drawn anew; a missing or broken one is no reason to stay out."""
    if not url:
        return None
    try:
        return pictures.portrait(adapters.current().portraits.fetch(url))
    except (NeverWill, MayWorkLater):
        return None


def _newcomer(claims: Claims) -> Newcomer:
    return Newcomer(
        identity=accounts.identity_hash(claims.issuer, claims.subject),
        email=claims.email,
        name=claims.name,
        picture_url=claims.picture_url,
    )


def _pending() -> Newcomer | None:
    kept = session.get("newcomer")
    return Newcomer(**kept) if kept else None


def page_with(form: compose.Form) -> str:
    """The door, which takes along what somebody typed before it was shut."""
    carried = _carried(form)
    words = _(WORDS["typed" if carried == form.fields else "cut"])
    return _page(words, carried)


def _carried(form: compose.Form) -> list[tuple[str, str]]:
    """The form's fields, as much of them as comes along."""
    carried, room = [], CARRIED_MAX
    for name, value in form.fields:
        room -= len(name)
        kept = value[: min(max(room, 0), PROMPT_CARRIED if name == "prompt" else ANSWER_CARRIED)]
        room -= len(kept)
        if room < 0:
            break
        carried.append((name, kept))
    return carried


def _wait_s() -> int:
    """How long to wait before a new session may begin here; 0 where there is one already."""
    row = session.row  # type: ignore[attr-defined]  # a RowSession
    return 0 if row is not None else turnstile.wait_s()


def _crowded(wait_s: int, fields: list[tuple[str, str]]) -> ResponseReturnValue:
    """The door, which takes nobody more from that network for now, with what was typed."""
    words = ngettext(
        "Very many sign-ins were begun from your network. Whoever is signed in stays so; for a new "
        "sign-in, try again in %(num)s minute.",
        "Very many sign-ins were begun from your network. Whoever is signed in stays so; for a new "
        "sign-in, try again in %(num)s minutes.",
        math.ceil(wait_s / 60),
    )
    return _page(words, fields), 429, {"Retry-After": str(wait_s)}


def _worded(trouble: str) -> str | None:
    """What went wrong with a sign-in; nothing where nobody says so."""
    return _(WORDS[trouble]) if trouble in WORDS else None


def _page(words: str | None, fields: Sequence[tuple[str, str]] = ()) -> str:
    onward = _local(request.args.get("next"))
    return render_template(
        "pages/signin.html", page="signin", error=words, next_url=onward, fields=fields
    )


def _welcome(newcomer: Newcomer, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "pages/welcome.html",
        page="signin",
        name=newcomer.name,
        email=newcomer.email,
        errors=errors or {},
        age13="age13" in request.form,
        terms="terms" in request.form,
    )


def _back_to_the_door(trouble: str) -> ResponseReturnValue:
    return redirect(url_for("signin.show", trouble=trouble), code=303)


def _callback_url() -> str:
    return settings.current().origin + url_for("signin.callback")


def _local(address: str | None) -> str:
    """Where to go after signing in: a path of ours, else the studio."""
    path = local(address)
    return path if path and not path.startswith("/signin") else url_for("studio.show")
