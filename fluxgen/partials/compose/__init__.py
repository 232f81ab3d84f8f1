"""The studio's form: the words or the Look, the model's choices, and the price beside the button."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from fluxgen.partials.compose.acts import Act, acted
from fluxgen.partials.compose.form import Form
from fluxgen.partials.compose.reading import (
    asked,
    fitted,
    nonce_of,
    of_recipe,
    of_working_copy,
    read,
    restored,
)
from fluxgen.presentation import current_account
from fluxgen.security import member

compose_partials = Blueprint("compose_partials", __name__, url_prefix="/partials/compose")

__all__ = [
    "Act",
    "Form",
    "acted",
    "asked",
    "compose_partials",
    "fitted",
    "nonce_of",
    "of_recipe",
    "of_working_copy",
    "read",
    "restored",
]


@compose_partials.get("/options")
@member
def options() -> str:
    """The choices of the model, or of the Look's tier, that has just been chosen."""
    form = fitted(read(request.args, current_account()))
    return render_template("partials/compose_options_answer.html", form=form)


@compose_partials.post("/preview")
@member
def preview() -> str:
    """Exactly what a Look's answers will send; posted, so that no words are in an address."""
    form = fitted(read(request.form, current_account()))
    return render_template("partials/compose_text.html", form=form)
