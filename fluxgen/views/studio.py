"""The studio: the desk on which pictures are asked for, and the table where they arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fluxgen import clock, generations, pictures
from fluxgen.errors import Refused
from fluxgen.generations import Recipe, derivation, working_copies
from fluxgen.models import Account, Generation
from fluxgen.partials import compose, drafts, reference
from fluxgen.partials.cards import cards
from fluxgen.partials.compose import Form, asked, fitted, of_recipe, of_working_copy, restored
from fluxgen.partials.generations import own, waiting
from fluxgen.presentation import current_account
from fluxgen.security import member
from fluxgen.uploads import takes_a_file

studio = Blueprint("studio", __name__, url_prefix="/studio")

RECENT = 24
WORKING_COPY_MAX_BYTES = pictures.SIZE_MAX_BYTES + 1024 * 1024
"""The largest picture and a form; only the file's beginning is kept, in memory, and read."""

RecipeFor = Callable[[Generation], Recipe]
FROM_A_RESULT: dict[str, RecipeFor] = {
    "remix": derivation.remixed,
    "change": derivation.with_slot_open,
    "family": derivation.of_family,
}
"""What an address may ask for, and the recipe that it begins with."""


@studio.get("")
@member
def show() -> str:
    """The desk: with the Look that is asked for, else with the form that was waiting for credits."""
    account = current_account()
    if (derived := _derived(account)) is not None:
        return page(account, derived)
    if request.args:
        return page(account, asked(request.args, account))
    return page(account, restored(drafts.kept(), account))


@studio.post("/working-copy")
@member
@takes_a_file
def working_copy() -> ResponseReturnValue:
    """The form as a working copy says it; the file is read in memory and not kept."""
    account = current_account()
    request.max_content_length = WORKING_COPY_MAX_BYTES
    given = request.files.get("working_copy")
    try:
        found = working_copies.read(pictures.recipe_in(given.read() if given else b""))
        form = of_working_copy(found, account)
        generations.refuse_words(account, form.written, beside_picture=False)
    except Refused as refusal:
        form = fitted(compose.read(request.form, account)).refused(refusal)
        return _answered(account, form), 422
    if request.headers.get("HX-Request") or form.errors:  # whose words no session keeps
        return _answered(account, form)
    drafts.keep(form.draft)
    return redirect(url_for("studio.show"), code=303)


def _answered(account: Account, form: Form) -> str:
    """The form alone for htmx, else with the studio around it."""
    if request.headers.get("HX-Request"):
        return render_template("partials/compose_form.html", form=form)
    return page(account, form)


def _derived(account: Account) -> Form | None:
    """The form that the address wants filled from one of the person's own pictures."""
    for name, recipe_for in FROM_A_RESULT.items():
        if name in request.args:
            return _filled(account, own(request.args[name]), recipe_for)
    if "reference" not in request.args:
        return None
    try:
        picture = reference.own(account, request.args["reference"])
    except Refused:
        abort(404)
    recipe = derivation.with_reference(picture.generation, picture.image.position)
    return of_recipe(
        replace(recipe, lineage=None), account, reference_from=request.args["reference"]
    )


def _filled(account: Account, generation: Generation, recipe_for: RecipeFor) -> Form:
    """The form with this generation's recipe, and with its reference where that is ours."""
    made = derivation.made_as(generation)
    if derivation.is_enlarged(made):  # of what is gone: nothing says what its reference was
        return of_recipe(recipe_for(generation), account)
    source = derivation.source(made)
    used = reference.address(source.generation, source.position) if source else ""
    form = of_recipe(recipe_for(generation), account, used)
    return replace(form, lost_reference=made.had_reference and not used)


def page(account: Account, form: Form) -> str:
    """The studio around this form."""
    return render_template("pages/studio.html", page="studio", form=form, **_table(account))


def _table(account: Account) -> dict[str, Any]:
    """What lies on the table, and what today has brought."""
    generations.looked(account)
    unfinished = generations.unfinished(account)
    recent = generations.recent(account, RECENT)
    a_day_ago = clock.now() - timedelta(days=1)
    today = [row for row in recent if row.created_at > a_day_ago]
    is_full = len(today) == RECENT
    return {
        "unfinished_cards": cards(unfinished),
        "unfinished": waiting(unfinished),
        "today": cards(today),
        "today_count": generations.ended_since(account, a_day_ago) if is_full else len(today),
        "is_first_visit": not unfinished and not recent,
    }
