"""Answers: read from a form and checked, made up by shuffling, and given back to a form."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from fluxgen.errors import Refused
from fluxgen.looks.look import Look
from fluxgen.looks.slots import MANY_MAX, ONE_OF, WRITTEN, Kind, Slot, Values
from fluxgen.looks.writing import checked
from fluxgen.words import N_, _

Form = Mapping[str, Sequence[str]]
"""Fields by name: `slot.<name>`, `slot.<name>.other`, and a person's ticks; each a list."""

T = TypeVar("T")

CONSENT = ("consented", "adult")
MISSING = N_("Fill this in first.")
TICKS = N_("Tick both: this person agrees to it, and is an adult.")


def read(
    look: Look,
    form: Form,
    *,
    tier: str = "",
    has_reference: bool = False,
    is_vouched: bool = False,
) -> Values:
    """The checked answers. Raises `Refused` at the field that does not fit.

    With a tier, lettering is only taken where that tier's model draws letters well. A person's
    two ticks have to be in the form, unless somebody `is_vouched` for already.
    """
    _refuse_unknown(look, form)
    values: Values = {}
    for slot in look.slots:
        if slot.role:
            value = _reference(slot, form, has_reference, is_vouched)
        else:
            value = _answer(slot, form)
        if slot.required and not value:
            raise Refused(_(MISSING), slot.field)
        if value is not None:
            values[slot.name] = value
        if slot.kind is Kind.WORDS and value and tier and not look.letters_at(tier):
            raise Refused(_cannot_letter(look, tier), slot.field)
    return values


def fill(look: Look, form: Form, *, has_reference: bool = False) -> Values:
    """The nearest answers that fit, for a preview: what does not fit falls back. Never raises."""
    values = defaults(look)
    for slot in look.slots:
        try:
            value = has_reference or None if slot.role else _answer(slot, form)
        except Refused:
            continue
        values.pop(slot.name, None)
        if value is not None:
            values[slot.name] = value
    return values


def defaults(look: Look) -> Values:
    """The answers of somebody who has not answered anything yet."""
    found = {slot.name: slot.default() for slot in look.slots}
    return {name: value for name, value in found.items() if value is not None}


def fields(look: Look, values: Values) -> dict[str, list[str]]:
    """The form that these answers came from; `read` gives them back."""
    form: dict[str, list[str]] = {}
    for slot in look.slots:
        value = values.get(slot.name)
        if slot.kind is Kind.REFERENCE:
            continue
        own = f"{slot.field}.other" if slot.kind is Kind.CHOICE_PLUS else slot.field
        if slot.written(value):
            form[own] = [slot.written(value)]
        elif slot.kind not in WRITTEN:
            form[slot.field] = slot.chosen(value) or [""]
    return form


def shuffle(look: Look, values: Values, locked: Collection[str], seed: int) -> Values:
    """Other answers drawn from the seed; locked ones and whatever somebody wrote are kept.

    Each slot has a stream of its own: locking one does not change what the others draw.
    """
    return {
        slot.name: value
        for slot in look.slots
        if (value := _drawn(look, slot, values.get(slot.name), locked, seed)) is not None
    }


def variations(look: Look, values: Values, name: str) -> list[Values]:
    """The same answers once for each option of one slot. Raises `Refused`."""
    slot = look.slot(name)
    if not slot.options:
        raise Refused(
            _("There is nothing to choose from in this one. Take another question."), slot.field
        )
    many = slot.kind is Kind.MANY
    return [
        {**values, name: [option.label] if many else slot.value(option.label)}
        for option in slot.options
    ]


def _refuse_unknown(look: Look, form: Form) -> None:
    for field in form:
        if field.startswith("slot."):
            name, __, extra = field.removeprefix("slot.").partition(".")
            slot = look.slot(name)
            wanted = ("other",) if slot.kind is Kind.CHOICE_PLUS else CONSENT
            fits = not extra or (extra in wanted and (slot.role or extra == "other"))
            if not fits:
                raise Refused(_("This Look does not ask that. Open it anew."), field)


def _answer(slot: Slot, form: Form) -> Any:
    """What was answered, checked; `None` when nothing was written."""
    given = [words for words in _list(form, slot.field) if words]
    if slot.kind is Kind.MANY:
        return _several(slot, given) if slot.field in form else slot.default()
    if len(given) > 1:
        raise Refused(_("Choose one of these."), slot.field)
    if slot.kind in WRITTEN:
        return checked("".join(given), slot.max_length, slot.field) or None
    if slot.kind is Kind.CHOICE_PLUS:
        own = checked("".join(_list(form, f"{slot.field}.other")), slot.max_length, slot.field)
        if own:
            return {"other": own}
    return slot.value(given[0]) if given else slot.default()


def _several(slot: Slot, given: list[str]) -> list[str]:
    """The chosen labels, in the order of the options."""
    for label in given:
        slot.option(label)
    if len(set(given)) > MANY_MAX:
        raise Refused(_("Choose up to %(most)s.", most=MANY_MAX), slot.field)
    return [option.label for option in slot.options if option.label in given]


def _reference(slot: Slot, form: Form, has_reference: bool, is_vouched: bool) -> bool | None:
    agreed = is_vouched or all(_list(form, f"{slot.field}.{tick}") == ["yes"] for tick in CONSENT)
    if has_reference and slot.is_of_person and not agreed:
        raise Refused(_(TICKS), slot.field)
    return has_reference or None


def _cannot_letter(look: Look, tier: str) -> str:
    model = look.model(tier)
    return _(
        "%(title)s does not spell well. Choose another quality, or leave this empty.",
        title=model.title,
    )


def _drawn(look: Look, slot: Slot, value: Any, locked: Collection[str], seed: int) -> Any:
    if slot.name in locked or slot.written(value) or slot.kind is Kind.REFERENCE:
        return value
    chance = _Chance(f"{look.slug}/{look.version}/{slot.name}/{seed}")
    if slot.kind is Kind.TEXT and slot.required:
        return chance.one(slot.examples)
    if slot.kind is Kind.MANY:
        labels = [option.label for option in slot.options]
        most = min(MANY_MAX, len(labels))
        count = int(slot.required) + chance.below(most + 1 - int(slot.required))
        picked = [labels.pop(chance.below(len(labels))) for _ in range(count)]
        return _several(slot, picked)
    if slot.kind in ONE_OF:
        return slot.value(chance.one(slot.options).label)
    return value


class _Chance:
    """Draws that are the same on every machine and under every Python."""

    def __init__(self, seed: str) -> None:
        self._left = int.from_bytes(hashlib.sha256(seed.encode()).digest())

    def below(self, count: int) -> int:
        self._left, drawn = divmod(self._left, count)
        return drawn

    def one(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]


def _list(form: Form, field: str) -> list[str]:
    given = form.get(field, ())
    return [given] if isinstance(given, str) else list(given)
