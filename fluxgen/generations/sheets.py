"""Contact sheets: a Look once for each option of one slot, with one seed, at a price told before.

All of a sheet is on the waiting list, or nothing of it. Which slot it tries is seen from its
rows: the only one in which they differ.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from peewee import IntegrityError

from fluxgen import looks
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.generations import limits
from fluxgen.generations.submission import (
    NONCE_MAX,
    SEED_MAX,
    Recipe,
    cost_credits,
    create,
    permitted,
    recipe_of,
    sent_before,
)
from fluxgen.looks import Look, Slot
from fluxgen.models import Account, Generation, Origin
from fluxgen.models.fields import public_id
from fluxgen.words import _

FRAME = "sheet:{nonce}:{place}"
"""The nonce of a frame: by its beginning no form can make it one of the house's others."""
PLACE_MAX = len(FRAME.format(nonce="", place=99))
"""What a frame's place adds to the form's nonce."""


@dataclass(frozen=True)
class Plan:
    """One recipe for each option of a slot, by the option's name."""

    look: Look
    slot: Slot
    recipes: dict[str, Recipe]

    @property
    def cost_credits(self) -> int:
        return sum(cost_credits(recipe) for recipe in self.recipes.values())


@dataclass(frozen=True)
class Sheet:
    """What is left of a sheet: its generations in the order of the options, each with its
    answer; without a Look or slot where these cannot be known any more."""

    look: Look | None
    slot: Slot | None
    frames: list[tuple[str, Generation]]


def base(generation: Generation) -> Recipe:
    """What a sheet that comes of this generation starts from. Raises `Refused`."""
    if generation.had_reference:
        raise Refused(
            _("The reference image was not kept, so a sheet would not look like this picture.")
        )
    return replace(recipe_of(generation, Origin.SHEET), seed=generation.seed, count=1)


def plan(recipe: Recipe, slot_name: str) -> Plan:
    """One picture for each option of this slot. Raises `Refused` at what does not fit."""
    if recipe.look is None:
        raise Refused(_("Only a Look has answers to try one by one. Choose one first."), "look")
    checked = replace(recipe, count=1).checked()
    assert checked.look is not None
    look = looks.find(checked.look.slug, checked.look.version)
    slot = look.slot(slot_name)
    variations = looks.variations(look, checked.look.slots, slot_name)
    return Plan(
        look,
        slot,
        {
            option.label: replace(checked, look=replace(checked.look, slots=values)).checked()
            for option, values in zip(slot.options, variations, strict=True)
        },
    )


def lay_out(account: Account, plan: Plan, nonce: str) -> str:
    """Put the whole sheet on the waiting list, its price set aside; the sheet's name.

    The same nonce is the same sheet. Raises `Refused`, `InsufficientCredits`, `TooMany`, and
    then nothing of it is there.
    """
    if not 1 <= len(nonce) <= NONCE_MAX - PLACE_MAX:
        raise Refused(_("This form is out of date. Open it once more."))
    frames = [FRAME.format(nonce=nonce, place=place) for place in range(len(plan.recipes))]
    if (earlier := _laid_out_before(account, frames)) is not None:
        return earlier
    recipes = [permitted(account, recipe) for recipe in plan.recipes.values()]
    seed = recipes[0].seed
    shared = secrets.randbelow(SEED_MAX) if seed is None else seed
    sheet = public_id()
    try:
        with transaction():
            limits.refuse_uncovered(account, plan.cost_credits)
            for frame, recipe in zip(frames, recipes, strict=True):
                create(account, replace(recipe, seed=shared, sheet=sheet), frame)
    except (IntegrityError, Refused):  # perhaps the same form, sent twice at the same moment
        if (twin := _laid_out_before(account, frames)) is not None:
            return twin
        raise
    return sheet


def find(account: Account, sheet: str) -> Sheet | None:
    """The account's own sheet of this name, as long as one of it is not deleted."""
    mine = (Generation.account == account) & (Generation.sheet == sheet)
    rows = list(Generation.select().where(mine).order_by(Generation.id))
    left = [row for row in rows if row.deleted_at is None]
    if not left:
        return None
    look = _look(left[0])
    slot = _tried(look, rows) if look else None
    return Sheet(look, slot, [(_answer(row, slot), row) for row in left])


def _laid_out_before(account: Account, frames: Sequence[str]) -> str | None:
    """The sheet of these, of which some may be purged."""
    left = sent_before(account, *frames)
    return left.sheet if left else None


def _look(generation: Generation) -> Look | None:
    try:
        return looks.find(str(generation.look), generation.look_version)
    except Refused:
        return None


def _tried(look: Look, rows: Sequence[Generation]) -> Slot | None:
    """The slot in which these differ."""
    for slot in look.slots:
        if len({slot.shown(row.slots.get(slot.name)) for row in rows}) > 1:
            return slot
    return None


def _answer(generation: Generation, slot: Slot | None) -> str:
    return slot.shown(generation.slots.get(slot.name)) if slot else ""
