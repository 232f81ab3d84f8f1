"""Generations at a chosen point of their life, without HTTP or a provider."""

from __future__ import annotations

import secrets
from typing import Any

from fluxgen import generations, settings
from fluxgen.generations import Recipe
from fluxgen.models import Account, Generation
from tests.support.drawing import checked
from tests.support.workers import pass_time


def recipe(**changes: Any) -> Recipe:
    """What somebody asks for; one credit unless changed."""
    plain = {
        "prompt": "a red fox in snow",
        "model": "flux-schnell",
        "tier": "draft",
        "aspect_ratio": "1:1",
    }
    return Recipe(**{**plain, **changes})


def submitted(account: Account, **changes: Any) -> Generation:
    """Asked for, its price held."""
    return generations.submit(account, recipe(**changes), secrets.token_hex(8))


def claimed(generation: Generation) -> Generation:
    """The same row in a worker's hands."""
    taken = generations.claim(generation.id)
    assert taken is not None, "somebody else has it"
    return taken


def running(account: Account, prediction_id: str | None = None, **changes: Any) -> Generation:
    """Sent to the provider, which has it under this id."""
    taken = claimed(submitted(account, **changes))
    generations.attempt(taken)
    generations.running(taken, prediction_id or secrets.token_hex(8), look_after_s=0)
    return taken


def finished(generation: Generation, pictures: int | None = None) -> Generation:
    """The same generation, done; with as many pictures as were asked for unless told."""
    taken = claimed(generation)
    generations.attempt(taken)
    generations.storing(taken)
    generations.finish(taken, [checked()] * (taken.count if pictures is None else pictures))
    return Generation.get_by_id(taken.id)


def done(account: Account, **changes: Any) -> Generation:
    """Asked for and finished."""
    return finished(submitted(account, **changes))


def failed(account: Account, failure: str = "failed", **changes: Any) -> Generation:
    """Asked for, and ended without a picture."""
    taken = claimed(submitted(account, **changes))
    generations.end(taken, failure)
    return Generation.get_by_id(taken.id)


def outlive_the_lease() -> None:
    """Let every lease run out."""
    pass_time(settings.current().lease_s + 1)
