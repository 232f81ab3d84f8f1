"""Generations: asking for one, its page, and what can be done with it.

Every write has one address: htmx gets the fragments that change, a plain form a 303.
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import archive as archive_
from fluxgen import generations as generations_
from fluxgen.errors import InsufficientCredits, Refused, TooMany
from fluxgen.jobs import generations as jobs
from fluxgen.models import Account, Generation
from fluxgen.partials import compose
from fluxgen.partials import generations as partials
from fluxgen.partials.cards import card
from fluxgen.partials.compose import DRAFT
from fluxgen.presentation import current_account, reread_account
from fluxgen.security import member, owner
from fluxgen.views import errors, studio

generations = Blueprint("generations", __name__, url_prefix="/generations")


@generations.post("")
@member
def create() -> ResponseReturnValue:
    """Ask for a picture. Nothing is lost and nothing charged when it is refused."""
    account = current_account()
    form = compose.read(request.form, account)
    match request.form.get("intent"):
        case "options":  # without JavaScript: another model's options
            return studio.page(account, compose.fitted(form))
        case "buy":
            return _off_to_buy(compose.fitted(form))
    try:
        generation = generations_.submit(account, form.recipe, form.nonce)
    except Refused as refusal:
        return _refused(account, form, refusal)
    jobs.ring(generation)
    session.pop(DRAFT, None)
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    return partials.created(generation, form, reread_account()), 201


@generations.get("/<public_id>")
@owner
def show(public_id: str) -> ResponseReturnValue:
    """A generation's page: progress, picture, recipe, receipt."""
    generation = partials.own(public_id)
    return render_template(
        "pages/generation.html",
        page="history",
        unfinished=partials.waiting([generation]),
        refreshes=not generation.is_finished,
        **partials.lightbox_context(generation),
    )


@generations.post("/<public_id>/cancel")
@owner
def cancel(public_id: str) -> ResponseReturnValue:
    """Wish for it to stop; the credits come back if nothing is delivered."""
    generation = partials.own(public_id)
    try:
        generation = generations_.cancel(generation)
    except Refused as refusal:
        return _not_done(generation, refusal)
    jobs.ring(generation)
    return _changed(generation)


@generations.post("/<public_id>/retry")
@owner
def retry(public_id: str) -> ResponseReturnValue:
    """The same again, as a generation of its own; twice is once."""
    ended = partials.own(public_id)
    try:
        generation = generations_.retry(ended)
    except Refused as refusal:
        return _not_done(ended, refusal)
    jobs.ring(generation)
    return _changed(generation, 201)


@generations.delete("/<public_id>")
@generations.post("/<public_id>/delete")
@owner
def delete(public_id: str) -> ResponseReturnValue:
    """Delete it, with a short undo."""
    generation = partials.own(public_id)
    try:
        generation = archive_.delete(generation)
    except Refused as refusal:
        return _not_done(generation, refusal)
    if not request.htmx:
        return redirect(url_for("history.show", deleted=public_id), code=303)
    return partials.deleted(generation)


@generations.post("/<public_id>/undo")
@owner
def undo(public_id: str) -> ResponseReturnValue:
    """Bring a deleted one back while it is there."""
    generation = generations_.find(current_account(), public_id)
    if generation is None:
        abort(404)
    try:
        generation = archive_.undo(generation)
    except Refused as refusal:
        abort(410, refusal.words)
    if not request.htmx:
        return redirect(url_for("history.show"), code=303)
    return _changed(generation)


def _changed(generation: Generation, status: int = 200) -> ResponseReturnValue:
    """The card as it is now, or the way to its page."""
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    return partials.changed(generation, reread_account()), status


def _not_done(generation: Generation, refusal: Refused) -> ResponseReturnValue:
    """The card unchanged, with the words that say why."""
    status = 409 if type(refusal) is Refused else _status(refusal)
    if not request.htmx:
        abort(_with_patience(make_response(errors.page(status, refusal.words), status), refusal))
    body = partials.changed(generation, current_account(), notice=refusal.words)
    answer = make_response(body, status)
    answer.headers["HX-Reswap"] = "outerHTML"  # whatever the button would have done with a new card
    return _with_patience(answer, refusal)


def _off_to_buy(form: compose.Form) -> ResponseReturnValue:
    """To the packs; the form as it is now waits in the session."""
    session[DRAFT] = form.draft
    account = current_account()
    missing = max(0, form.cost_credits - account.available + account.owed)
    address = url_for("billing.pricing", need=missing)
    if request.htmx:
        return "", 204, {"HX-Redirect": address}
    return redirect(address, code=303)


def _refused(account: Account, form: compose.Form, refusal: Refused) -> ResponseReturnValue:
    """The form again with words at the field, everything typed still in it."""
    shown = compose.fitted(form).refused(refusal)
    if isinstance(refusal, InsufficientCredits):  # so that it is there again after buying
        session[DRAFT] = shown.draft
    if request.htmx:
        body = render_template("partials/compose_form.html", form=shown)
    else:
        body = studio.page(account, shown)
    return _with_patience(make_response(body, _status(refusal)), refusal)


def _status(refusal: Refused) -> int:
    match refusal:
        case InsufficientCredits():
            return 402
        case TooMany():
            return 429
        case _:
            return 422


def _with_patience(response: Response, refusal: Refused) -> Response:
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response
