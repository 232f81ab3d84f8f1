"""In which collections a generation is, as the lightbox shows it and lets it be changed."""

from __future__ import annotations

from dataclasses import dataclass

from fluxgen.archive import collections
from fluxgen.models import Generation


@dataclass(frozen=True)
class Collecting:
    """A generation's collections, and all there are to choose from."""

    id: str
    url: str
    names: list[str]
    choices: list[tuple[str, str, bool]]
    """Name in addresses, name, whether it is in there."""
    is_open: bool = False
    typed: str = ""
    error: str = ""


def collecting(
    generation: Generation, query: str = "", *, typed: str = "", error: str = ""
) -> Collecting:
    """What the fragment takes; open with words where something was refused. The query says what
    was looked for, so that a plain form comes back to it."""
    inside = collections.of(generation)
    ids = {each.id for each in inside}
    return Collecting(
        id=generation.public_id,
        url=f"/generations/{generation.public_id}/collections{query}",
        names=[each.name for each in inside],
        choices=[
            (each.public_id, each.name, each.id in ids)
            for each in collections.all_of(generation.account)
        ],
        is_open=bool(error),
        typed=typed,
        error=error,
    )
