"""After the havoc: is everything that was promised kept, once, and paid for once?"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from fluxgen import archive, credits
from fluxgen.models import Account, Entry, Generation, Image, Kind, Status
from fluxgen.pictures import THUMBNAILS_PX

TIMEOUT_S = 20.0


def violations(promised: Sequence[str], storage: Path, predictions: Sequence[Any]) -> list[str]:
    """Every promise that is broken, in words. Reads the database that is connected."""
    return [
        *_lost(promised),
        *(wrong for generation in Generation.select() for wrong in _books(generation)),
        *(wrong for account in Account.select() for wrong in _account(account)),
        *map(str, credits.reconcile()),
        *(wrong for image in Image.select() for wrong in _files(image, storage)),
        *_sent_twice(predictions),
    ]


def endings() -> Counter[str]:
    """How the generations stand, by status."""
    return Counter(generation.status.value for generation in Generation.select())


def predictions_at(sandbox_url: str) -> list[Any]:
    """Everything the provider was ever asked for."""
    answer = httpx.get(f"{sandbox_url}/replicate/_predictions", timeout=TIMEOUT_S)
    return list(answer.raise_for_status().json())


def orphans(predictions: Sequence[Any]) -> int:
    """Predictions that no generation has: they cost us, never the person."""
    owned = {generation.prediction_id for generation in Generation.select()}
    return sum(prediction["id"] not in owned for prediction in predictions)


def _lost(promised: Sequence[str]) -> Iterator[str]:
    kept = {generation.public_id: generation for generation in Generation.select()}
    for public_id in promised:
        if public_id not in kept:
            yield f"{public_id} was promised and is lost"
        elif not kept[public_id].is_finished:
            yield f"{public_id} has not ended: {kept[public_id].status.value}"
    if len(set(promised)) != len(promised):
        yield "two forms became the same generation"
    for public_id in kept.keys() - set(promised):
        yield f"{public_id} was made, but nobody was told"


def _books(generation: Generation) -> Iterator[str]:
    """One hold and one settlement, of the right kind and amount, and the pictures that go with it."""
    name = generation.public_id
    booked = Counter(entry.kind for entry in credits.receipt(generation))
    done = generation.status is Status.DONE
    expected = {Kind.HOLD: 1, (Kind.CAPTURE if done else Kind.RELEASE): 1}
    if generation.is_finished and booked != expected:
        yield f"{name} is {generation.status.value}, and its books say {dict(booked)}"
    settled = Entry.get_or_none(Entry.key == f"settle:{name}")
    if settled is not None and settled.available_delta + generation.charged_credits != (
        generation.cost_credits
    ):
        yield f"{name} was charged something else than its row says"
    pictures = Image.select().where(Image.generation == generation).count()
    if done != (pictures > 0) or pictures > generation.count:
        yield f"{name} is {generation.status.value} with {pictures} pictures"


def _account(account: Account) -> Iterator[str]:
    if account.held or account.owed:
        yield f"account {account.id} has {account.held} held and {account.owed} owed"
    if broken := credits.verify(account):
        yield str(broken)


def _files(image: Image, storage: Path) -> Iterator[str]:
    def path(variant: str) -> Path:
        return storage / archive.key(image.generation, image.position, variant)

    variants = ("original", *map(str, THUMBNAILS_PX))
    missing = [variant for variant in variants if not path(variant).is_file()]
    if missing:
        yield f"{image.public_id} lacks {', '.join(missing)}"
    elif hashlib.sha256(path("original").read_bytes()).hexdigest() != image.sha256:
        yield f"{image.public_id} is not what was stored"


def _sent_twice(predictions: Sequence[Any]) -> Iterator[str]:
    """A new attempt may follow one whose fate stayed unknown; the same attempt is sent once."""
    sent: defaultdict[str, list[str]] = defaultdict(list)
    for prediction in predictions:
        sent[prediction["input"]["prompt"]].append(prediction["webhook"])
    attempts = {generation.prompt: generation.attempt for generation in Generation.select()}
    for prompt, tokens in sent.items():
        if len(set(tokens)) != len(tokens):
            yield f"{prompt!r}: one attempt was sent more than once"
        if len(tokens) > attempts.get(prompt, 0):
            yield f"{prompt!r}: {len(tokens)} predictions of {attempts.get(prompt, 0)} attempts"
