"""Where a generation begins: row and hold together, or neither."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

from peewee import IntegrityError

from fluxgen import catalogue, credits, looks, typed
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.generations import limits, reading, references
from fluxgen.models import Account, Generation, Image, Origin, Standing
from fluxgen.words import _

PROMPT_MAX = 2000
NONCE_MAX = 64
SEED_MAX = 2**31 - 1
ENLARGED = "result"
"""What only becomes larger: nobody is put into it, so it is read as it stood."""
ENLARGING = frozenset({Origin.UPSCALE, Origin.RETRY})
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters; line breaks and tabs are not among them."""


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
    """What a person asked for. With a Look, the prompt is what its slots compose to.

    `source` is the person's own picture that the reference image is made of, if it is one.
    """

    prompt: str
    model: str
    tier: str
    aspect_ratio: str
    count: int = 1
    seed: int | None = None
    look: Filled | None = None
    lineage: Lineage | None = None
    reference: Reference | None = None
    source: Image | None = None
    sheet: str | None = None

    def checked(self) -> Recipe:
        """The same, tidied. Raises `Refused` naming the first field that does not fit."""
        recipe = self._from_look() if self.look and not self._is_enlarged else self
        prompt = recipe.prompt.replace("\r\n", "\n").replace("\r", "\n").strip()
        if CONTROLS.search(prompt) or typed.is_turned(prompt):
            raise Refused(_("There are hidden control characters in this. Type it anew."), "prompt")
        if typed.is_blank(prompt):
            raise Refused(_("Write what the picture should show first."), "prompt")
        if len(prompt) > PROMPT_MAX:
            words = _(
                "That is %(length)s characters. The limit is %(most)s. Shorten it.",
                length=len(prompt),
                most=PROMPT_MAX,
            )
            raise Refused(words, "prompt")
        if self.seed is not None and not 0 <= self.seed <= SEED_MAX:
            raise Refused(_("A seed is a number from 0 to %(most)s.", most=SEED_MAX), "seed")
        catalogue.check(
            recipe.model,
            recipe.tier,
            recipe.aspect_ratio,
            recipe.count,
            reference=self.role if self.reference else None,
            prompt_length=len(prompt),
        )
        return replace(recipe, prompt=prompt)

    @property
    def _is_enlarged(self) -> bool:
        """Whether it is a picture made larger, of which its Look says what it is, not how."""
        return self.model == catalogue.upscaler().slug

    @property
    def role(self) -> str:
        """What the reference image serves as."""
        if self.lineage and self.lineage.origin in ENLARGING and self._is_enlarged:
            return ENLARGED
        slot = looks.find(self.look.slug, self.look.version).reference if self.look else None
        return slot.role if slot else catalogue.ANY

    def _from_look(self) -> Recipe:
        """The same with the text that the Look makes of its answers. Raises `Refused`.

        A reference comes with a form, which asked after the person in it.
        """
        assert self.look is not None
        filled = self.look
        look = looks.find(filled.slug, filled.version)
        values = looks.read(
            look,
            looks.fields(look, filled.slots),
            tier=self.tier,
            has_reference=self.reference is not None,
            is_vouched=True,
        )
        if look.model(self.tier).slug != self.model:
            raise Refused(
                _("%(title)s is not made for that model. Choose a quality.", title=look.title),
                "model",
            )
        if self.aspect_ratio not in look.ratios:
            raise Refused(
                _("%(title)s is not made for that shape. Choose another.", title=look.title),
                "aspect_ratio",
            )
        filled = replace(filled, slots=values)
        return replace(self, prompt=looks.compose(look, values), look=filled)


def submit(account: Account, recipe: Recipe, nonce: str) -> Generation:
    """Put a generation on the waiting list, its price set aside.

    The same nonce is the same generation, however often it is sent.
    Raises `Refused`, `InsufficientCredits`, `TooMany`.
    """
    if (earlier := sent_before(account, nonce)) is not None:
        return earlier
    try:
        recipe = admitted(account, recipe)
        with transaction():
            return create(account, recipe, nonce)
    except (IntegrityError, Refused):  # perhaps the same form, sent twice at the same moment
        if (twin := sent_before(account, nonce)) is not None:
            return twin
        raise


def admitted(account: Account, recipe: Recipe) -> Recipe:
    """The same, checked, within the limits and our rules: so far nothing is written or sent.

    Raises `Refused`, `TooMany`, `AgainstRules`.
    """
    recipe = recipe.checked()
    limits.check(account)
    return permitted(account, recipe)


