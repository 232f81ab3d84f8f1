"""Where a generation begins: row and hold together, or neither."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from peewee import IntegrityError

from fluxgen import catalogue, clock, credits
from fluxgen.db import transaction
from fluxgen.errors import Refused, TooMany
from fluxgen.generations import reading
from fluxgen.models import Account, Generation, Origin

PROMPT_MAX = 2000
NONCE_MAX = 64
UNFINISHED_MAX = 100
SEED_MAX = 2**31 - 1


@dataclass(frozen=True)
class Filled:
    """A version of a Look, and what was chosen and written in its slots."""

    slug: str
    version: int
    slots: dict[str, Any]


@dataclass(frozen=True)
class Lineage:
    """What a generation comes of, and by which deed."""

    parent: Generation
    origin: Origin
    position: int | None = None


@dataclass(frozen=True)
class Reference:
    """A reference image at the provider: its file there, and the address the model reads."""

    file_id: str
    url: str


@dataclass(frozen=True)
class Recipe:
    """What a person asked for. With a Look, the prompt is what its slots compose to."""

    prompt: str
    model: str
    tier: str
    aspect_ratio: str
    count: int = 1
    seed: int | None = None
    look: Filled | None = None
    lineage: Lineage | None = None
    reference: Reference | None = None
    sheet: str | None = None

    def checked(self) -> Recipe:
        """The same, tidied. Raises `Refused` naming the first field that does not fit."""
        prompt = self.prompt.replace("\r\n", "\n").replace("\x00", "").strip()
        if not prompt:
            raise Refused("Write what the picture should show first.", "prompt")
        if len(prompt) > PROMPT_MAX:
            raise Refused(
                f"That is {len(prompt):,} characters. The limit is {PROMPT_MAX:,}.", "prompt"
            )
        if self.seed is not None and not 0 <= self.seed <= SEED_MAX:
            raise Refused(f"A seed is a number from 0 to {SEED_MAX:,}.", "seed")
        catalogue.check(self.model, self.tier, self.aspect_ratio, self.count)
        return replace(self, prompt=prompt)


def submit(account: Account, recipe: Recipe, nonce: str) -> Generation:
    """Put a generation on the waiting list, its price set aside.

    The same nonce is the same generation, however often it is sent.
    Raises `Refused`, `InsufficientCredits`, `TooMany`.
    """
    if not 1 <= len(nonce) <= NONCE_MAX:
        raise Refused("This form is out of date. Send it once more.")
    if (earlier := _sent_before(account, nonce)) is not None:
        return earlier
    recipe = recipe.checked()
    try:
        with transaction():
            return _create(account, recipe, nonce)
    except (IntegrityError, Refused):  # perhaps the same form, sent twice at the same moment
        if (twin := _sent_before(account, nonce)) is not None:
            return twin
        raise


def retry(generation: Generation) -> Generation:
    """The same recipe once more, with a seed of its own; retrying twice is one generation,
    until that one has ended, too.

    Raises `Refused`, `InsufficientCredits`, `TooMany`.
    """
    if not generation.is_finished:
        raise Refused("This one has not ended yet.")
    recipe = Recipe(
        prompt=generation.prompt,
        model=generation.model,
        tier=generation.tier,
        aspect_ratio=generation.aspect_ratio,
        count=generation.count,
        look=_filled(generation),
        lineage=Lineage(generation, Origin.RETRY),
    )
    tried = reading.ended_tries(generation)
    return submit(generation.account, recipe, nonce=f"retry:{generation.public_id}:{tried}")


def _filled(generation: Generation) -> Filled | None:
    if generation.look is None or generation.look_version is None:
        return None
    return Filled(generation.look, generation.look_version, generation.slots)


def _sent_before(account: Account, nonce: str) -> Generation | None:
    return Generation.get_or_none((Generation.account == account) & (Generation.nonce == nonce))


def _create(account: Account, recipe: Recipe, nonce: str) -> Generation:
    model = catalogue.model(recipe.model)
    number = _next_number(account)
    cost = model.cost_credits(recipe.tier, recipe.count)
    _refuse_over_own_limit(account, cost)
    if reading.unfinished_count(account) >= UNFINISHED_MAX:
        raise TooMany(f"{UNFINISHED_MAX} pictures are on the table. Let some finish first.", 20)
    generation = Generation.create(
        account=account,
        number=number,
        nonce=nonce,
        prompt=recipe.prompt,
        model=recipe.model,
        tier=recipe.tier,
        aspect_ratio=recipe.aspect_ratio,
        count=recipe.count,
        seed=secrets.randbelow(SEED_MAX) if recipe.seed is None else recipe.seed,
        **_provenance(recipe),
        cost_credits=cost,
        expected_s=reading.usual_run_s(recipe.model, recipe.tier) or model.expected_s,
    )
    credits.hold(generation)
    return generation


def _provenance(recipe: Recipe) -> dict[str, Any]:
    """Where it comes from: Look, earlier generation, reference."""
    look, lineage, reference = recipe.look, recipe.lineage, recipe.reference
    return {
        "look": look and look.slug,
        "look_version": look and look.version,
        "slots": look and look.slots,
        "parent": lineage and lineage.parent,
        "parent_position": lineage and lineage.position,
        "origin": lineage and lineage.origin,
        "sheet": recipe.sheet,
        "had_reference": reference is not None,
        "reference_file": reference and reference.file_id,
        "reference_url": reference and reference.url,
    }


def _refuse_over_own_limit(account: Account, cost: int) -> None:
    """Keep to the limit that the person has set for each day (UTC)."""
    limit = Account.get_by_id(account.id).daily_limit_credits
    if limit is None:
        return
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    left = limit - credits.spent_since(account, midnight)
    if cost > left:
        raise Refused(
            f"Your own limit a day is {limit}, and {max(left, 0)} are left until midnight "
            "(UTC). You can change it in your account. Your words are kept."
        )


def _next_number(account: Account) -> int:
    """The account's next frame number; also makes its submissions wait for each other."""
    (counted,) = (
        Account.update(generations_made=Account.generations_made + 1)
        .where(Account.id == account.id)
        .returning(Account.generations_made)
        .execute()
    )
    return int(counted.generations_made)
