"""What is to be seen in a picture, in words: what was asked for, and what its original shows."""

from __future__ import annotations

from fluxgen import archive, looks
from fluxgen.errors import Refused
from fluxgen.generations import derivation
from fluxgen.models import Generation


def asked(generation: Generation) -> str:
    """What was asked for: the answers to a Look's questions, else the prompt."""
    if generation.look is None:
        return str(generation.prompt)
    try:
        look = looks.find(generation.look, generation.look_version)
        return looks.alt_text(look, generation.slots or {}) or str(generation.prompt)
    except Refused:  # a version that this release does not have
        return str(generation.prompt)


def handed_on(generation: Generation) -> str | None:
    """What is known of the picture that this one was made of, where it shows the same: of an
    enlargement the person's own words; of an edit what was there, and what was to be different."""
    before = derivation.source(generation)
    if before is None:
        return None
    if derivation.is_enlarged(generation):
        return before.alt
    if not derivation.is_edited(generation):
        return None
    shown = " ".join((before.alt or asked(before.generation)).split()).rstrip(".")
    return f"{shown}. {' '.join(generation.prompt.split())}"[: archive.ALT_MAX]