def permitted(account: Account, recipe: Recipe) -> Recipe:
    """The same, if it is within our rules. Raises `AgainstRules`."""
    slots = recipe.look.slots if recipe.look else {}
    words = {f"slot.{name}": str(value) for name, value in slots.items()}
    is_of_somebody = recipe.reference is not None and recipe.role != ENLARGED
    limits.refuse_words(account, {**words, "prompt": recipe.prompt}, beside_picture=is_of_somebody)
    return recipe


def retry(generation: Generation) -> Generation:
    """The same recipe once more, with a seed of its own; retrying twice is one generation,
    until that one has ended, too.

    Raises `Refused`, `InsufficientCredits`, `TooMany`.
    """
    recipe, nonce = retried(generation)
    if generation.had_reference:
        raise Refused(references.why_gone(generation))
    return submit(generation.account, recipe, nonce)


def retried(generation: Generation) -> tuple[Recipe, str]:
    """What a retry asks for, and its nonce; the reference image has to be found. Raises `Refused`."""
    if not generation.is_finished:
        raise Refused(_("This one has not ended yet. Wait until it has."))
    tried = reading.ended_tries(generation)
    recipe = recipe_of(generation, Origin.RETRY)
    return recipe, f"retry:{generation.public_id}:{tried}"


def recipe_of(generation: Generation, origin: Origin) -> Recipe:
    """What it was made from, without the seed, as a recipe that comes of it in this way."""
    return Recipe(
        prompt=generation.prompt,
        model=generation.model,
        tier=generation.tier,
        aspect_ratio=generation.aspect_ratio,
        count=generation.count,
        look=_filled(generation),
        lineage=Lineage(generation, origin),
    )


def cost_credits(recipe: Recipe) -> int:
    """What a checked recipe costs."""
    return catalogue.model(recipe.model).cost_credits(recipe.tier, recipe.count)


def _filled(generation: Generation) -> Filled | None:
    if generation.look is None or generation.look_version is None:
        return None
    return Filled(generation.look, generation.look_version, generation.slots)


def sent_before(account: Account, *nonces: str) -> Generation | None:
    """What came of this form already, if it was sent before. Raises `Refused` for no nonce."""
    if any("\x00" in nonce or not 1 <= len(nonce) <= NONCE_MAX for nonce in nonces):
        raise Refused(_("This form is out of date. Send it once more."))
    return Generation.get_or_none((Generation.account == account) & Generation.nonce.in_(nonces))


def create(account: Account, recipe: Recipe, nonce: str) -> Generation:
    """Row and hold of a checked recipe, inside the caller's transaction.

    Raises `Refused`, `InsufficientCredits`, `TooMany`, and `IntegrityError` for a used nonce.
    """
    model = catalogue.model(recipe.model)
    number = _next_number(account)
    cost = model.cost_credits(recipe.tier, recipe.count)
    if not credits.was_given(account, nonce):
        limits.refuse_over_own_limit(account, cost)
    limits.check(account)
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
        expected_s=reading.expected_s(model, recipe.tier),
    )
    credits.hold(generation)
    return generation


def _provenance(recipe: Recipe) -> dict[str, Any]:
    """Where it comes from: Look, earlier generation, reference."""
    look, lineage, reference = recipe.look, recipe.lineage, recipe.reference
    source = recipe.source
    return {
        "look": look and look.slug,
        "look_version": look and look.version,
        "slots": look and look.slots,
        "parent": lineage and lineage.parent,
        "parent_position": lineage and lineage.position,
        "origin": lineage and lineage.origin,
        "source": source and source.generation,
        "source_position": source and source.position,
        "sheet": recipe.sheet,
        "had_reference": reference is not None,
        "reference_file": reference and reference.file_id,
        "reference_url": reference and reference.url,
    }


def _next_number(account: Account) -> int:
    """The account's next frame number; also makes its submissions wait for each other, and
    a suspension or restriction counts from its own commit on. Raises `Refused`."""
    open_to_it = (Account.standing == Standing.ACTIVE) & Account.restricted_at.is_null()
    counted = list(
        Account.update(generations_made=Account.generations_made + 1)
        .where((Account.id == account.id) & open_to_it)
        .returning(Account.generations_made)
        .execute()
    )
    if not counted:
        limits.refuse_closed(Account.get_by_id(account.id))
    return int(counted[0].generations_made)
