"""The reference image's field: for what it serves, what is asked beside it, and what was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from fluxgen import generations
from fluxgen.catalogue import ImageModel
from fluxgen.errors import Refused
from fluxgen.generations import Lineage, derivation
from fluxgen.looks import Look
from fluxgen.models import Account, Generation, Image, Origin
from fluxgen.partials.picture_view import PictureView, named, picture_view
from fluxgen.presentation import current_account
from fluxgen.references import FIELD, SIDE_MAX_PX, SIZE_MAX_BYTES
from fluxgen.words import N_, _

ACCEPTS = "image/png,image/jpeg,image/webp"
TICKS = ("slot.reference.consented", "slot.reference.adult")
TICKED = (".consented", ".adult")
"""How the names of a person's two confirmations end, whatever their slot is called."""
PERSON = "reference_person"
PLACES = frozenset({FIELD, "slot.reference"})
"""Where refusals about it stand."""

SAY_WHO = N_("Say whether there is a person in the picture.")
TICK_BOTH = N_("Tick both: this person agrees to it, and is an adult.")
TAKES_NONE = N_("This Look works without a reference image. Remove it.")
HINTS = {
    "person": N_("One person, seen well. The picture will look like them."),
    "thing": N_("The thing itself. Its shape and marks stay as they are."),
    "room": N_("The room itself. Its layout stays as it is."),
    "palette": N_("A picture whose colours you like. Only those are used."),
}


@dataclass(frozen=True)
class Own:
    """One of the person's own pictures as the reference image."""

    generation: Generation
    image: Image

    @property
    def name(self) -> str:
        """41, or 41B where there are several."""
        return named(self.generation, self.image.position)

    @property
    def picture(self) -> PictureView:
        return picture_view(self.generation, self.image)

    @property
    def lineage(self) -> Lineage:
        return Lineage(self.generation, Origin.REFERENCE, self.image.position)


@dataclass(frozen=True)
class ReferenceField:
    """How the field is shown. `role` is the Look's, or empty where nobody has named one."""

    role: str
    label: str
    hint: str
    is_required: bool
    person: str
    ticked: frozenset[str]
    error: str
    was_sent: bool
    own_name: str = ""

    accepts = ACCEPTS
    size_max_bytes = SIZE_MAX_BYTES
    side_max_px = SIDE_MAX_PX

    @cached_property
    def own(self) -> Own | None:
        """The person's own picture that is used, as long as it is there."""
        try:
            return own(current_account(), self.own_name) if self.own_name else None
        except Refused:
            return None

    @property
    def asks_who(self) -> bool:
        """Whether the person has to say if somebody is in it; a Look's role says it already."""
        return not self.role

    @property
    def asks_ticks(self) -> bool:
        """Whether the two confirmations are asked for, perhaps after saying who is in it."""
        return self.role in {"person", ""}


def field(
    model: ImageModel,
    look: Look | None,
    errors: Mapping[str, str],
    *,
    ticked: Collection[str],
    person: str,
    was_sent: bool,
    own: str = "",
) -> ReferenceField | None:
    """The field as it stands; None where a reference image is of no use.

    A file that `was_sent` cannot be given back: it has to be chosen again.
    """
    slot = look.reference if look else None
    if (look and slot is None) or model.reference is None:
        return None
    return ReferenceField(
        role=slot.role if slot else "",
        label=slot.label if slot else _("Reference image"),
        hint=_(HINTS[slot.role])
        if slot and slot.role in HINTS
        else ""
        if slot
        else model.reference.does,
        is_required=slot.required if slot else model.reference.is_required,
        person=person,
        ticked=frozenset(ticked),
        error=next((errors[place] for place in sorted(PLACES) if errors.get(place)), ""),
        was_sent=was_sent,
        own_name=own,
    )


def without_ticks(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The same answers without what was said about a person: that is about one picture only."""
    return {name: value for name, value in slots.items() if not name.endswith(TICKED)}


def read() -> bytes | None:
    """The file that came with this request, as it is; None where none was chosen."""
    part = request.files.get(FIELD)
    return part.stream.read() if part and part.filename else None


def address(generation: Generation, position: int) -> str:
    """How addresses and forms name a picture of somebody's own: `<generation>.<n>`, n from 1."""
    return f"{generation.public_id}.{position + 1}"


def own(account: Account, given: str) -> Own:
    """The account's own picture of this name; anybody else's is as good as gone.

    Raises `Refused` at `reference`.
    """
    public_id, __, n = given.partition(".")
    found = generations.find(account, public_id)
    if found is None or n not in {"1", "2", "3", "4"}:
        raise Refused(derivation.NO_SUCH_PICTURE, FIELD)
    return Own(found, derivation.picture(found, int(n) - 1))


def confirm(look: Look | None, given: Mapping[str, Any]) -> None:
    """Refuse a picture that the Look has no use for, or whose person nobody vouched for: one's
    own pictures as well, because they may have come of somebody's photograph.

    Raises `Refused`. A Look's own person is asked after by `looks.read`.
    """
    if look is not None and look.reference is None:
        raise Refused(_(TAKES_NONE), FIELD)
    if look is not None:
        return
    if given.get(PERSON) not in {"yes", "no"}:
        raise Refused(_(SAY_WHO), FIELD)
    if given.get(PERSON) == "yes" and not all(given.get(name) == "yes" for name in TICKS):
        raise Refused(_(TICK_BOTH), FIELD)
