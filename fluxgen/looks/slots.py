"""Slots: the questions a Look asks, what may be answered, and what each answer prints."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fluxgen.errors import Refused
from fluxgen.looks.writing import tamed
from fluxgen.words import _

Values = dict[str, Any]
"""Answers by slot name, as plain JSON: what a generation keeps in `slots`."""

TEXT_MAX, OTHER_MAX, WORDS_MAX, MANY_MAX = 80, 40, 24, 3


class Kind(StrEnum):
    """How a slot is answered."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICE_PLUS = "choice+"
    MANY = "many"
    COLOUR = "colour"
    AMOUNT = "amount"
    WORDS = "words"
    REFERENCE = "reference"


WRITTEN = {Kind.TEXT: TEXT_MAX, Kind.WORDS: WORDS_MAX}
ONE_OF = (Kind.CHOICE, Kind.CHOICE_PLUS, Kind.COLOUR, Kind.AMOUNT)


@dataclass(frozen=True)
class Option:
    """One answer to choose: its short name, the phrase it prints ("" for none), its colours."""

    label: str
    phrase: str
    hexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One question. `hint` stands in the empty field, `empty` names leaving it empty."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    empty: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    examples: tuple[str, ...] = ()
    role: str = ""
    phrase: str = ""

    @property
    def field(self) -> str:
        """The form's name for it."""
        return f"slot.{self.name}"

    @property
    def max_length(self) -> int:
        """How many characters may be written into it."""
        return OTHER_MAX if self.kind is Kind.CHOICE_PLUS else WRITTEN.get(self.kind, 0)

    @property
    def is_of_person(self) -> bool:
        """Whether somebody has to have consented, and be an adult."""
        return self.kind is Kind.REFERENCE and self.role == "person"

    def option(self, label: str) -> Option:
        """The option of this name. Raises `Refused`."""
        for option in self.options:
            if option.label == label:
                return option
        raise Refused(_("Choose one of these."), self.field)

    def default(self) -> Any:
        """The answer of somebody who has not answered: the first option; nothing to write."""
        if self.kind is Kind.MANY:
            return [self.options[0].label]
        return self.value(self.options[0].label) if self.kind in ONE_OF else None

    def value(self, label: str) -> Any:
        """What is kept of the option of this name. Raises `Refused`."""
        option = self.option(label)
        if self.kind is Kind.COLOUR:
            return {"name": option.label, "hex": list(option.hexes)}
        return option.label

    def chosen(self, value: Any) -> list[str]:
        """The labels of the chosen options; none where somebody wrote."""
        if self.kind is Kind.MANY:
            return list(value or [])
        if self.kind is Kind.COLOUR:
            return [value["name"]] if value else []
        return [value] if self.kind in ONE_OF and isinstance(value, str) else []

    def written(self, value: Any) -> str:
        """What somebody wrote into it, or ""."""
        if isinstance(value, dict):
            return str(value.get("other", ""))
        return str(value or "") if self.kind in WRITTEN else ""

    def phrases(self, value: Any) -> list[str]:
        """What the answer prints; nothing where it is empty or means none."""
        if self.kind is Kind.REFERENCE:
            return [self.phrase] if value else []
        found = [self.option(label).phrase for label in self.chosen(value)]
        return [words for words in (*found, tamed(self.written(value))) if words]

    def shown(self, value: Any) -> str:
        """The answer as people read it later."""
        if self.kind is Kind.REFERENCE:
            return _("attached, not kept") if value else self.empty or "none"
        labels = ", ".join([*self.chosen(value), self.written(value)]).removesuffix(", ")
        return labels.removeprefix(", ") or self.empty or "empty"
