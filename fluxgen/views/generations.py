"""Generations: asking for one, its page, and what can be done with it.

Every write has one address: htmx gets the fragments that change, a plain form a 303.
"""

from __future__ import annotations

from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import generations as generations_
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused
from fluxgen.generations import sheets
from fluxgen.jobs import generations as jobs
from fluxgen.jobs import references
from fluxgen.models import Account, Generation, Origin
from fluxgen.partials import compose, drafts, lightbox, reference
from fluxgen.partials import generations as partials
from fluxgen.partials.cards import card
from fluxgen.presentation import current_account, reread_account
from fluxgen.security import member, owner, signed_out
from fluxgen.uploads import takes_a_file
from fluxgen.views import errors, signin, studio
from fluxgen.words import _

ORIGINS = frozenset({Origin.REMIX, Origin.VARY, Origin.SLOT, Origin.UNPACK, Origin.REFERENCE})
"""What the studio's form may say that it does with an earlier generation."""
POSITIONS = frozenset("0123")
SHEET = "sheet:"
"""The button that asks for every option of the slot named after it."""

generations = Blueprint("generations", __name__, url_prefix="/generations")


@takes_a_file
def _sign_in_first() -> ResponseReturnValue:
    """Signed out meanwhile: the door, with everything that was typed."""
    form = compose.read(request.form, None)
    if form.is_empty:
        return redirect(url_for("signin.show", trouble="out"), code=303)
    form = replace(form, lost_reference=reference.read() is not None)
    return signin.page_with(form), 401


@generations.post("")
@signed_out(_sign_in_first)
@member
@takes_a_file
def create() -> ResponseReturnValue:
    """Ask for a picture. Nothing is lost and nothing charged when it is refused."""
    account = current_account()
    picture = reference.read()
    form = compose.read(request.form, account)
    if picture is not None:
        form = replace(form, has_reference=True, lost_reference=True)
    if form.is_empty:
        drafts.drop()
    intent = request.form.get("intent", "")
    try:
        if intent == "buy":
            return _off_to_buy(compose.fitted(form))
        if intent.startswith(SHEET):
            return _off_to_sheet(form, intent.removeprefix(SHEET))
        if (changed := compose.acted(form, intent)) is not None:
            return _studio(account, changed)
        generation = _submitted(account, form, picture)
    except Refused as refusal:
        return _refused(account, form, refusal)
    jobs.ring(generation)
    drafts.drop()
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    return partials.created(generation, form, reread_account()), 201


@generations.get("/<public_id>")
@owner
def show(public_id: str) -> ResponseReturnValue:
    """A generation's page: progress, picture, recipe, receipt."""
    generation = partials.own(public_id)
    if generation.finished_at is not None:
        generations_.looked(current_account(), until=generation.finished_at)
    return lightbox.page(generation)


@generations.post("/<public_id>/cancel")
@owner
def cancel(public_id: str) -> ResponseReturnValue:
    """Wish for it to stop; the credits come back if nothing is delivered."""
    generation = partials.own(public_id)
    try:
        generation = generations_.cancel(generation)
    except Refused as refusal:
        return not_done(generation, refusal)
    jobs.ring(generation)
    return _changed(generation)


@generations.post("/<public_id>/retry")
@owner
def retry(public_id: str) -> ResponseReturnValue:
    """The same again, as a generation of its own; twice is once."""
    ended = partials.own(public_id)
    try:
        _refuse_another_price(ended)
        generation = references.retry(ended)
    except Refused as refusal:
        return not_done(ended, refusal)
    jobs.ring(generation)
    return _changed(generation, 201)


@generations.post("/<public_id>/rerun")
@owner
def rerun(public_id: str) -> ResponseReturnValue:
    """Once more, free, what its Look's check found flawed; twice is once."""
    flawed = partials.own(public_id)
    try:
        generation = generations_.rerun(flawed)
    except Refused as refusal:
        return not_done(flawed, refusal)
    jobs.ring(generation)
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    return partials.rerun(generation, flawed, reread_account()), 201


