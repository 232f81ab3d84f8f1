"""From a result: the same again with another seed, edited by instruction, or larger.

Each deed has a price that its button says, and makes a generation of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import generations
from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.generations import derivation
from fluxgen.jobs import generations as jobs
from fluxgen.jobs import references
from fluxgen.models import Generation
from fluxgen.partials import generations as partials
from fluxgen.partials import lightbox
from fluxgen.partials.cards import card
from fluxgen.partials.compose import nonce_of
from fluxgen.presentation import current_account, reread_account
from fluxgen.security import owner
from fluxgen.views import errors

POSITIONS = frozenset("0123")

results = Blueprint("results", __name__, url_prefix="/generations")


@results.post("/<public_id>/vary")
@owner
def vary(public_id: str) -> ResponseReturnValue:
    """The same recipe with a seed of its own."""
    return _make(public_id, _vary)


@results.post("/<public_id>/edit")
@owner
def edit(public_id: str) -> ResponseReturnValue:
    """This picture, changed as the instruction says."""
    return _make(public_id, _edit)


@results.post("/<public_id>/upscale")
@owner
def upscale(public_id: str) -> ResponseReturnValue:
    """This picture, larger."""
    return _make(public_id, _upscale)


def _vary(parent: Generation, nonce: str) -> Generation:
    recipe, image = derivation.varied(parent), derivation.source(parent)
    if image is None:
        return generations.submit(current_account(), recipe, nonce)
    return references.submit_own(current_account(), recipe, nonce, image)


def _edit(parent: Generation, nonce: str) -> Generation:
    instruction, model = request.form.get("instruction", ""), request.form.get("model", "")
    recipe = derivation.edited(parent, _position(), instruction, model)
    image = derivation.picture(parent, _position())
    return references.submit_own(current_account(), recipe, nonce, image)


def _upscale(parent: Generation, nonce: str) -> Generation:
    recipe = derivation.upscaled(parent, _position())
    image = derivation.picture(parent, _position())
    return references.submit_own(current_account(), recipe, nonce, image)


def _make(public_id: str, deed: Callable[[Generation, str], Generation]) -> ResponseReturnValue:
    """Do it, and answer with the new card or the words that say why not."""
    parent = partials.own(public_id)
    try:
        generation = deed(parent, nonce_of(request.form))
    except Refused as refusal:
        return _refused(parent, refusal)
    jobs.ring(generation)
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    answer = make_response(partials.begun(generation, reread_account()), 201)
    answer.headers["HX-Retarget"] = "#on-the-table"
    answer.headers["HX-Reswap"] = "afterbegin"
    return answer


def _refused(parent: Generation, refusal: Refused) -> ResponseReturnValue:
    """The words beside the buttons; without htmx around them the picture's page as it was."""
    missing = refusal.missing if isinstance(refusal, InsufficientCredits) else 0
    if request.htmx:
        body = render_template("partials/result_notice.html", notice=refusal.words, missing=missing)
    else:
        body = lightbox.page(
            parent,
            position=_position(),
            notice=refusal.words,
            missing=missing,
            instruction=request.form.get("instruction", ""),
            editor=request.form.get("model", ""),
        )
    return errors.patient(make_response(body, errors.status_of(refusal)), refusal)


def _position() -> int:
    """Which picture; the first, unless the form says otherwise."""
    given = request.form.get("position", "")
    return int(given) if given in POSITIONS else 0
