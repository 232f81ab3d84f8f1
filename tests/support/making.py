"""Pictures that a test needs to have been made, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fluxgen.models import Account, Generation, Image
from tests.support.cast import Browser, order
from tests.support.workers import Workers

Visit = Callable[[Account | None], Browser]


def ask(client: Browser, **changes: Any) -> Generation:
    """Send the studio's form; the generation that came of it, not begun."""
    answer = client.post("/generations", data=order(**changes))
    assert answer.status_code == 303, answer.text
    return Generation.get(Generation.public_id == answer.location.rpartition("/")[2])


def make(client: Browser, workers: Workers, **changes: Any) -> Generation:
    """The same, worked on until it has ended."""
    generation = ask(client, **changes)
    workers.work()
    return latest(generation)


def latest(generation: Generation) -> Generation:
    """The row as it is now."""
    return Generation.get_by_id(generation.id)


def image(generation: Generation) -> Image:
    """Its first picture."""
    return Image.get(Image.generation == generation)


def ids(*generations: Generation) -> dict[str, list[str]]:
    """The form that selects these."""
    return {"id": [generation.public_id for generation in generations]}
