"""The form in which a picture is asked for: own words or a Look, choices, reference image."""

from __future__ import annotations

from dataclasses import replace

from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.looks import Kind
from fluxgen.looks.library import every
from fluxgen.partials.compose import Form
from fluxgen.partials.compose.slots import SlotView
from fluxgen.partials.patterns.samples import LONG, WORDS, Patterns
from fluxgen.references import FIELD

REFUSAL = "These words are against our rules. Nothing was sent, and nothing was charged."
FRAGMENTS = {
    Kind.TEXT: "slot_text",
    Kind.CHOICE: "slot_choice",
    Kind.CHOICE_PLUS: "slot_choice_plus",
    Kind.MANY: "slot_many",
    Kind.COLOUR: "slot_colour",
    Kind.AMOUNT: "slot_amount",
    Kind.WORDS: "slot_words",
}


def patterns() -> Patterns:
    """Each fragment of the form."""
    forms = {**_whole(), **_choices()}
    shown: Patterns = {
        name: {state: {"form": form} for state, form in states.items()}
        for name, states in forms.items()
    }
    first = {"form": Form(available_credits=100), "is_first_visit": True}
    shown["compose_prompt"] |= {"first visit": first}
    return {**shown, **_slots()}


def _whole() -> dict[str, dict[str, Form]]:
    empty, look = Form(available_credits=100), Form(look="late-counter", available_credits=100)
    typed, long = replace(empty, prompt=WORDS), replace(empty, prompt=LONG)
    refused = typed.refused(Refused(REFUSAL, "prompt"))
    unread = empty.refused(Refused("This file has no recipe inside.", "working_copy"))
    return {
        "compose_form": {
            "empty": empty,
            "too few credits": replace(typed, available_credits=0).refused(
                InsufficientCredits(1, 0)
            ),
            "refused": refused,
            "a Look": look,
        },
        "compose_looks": {"own words": empty, "a Look": look},
        "compose_look": {
            "empty": look,
            "refused": look.refused(Refused("Say which dish.", "slot.dish")),
            "shuffle refused": look.refused(Refused("A whole number, please.", "shuffle")),
        },
        "compose_prompt": {"empty": empty, "long": long, "refused": refused},
        "compose_text": {"blanks": look},
        "compose_working_copy": {"usual": empty, "refused": unread},
    }


def _choices() -> dict[str, dict[str, Form]]:
    empty, look = Form(available_credits=100), Form(look="late-counter", available_credits=100)
    seedless = replace(empty, errors={"seed": "A seed is a whole number.", "tier": "Choose one."})
    unknown = empty.refused(Refused("We do not have this model.", "model"))
    usual = replace(empty, model="flux-2-pro")
    return {
        "compose_models": {"usual": empty, "refused": unknown},
        "compose_options": {"usual": empty, "refused": seedless, "a Look": look},
        "compose_reference": {"usual": usual, "none": replace(empty, look="two-inks")},
        "reference_field": _references(usual),
    }


def _references(usual: Form) -> dict[str, Form]:
    return {
        "empty": usual,
        "chosen before": replace(usual, lost_reference=True),
        "refused": usual.refused(Refused("This file is no picture that we can read.", FIELD)),
        "of a person": replace(usual, look="window-light"),
    }


def _slots() -> Patterns:
    """The first question of each kind in the library, in its states."""
    found = {slot.kind: slot for look in every() for slot in look.slots if slot.kind in FRAGMENTS}
    shown: Patterns = {}
    for kind, slot in found.items():
        answers = [option.label for option in slot.options] or ["half past seven"]
        usual = SlotView(slot, {}, note="Studio and Print" if kind is Kind.WORDS else "")
        answered = {slot.field: answers[-1:], f"{slot.field}.other": ["own words"]}
        shown[FRAGMENTS[kind]] = {
            "empty": {"slot": usual},
            "answered": {"slot": replace(usual, given=answered, is_locked=True)},
            "refused": {"slot": replace(usual, error="That is longer than it may be.")},
        }
    return shown
