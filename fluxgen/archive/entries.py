"""What a generation is found by: its words, what is said to be seen, and the facts of filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxgen import db, looks
from fluxgen.archive import terms
from fluxgen.errors import Refused
from fluxgen.looks import Slot
from fluxgen.models import Generation, Status

IN_COLLECTIONS = """SELECT collection_item.generation_id, collection.public_id FROM collection_item
JOIN collection ON collection.id = collection_item.collection_id
WHERE collection_item.generation_id IN ({})"""
DESCRIBED = """SELECT generation_id, alt FROM image
WHERE generation_id IN ({}) AND alt IS NOT NULL ORDER BY generation_id, position"""


def written(generations: Sequence[Generation]) -> Iterator[tuple[Generation, list[str]]]:
    """Each of them with the terms of its entry in the index."""
    inside, described = (_of(generations, which) for which in (IN_COLLECTIONS, DESCRIBED))
    for generation in generations:
        found_by = _terms(
            generation, inside.get(generation.id, []), described.get(generation.id, [])
        )
        is_ended = generation.status is not Status.DONE
        yield (
            generation,
            [terms.owned(generation.account_id, term, is_ended=is_ended) for term in found_by],
        )


def answers(slot: Slot, value: object) -> list[str]:
    """The words of an answer, one for each that was chosen."""
    return [words for words in (*slot.chosen(value), slot.written(value)) if words]


def ending(generation: Generation) -> str:
    """Which of the ends without a picture it is: blocked, cancelled or failed."""
    if generation.failure == "blocked":
        return "blocked"
    return "cancelled" if generation.status is Status.CANCELLED else "failed"


def _terms(
    generation: Generation, inside: Sequence[str], described: Sequence[str]
) -> Iterator[str]:
    """Words of the prompt, of the answers and of descriptions, and the facts that filters ask for."""
    yield terms.EVERY
    yield terms.model(generation.model)
    yield terms.tier(generation.tier)
    if generation.status is not Status.DONE:
        yield terms.ending(ending(generation))
    if generation.favourite_at:
        yield terms.FAVOURITE
    if generation.had_reference:
        yield terms.REFERENCE
    yield from map(terms.collection, inside)
    said = [generation.prompt, *described]
    if generation.look:
        yield terms.look(generation.look)
        for name, answer in _answers(generation):
            said.append(answer)
            yield terms.slot(name, answer)
    yield from terms.stored(said)


def _of(generations: Sequence[Generation], statement: str) -> dict[int, list[str]]:
    """What a statement gives of each of them, where it gives something."""
    marks = ", ".join("?" * len(generations))
    found: dict[int, list[str]] = {}
    for id_, text in db.tuples(statement.format(marks), *(row.id for row in generations)):
        found.setdefault(id_, []).append(text)
    return found


def _answers(generation: Generation) -> Iterator[tuple[str, str]]:
    """What was chosen or written, by the name of its question."""
    try:
        slots = looks.find(str(generation.look), generation.look_version).slots
    except Refused:  # a version that this release does not have
        return
    for slot in slots:
        for answer in answers(slot, (generation.slots or {}).get(slot.name)):
            yield slot.name, answer
