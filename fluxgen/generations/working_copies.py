"""Working copies: a picture's recipe as plain words in its file, and read back from one.

A file may have been written by anybody. What is read is only ever what a form could have said,
and is checked like a form when it is sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fluxgen import looks, typed
from fluxgen.errors import Refused
from fluxgen.generations.derivation import made_as
from fluxgen.generations.submission import CONTROLS, PROMPT_MAX
from fluxgen.models import Generation
from fluxgen.words import N_, _

NOT_OURS = N_(
    "There is no recipe of ours in this picture. Choose a working copy that you downloaded."
)
WORN = N_("The recipe in this picture cannot be read. Choose another working copy.")
SLUG_MAX, WORDS_MAX, FIELDS_MAX, CHOSEN_MAX, DIGITS_MAX = 60, 400, 24, 12, 20
HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which JSON can say and no text can keep."""


@dataclass(frozen=True)
class WorkingCopy:
    """What a working copy says, as the fields of a form."""

    prompt: str = ""
    look: str = ""
    look_version: str = ""
    slots: Mapping[str, list[str]] = field(default_factory=dict)
    model: str = ""
    tier: str = ""
    aspect_ratio: str = ""
    seed: str = ""


def written(generation: Generation) -> dict[str, str]:
    """The recipe of what is to be seen, by the names that stand in the file."""
    generation = made_as(generation)
    recipe = {
        "Version": "1",
        "Model": generation.model,
        "Tier": generation.tier,
        "AspectRatio": generation.aspect_ratio,
        "Seed": str(generation.seed),
        "Prompt": generation.prompt,
    }
    if generation.look is not None:
        recipe |= {"Look": generation.look, "LookVersion": str(generation.look_version)}
        recipe["Slots"] = json.dumps(_fields(generation), ensure_ascii=False)
    return recipe


def read(found: Mapping[str, str]) -> WorkingCopy:
    """What such a recipe says. Raises `Refused` where it is none, or makes no sense."""
    if not found:
        raise Refused(_(NOT_OURS), "working_copy")
    prompt = found.get("Prompt", "").replace("\r\n", "\n")
    version, seed = found.get("LookVersion", ""), found.get("Seed", "")
    named = {name: found.get(name, "") for name in ("Look", "Model", "Tier", "AspectRatio")}
    is_sound = (
        found.get("Version") == "1"
        and len(prompt) <= PROMPT_MAX
        and all(len(value) <= SLUG_MAX for value in named.values())
        and all(number == "" or _is_number(number) for number in (version, seed))
        and bool(named["Model"] and named["Tier"] and (prompt or named["Look"]))
        and not typed.is_turned(prompt)
        and not any(CONTROLS.search(value) for value in (prompt, *named.values()))
    )
    if not is_sound:
        raise Refused(_(WORN), "working_copy")
    return WorkingCopy(
        prompt=prompt,
        look=named["Look"],
        look_version=version,
        slots=_slots(found.get("Slots", "")),
        model=named["Model"],
        tier=named["Tier"],
        aspect_ratio=named["AspectRatio"],
        seed=seed,
    )


def _fields(generation: Generation) -> dict[str, list[str]]:
    """The answers as the fields of a form; none where this release has no such version."""
    try:
        look = looks.find(str(generation.look), generation.look_version)
    except Refused:
        return {}
    return looks.fields(look, generation.slots or {})


def _slots(text: str) -> dict[str, list[str]]:
    """The fields that are written there. Raises `Refused` where they are no fields."""
    try:
        said = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or len(said) > FIELDS_MAX or not all(map(_fits, said.items())):
        raise Refused(_(WORN), "working_copy")
    return said


def _fits(given: tuple[str, object]) -> bool:
    name, values = given
    return (
        name.startswith("slot.")
        and not HALVES.search(name)
        and len(name) <= SLUG_MAX * 2
        and isinstance(values, list)
        and len(values) <= CHOSEN_MAX
        and all(_is_text(value) for value in values)
    )


def _is_text(value: object) -> bool:
    if not isinstance(value, str) or len(value) > WORDS_MAX:
        return False
    return "\0" not in value and not HALVES.search(value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= DIGITS_MAX
