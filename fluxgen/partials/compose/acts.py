"""What else the form's buttons do than ask for a picture: the same with and without JavaScript."""

from __future__ import annotations

import secrets
from dataclasses import replace
from enum import StrEnum

from fluxgen import looks
from fluxgen.errors import Refused
from fluxgen.generations.submission import SEED_MAX
from fluxgen.models import Origin
from fluxgen.partials.compose.form import Form, is_number
from fluxgen.partials.compose.reading import fitted
from fluxgen.words import _

SHUFFLES = 10_000
"""Numbers a shuffle draws from, when nobody wrote one: short enough to tell somebody."""


class Act(StrEnum):
    """The button pressed; `look:<slug>` names the Look as well."""

    OPTIONS = "options"
    PREVIEW = "preview"
    LOOK = "look"
    WORDS = "words"
    SHUFFLE = "shuffle"
    UNPACK = "unpack"
    FIX = "fix"
    NO_REFERENCE = "no-reference"
    RANDOM = "random"


def acted(form: Form, intent: str) -> Form | None:
    """The form after this button; None where the button is none of these. Raises `Refused`."""
    name, __, slug = intent.partition(":")
    match name:
        case Act.OPTIONS | Act.PREVIEW:
            return fitted(form)
        case Act.LOOK:
            return _with_look(form, slug)
        case Act.WORDS:
            return fitted(replace(form, look="", look_version=""))
        case Act.SHUFFLE:
            return _shuffled(fitted(form))
        case Act.UNPACK:
            return _unpacked(fitted(form))
        case Act.NO_REFERENCE:
            return fitted(replace(form, reference_from="", has_reference=False))
        case Act.FIX:
            return fitted(replace(form, seed=str(secrets.randbelow(SEED_MAX))))
        case Act.RANDOM:
            return fitted(replace(form, seed=""))
    return None


def _with_look(form: Form, slug: str) -> Form:
    """The Look in its current version; answers to questions of the same name that fit are kept."""
    look = looks.find(slug)
    slots = looks.fields(look, looks.fill(look, form.slots))
    chosen = replace(form, look=look.slug, look_version="", slots=slots, locked=(), shuffle="")
    ratio = form.aspect_ratio if form.look else ""  # a Look begins with its own shape
    return fitted(replace(chosen, aspect_ratio=ratio, parent="", origin="", position=""))


def _shuffled(form: Form) -> Form:
    """Other answers: drawn from the number written, or from a new one if none was."""
    look = form.chosen_look
    if look is None:
        return form
    number = form.shuffle
    if not number or number == form.shuffled:
        number = str(secrets.randbelow(SHUFFLES))
    if not is_number(number) or int(number) > SEED_MAX:
        raise Refused(_("Shuffle takes a number from 0 to %(most)s.", most=SEED_MAX), "shuffle")
    drawn = looks.shuffle(look, form.values, form.locked, int(number))
    slots = looks.fields(look, drawn)
    return replace(form, slots=slots, shuffle=number, shuffled=number)


def _unpacked(form: Form) -> Form:
    """The Look's text as a prompt of one's own. Raises `Refused` at a slot that does not fit."""
    look = form.chosen_look
    if look is None:
        return form
    prompt = looks.unpack(look, looks.read(look, form.slots))
    origin = Origin.UNPACK.value if form.parent else ""
    return fitted(
        replace(
            form,
            prompt=prompt,
            look="",
            look_version="",
            model=look.model(form.tier).slug,
            origin=origin,
        )
    )