def _refuse_another_price(ended: Generation) -> None:
    """Raises `PriceChanged` where the button said another price than a retry costs now."""
    shown, cost = request.form.get("shown_credits"), generations_.retry_credits(ended)
    if shown and cost is not None and shown != str(cost):
        raise PriceChanged(shown, cost)


def _submitted(account: Account, form: compose.Form, picture: bytes | None) -> Generation:
    """What the form asks for, with its reference image if one came along. Raises `Refused`."""
    lineage = _lineage(account, form)
    form.refuse_another_price()
    if picture is None and form.own_reference:
        own = reference.own(account, form.own_reference)
        reference.confirm(form.chosen_look, request.form)
        recipe = replace(form.recipe(has_reference=True), lineage=lineage or own.lineage)
        return references.submit_own(account, recipe, form.nonce, own.image)
    if picture is None:
        recipe = replace(form.recipe(), lineage=lineage)
        return generations_.submit(account, recipe, form.nonce)
    reference.confirm(form.chosen_look, request.form)
    recipe = replace(form.recipe(has_reference=True), lineage=lineage)
    return references.submit(account, recipe, form.nonce, picture)


def _lineage(account: Account, form: compose.Form) -> generations_.Lineage | None:
    """Which of the person's own generations this comes of; anybody else's is none."""
    parent = generations_.find(account, form.parent) if form.parent else None
    if parent is None or form.origin not in ORIGINS:
        return None
    position = int(form.position) if form.position in POSITIONS else None
    return generations_.Lineage(parent, Origin(form.origin), position)


def _changed(generation: Generation, status: int = 200) -> ResponseReturnValue:
    """The card as it is now, or the way to its page."""
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    return partials.changed(generation, reread_account()), status


def not_done(generation: Generation, refusal: Refused) -> ResponseReturnValue:
    """The card unchanged, with the words that say why."""
    status = 409 if type(refusal) is Refused else errors.status_of(refusal)
    if not request.htmx:
        abort(errors.patient(make_response(errors.page(status, refusal.words), status), refusal))
    body = partials.changed(generation, current_account(), notice=refusal.words)
    answer = make_response(body, status)
    answer.headers["HX-Reswap"] = "outerHTML"  # whatever the button would have done with a new card
    return errors.patient(answer, refusal)


def _off_to_buy(form: compose.Form) -> ResponseReturnValue:
    """To the packs; the form as it is now waits in the session, unless its words are against
    our rules. Raises `AgainstRules`."""
    account = current_account()
    generations_.refuse_words(account, form.written, beside_picture=form.has_reference)
    drafts.keep(form.draft)
    missing = max(0, form.cost_credits - account.available + account.owed)
    address = url_for("billing.pricing", need=missing)
    if request.htmx:
        return "", 204, {"HX-Redirect": address}
    return redirect(address, code=303)


def _off_to_sheet(form: compose.Form, slot: str) -> ResponseReturnValue:
    """To the plan of a contact sheet; the form waits in the session. Raises `Refused`."""
    if form.has_reference and not form.unused_reference:
        words = _("A contact sheet is made without a reference image. Remove it first.")
        raise Refused(words, "reference")
    sheets.plan(form.recipe(), slot)
    drafts.keep(form.draft)
    address = url_for("sheets.new", slot=slot)
    if request.htmx:
        return "", 204, {"HX-Redirect": address}
    return redirect(address, code=303)


def _refused(account: Account, form: compose.Form, refusal: Refused) -> ResponseReturnValue:
    """The form again with words at the field, everything typed still in it."""
    shown = compose.fitted(form).refused(refusal)
    if isinstance(refusal, InsufficientCredits):  # so that it is there again after buying
        drafts.keep(shown.draft)
    body = _studio(account, shown)
    return errors.patient(make_response(body, errors.status_of(refusal)), refusal)


def _studio(account: Account, form: compose.Form) -> str:
    """The form as it is now: alone for htmx, else with the studio around it."""
    if request.htmx:
        return render_template("partials/compose_form.html", form=form)
    return studio.page(account, form)
