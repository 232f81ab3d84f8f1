"""From a result: the same again with another seed, edited by instruction, or larger.

Each deed has a price that its button says, and makes a generation of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import catalogue, generations
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused
from fluxgen.generations import Recipe, derivation
from fluxgen.jobs import generations as jobs
from fluxgen.jobs import references
from fluxgen.models import Generation, Image
from fluxgen.partials import generations as partials
from fluxgen.partials import lightbox
from fluxgen.partials.cards import card
from fluxgen.partials.compose import nonce_of
from fluxgen.presentation import current_account, reread_account
from fluxgen.references import FIELD
from fluxgen.security import owner
from fluxgen.views import errors
from fluxgen.words import _

POSITIONS = frozenset("0123")
Wanted = tuple[Recipe, Image | None]
"""What is asked for, and which of the person's own pictures it is made from."""

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


def _vary(parent: Generation) -> Wanted:
    return derivation.varied(parent), derivation.source(parent)


def _edit(parent: Generation) -> Wanted:
    instruction, model = request.form.get("instruction", ""), request.form.get("model", "")
    recipe = derivation.edited(parent, _position(), instruction, model)
    return recipe, derivation.picture(parent, _position())


def _upscale(parent: Generation) -> Wanted:
    return derivation.upscaled(parent, _position()), derivation.picture(parent, _position())


def _make(public_id: str, deed: Callable[[Generation], Wanted]) -> ResponseReturnValue:
    """Do it, and answer with the new card or the words that say why not."""
    parent = partials.own(public_id)
    try:
        recipe, image = deed(parent)
        _refuse_another_price(recipe)
        generation = _submitted(recipe, nonce_of(request.form), image)
    except Refused as refusal:
        return _refused(parent, refusal)
    jobs.ring(generation)
    if not request.htmx:
        return redirect(card(generation).page_url, code=303)
    answer = make_response(partials.begun(generation, reread_account()), 201)
    answer.headers["HX-Retarget"] = "#on-the-table"
    answer.headers["HX-Reswap"] = "afterbegin"
    return answer


def _submitted(recipe: Recipe, nonce: str, image: Image | None) -> Generation:
    if image is None:
        return generations.submit(current_account(), recipe, nonce)
    return references.submit_own(current_account(), recipe, nonce, image)


def _refuse_another_price(recipe: Recipe) -> None:
    """Raises `PriceChanged` where the button said another price than this costs now."""
    shown = request.form.get("shown_credits") or request.form.get(f"shown_credits.{recipe.model}")
    model = catalogue.find(recipe.model)
    if not shown or model is None or recipe.tier not in model.offers:
        return
    cost_credits = model.cost_credits(recipe.tier, recipe.count)
    if shown != str(cost_credits):
        raise PriceChanged(shown, cost_credits)


def _refused(parent: Generation, refusal: Refused) -> ResponseReturnValue:
    """The words beside the buttons; without htmx around them the picture's page as it was."""
    said = {
        "position": _shown_position(),
        "notice": refusal.words,
        "missing": refusal.missing if isinstance(refusal, InsufficientCredits) else 0,
        "instruction": request.form.get("instruction", ""),
        "editor": request.form.get("model", ""),
    }
    if not request.htmx:
        body = lightbox.page(parent, **said)
    elif isinstance(refusal, PriceChanged):
        return _with_prices_of_now(lightbox.deeds(parent, **said))
    else:
        body = render_template("partials/result_notice.html", **said)
    return errors.patient(make_response(body, errors.status_of(refusal)), refusal)


def _with_prices_of_now(body: str) -> ResponseReturnValue:
    """All the buttons anew, because what they said is no longer true."""
    return body, 409, {"HX-Retarget": "#result-acts", "HX-Reswap": "outerHTML"}


def _position() -> int:
    """Which picture; the first, unless the form says otherwise. Raises `Refused`."""
    given = request.form.get("position", "")
    if given and given not in POSITIONS:
        raise Refused(_(derivation.NO_SUCH_PICTURE), FIELD)
    return int(given or "0")


def _shown_position() -> int:
    """The same for a page that says what is wrong."""
    given = request.form.get("position", "")
    return int(given) if given in POSITIONS else 0
