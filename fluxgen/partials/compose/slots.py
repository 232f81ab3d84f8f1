"""A Look's questions as the form asks them: what was answered stays, also where it does not fit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from fluxgen import catalogue, formats, looks
from fluxgen.looks import Kind, Look, Option, Piece, Slot, Values


@dataclass(frozen=True)
class SlotView:
    """One question with its answer so far, and words where it does not fit."""

    slot: Slot
    given: Mapping[str, Sequence[str]]
    is_locked: bool = False
    error: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return self.slot.name

    @property
    def id(self) -> str:
        return f"slot-{self.slot.name}"

    @property
    def field(self) -> str:
        return self.slot.field

    @property
    def kind(self) -> str:
        return self.slot.kind.value

    @property
    def written(self) -> str:
        """The words in it."""
        own = f"{self.field}.other" if self.slot.kind is Kind.CHOICE_PLUS else self.field
        return "".join(self.given.get(own, ()))

    @property
    def options(self) -> list[tuple[Option, bool]]:
        """What there is to choose, and whether it is chosen."""
        return [(option, option.label in self._chosen) for option in self.slot.options]

    @property
    def _chosen(self) -> Sequence[str]:
        known = {option.label for option in self.slot.options}
        given = [label for label in self.given.get(self.field, ()) if label in known]
        is_answered = self.slot.kind is Kind.MANY and self.field in self.given
        return given if given or is_answered else self.slot.chosen(self.slot.default())


def slot_views(
    look: Look,
    given: Mapping[str, Sequence[str]],
    locked: Collection[str],
    errors: Mapping[str, str],
) -> list[SlotView]:
    """The Look's questions, in order."""
    return [
        SlotView(
            slot,
            given,
            is_locked=slot.name in locked,
            error=errors.get(slot.field, "") or errors.get(f"{slot.field}.other", ""),
            note=_lettering(look) if slot.kind is Kind.WORDS else "",
        )
        for slot in look.slots
        if slot.kind is not Kind.REFERENCE
    ]


def named_pieces(look: Look, values: Values) -> list[Piece]:
    """What will be sent, piece by piece. A blank piece carries the words for what belongs there."""
    named = {slot.name: _blank_name(slot) for slot in look.slots if not slot.role}
    return [
        replace(piece, text=named[piece.slot]) if piece.is_blank else piece
        for piece in looks.pieces(look, values)
        if not piece.is_blank or piece.slot in named
    ]


def _blank_name(slot: Slot) -> str:
    return slot.empty if slot.kind is Kind.MANY and slot.empty else slot.label.lower()


def _lettering(look: Look) -> str:
    """Which tiers can letter: "Studio and Print"."""
    able = [catalogue.tier_title(tier) for tier in look.tiers if look.letters_at(tier)]
    return formats.listed(able)
