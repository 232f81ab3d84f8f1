"""What was chosen and typed so far, and how it is shown."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from fluxgen import catalogue, looks, typed
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused
from fluxgen.generations.submission import PROMPT_MAX, SEED_MAX, Filled, Recipe
from fluxgen.looks import Look, Piece, Values
from fluxgen.models import Account
from fluxgen.partials import drafts, reference
from fluxgen.partials.compose import choices
from fluxgen.partials.compose.slots import SlotView, named_pieces, slot_views
from fluxgen.presentation import plural
from fluxgen.words import _

DRAFT_FIELDS = (
    *("prompt", "look", "look_version", "slots", "locked"),
    *("model", "tier", "aspect_ratio", "count", "seed", "parent", "origin", "position"),
    *("reference_from", "lost_reference"),
)
DIGITS_MAX = 20
PLACED = frozenset({"look", "tier", "aspect_ratio", "count", "seed", "shuffle", "working_copy"})
OF_WORDS = frozenset({"prompt", "model"})
"""The fields that show their own words, the second only without a Look; slots do, too. What is
refused elsewhere stands on top."""


@dataclass(frozen=True)
class Form:
    """The form as it stands. With a Look, its slots are asked instead of the prompt.

    What was said about a person in a reference image holds for that image: it is not kept,
    and shown again only beside the same picture; that there is one, also beside the next.

    `slots` are the fields `slot.<name>` as sent; `locked` names slots that shuffling leaves
    alone. `shown_credits` is the price that the button said. `parent`, `origin` and `position`
    say which generation this comes of, and how; `reference_from` which of the person's own
    pictures is the reference image, `sent` the generation that was just made of this form.
    """

    prompt: str = ""
    look: str = ""
    look_version: str = ""
    slots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    locked: Sequence[str] = ()
    shuffle: str = ""
    shuffled: str = ""
    model: str = catalogue.DEFAULT_MODEL
    tier: str = catalogue.DEFAULT_TIER
    aspect_ratio: str = catalogue.DEFAULT_ASPECT_RATIO
    count: int = 1
    seed: str = ""
    has_reference: bool = False
    reference_person: str = ""
    lost_reference: bool = False
    reference_from: str = ""
    parent: str = ""
    origin: str = ""
    position: str = ""
    shown_credits: str = ""
    sent: str = ""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    available_credits: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    short_by: int = 0

    prompt_max = PROMPT_MAX
    seed_max = SEED_MAX

    @cached_property
    def chosen_look(self) -> Look | None:
        """The Look whose slots are filled, if there is one. Raises `Refused`."""
        if not self.look:
            return None
        if self.look_version and not is_number(self.look_version):
            raise Refused(_("We do not have that version of this Look."), "look_version")
        return looks.find(self.look, int(self.look_version) if self.look_version else None)

    @property
    def chosen(self) -> catalogue.ImageModel:
        """The model: the one chosen, or the one the Look was tested on at this tier."""
        look = self.chosen_look
        return look.model(self.tier) if look else catalogue.model(self.model)

    @property
    def looks(self) -> list[dict[str, Any]]:
        return choices.looks(self.look)

    @property
    def families(self) -> list[dict[str, Any]]:
        return choices.families(self.model)

    @cached_property
    def tiers(self) -> list[dict[str, Any]]:
        return choices.tiers(self.chosen_look, self.chosen, self.tier)

    @property
    def aspect_ratios(self) -> list[dict[str, Any]]:
        offered = self._shapes(has_reference=self.has_reference)
        return choices.aspect_ratios(offered, self.aspect_ratio)

    def _shapes(self, *, has_reference: bool) -> tuple[str, ...]:
        return choices.shapes(self.chosen_look, self.chosen, has_reference=has_reference)

    @property
    def counts(self) -> list[dict[str, Any]]:
        return choices.counts(self.chosen, self.count)

    @property
    def slot_views(self) -> list[SlotView]:
        """The Look's questions, with what was answered."""
        look = self.chosen_look
        return slot_views(look, self.slots, self.locked, self.errors) if look else []

    @property
    def reference(self) -> reference.ReferenceField | None:
        """The reference image's field; None where such an image is of no use."""
        is_same = bool(self.reference_from) and not self.lost_reference
        is_careful = self.lost_reference and self.reference_person == "yes"
        said = self.slots if is_same else {}
        return reference.field(
            self.chosen,
            self.chosen_look,
            self.errors,
            ticked={name for name, given in said.items() if "yes" in given},
            person=self.reference_person if is_same or is_careful else "",
            was_sent=self.lost_reference,
            own=self.reference_from,
        )

    @property
    def unused_reference(self) -> str:
        """What makes nothing of the reference image that there is, by its title; else empty."""
        if not self.has_reference or self.reference is not None:
            return ""
        return self.chosen_look.title if self.chosen_look else self.chosen.title

    @property
    def own_reference(self) -> str:
        """The name of the person's own picture as it is sent: not to a model without use for it."""
        is_of_use = self.chosen_look is not None or self.chosen.reference is not None
        return self.reference_from if is_of_use else ""

    @property
    def written(self) -> dict[str, str]:
        """What was written, by field, the text that comes of it as the prompt."""
        answers = {name: " ".join(given) for name, given in self.slots.items()} if self.look else {}
        return {**answers, "prompt": self.text}

    @property
    def values(self) -> Values:
        """The Look's answers, what does not fit replaced by what does."""
        look = self.chosen_look
        return looks.fill(look, self.slots, has_reference=self.has_reference) if look else {}

    @property
    def pieces(self) -> list[Piece]:
        """Exactly what will be sent, piece by piece; a blank one is named after its slot."""
        look = self.chosen_look
        return named_pieces(look, self.values) if look else []

    @property
    def text(self) -> str:
        """The same in one."""
        look = self.chosen_look
        return looks.compose(look, self.values) if look else self.prompt

    @property
    def cost_credits(self) -> int:
        return self.chosen.cost_credits(self.tier, self.count)

    @property
    def expected_s(self) -> int:
        """Seconds, as the chosen tier says it."""
        return int(next(tier["expected_s"] for tier in self.tiers if tier["checked"]))

    @property
    def promise(self) -> str:
        """What the chosen model promises at this tier."""
        return catalogue.tier_promise(self.chosen, self.tier)

    @property
    def summary(self) -> str:
        tier = catalogue.tier_title(self.tier)
        pictures = plural(self.count, "picture")
        shape = choices.ratio_title(self.aspect_ratio)
        return f"{self.chosen.title} · {tier} · {shape} · {pictures}"

    @property
    def placeless(self) -> list[str]:
        """Words about fields that have no place of their own to show them."""
        asked = {view.field for view in self.slot_views} if self.look else OF_WORDS
        placed = PLACED | asked | (reference.PLACES if self.reference else set())
        return [words for name, words in self.errors.items() if name not in placed]

    def refuse_another_price(self) -> None:
        """Raises `PriceChanged` where the button said another price; `Refused` without a model."""
        offers, count = self.chosen.offers, self.count
        if not self.shown_credits or self.tier not in offers:
            return
        if self.shown_credits != str(self.cost_credits) and 0 < count <= self.chosen.max_count:
            raise PriceChanged(self.shown_credits, self.cost_credits)

    def recipe(self, *, has_reference: bool = False) -> Recipe:
        """What is asked for. Raises `Refused` naming the first field that does not fit."""
        if self.seed.isdecimal() and len(self.seed) > DIGITS_MAX:
            raise Refused(_("A seed is a number from 0 to %(most)s.", most=SEED_MAX), "seed")
        if self.seed and not is_number(self.seed):
            raise Refused(
                _("A seed is a whole number. Write digits only, or leave it empty."), "seed"
            )
        keeps_shape = has_reference and self._shapes(has_reference=True) == (catalogue.MATCH,)
        recipe = Recipe(
            prompt=self.prompt,
            model=self.model,
            tier=self.tier,
            aspect_ratio=catalogue.MATCH if keeps_shape else self.aspect_ratio,
            count=self.count,
            seed=int(self.seed) if self.seed else None,
        )
        look = self.chosen_look
        if look is None:
            return recipe
        model = look.model(self.tier).slug
        values = looks.read(look, self.slots, tier=self.tier, has_reference=has_reference)
        return replace(recipe, model=model, look=Filled(look.slug, look.version, values))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed or chosen that would be a pity to lose."""
        return typed.is_blank(self.prompt) and not self.look

    @property
    def draft(self) -> dict[str, Any]:
        """What has to be kept to show this form again later."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in DRAFT_FIELDS}
        kept |= {"slots": reference.without_ticks(self.slots), "locked": list(self.locked)}
        return {name: drafts.storable(value) for name, value in kept.items()}

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        kept = self.draft
        slots, locked, lost = (kept.pop(name) for name in ("slots", "locked", "lost_reference"))
        return [
            *((name, str(value)) for name, value in kept.items() if value),
            *((name, value) for name, values in slots.items() for value in values),
            *(("locked", name) for name in locked),
            *([("lost_reference", "yes")] if lost else []),
        ]

    @property
    def missing_credits(self) -> int:
        """How many more this takes than there are."""
        return max(self.short_by, self.cost_credits - self.available_credits, 0)

    @property
    def suggested_pack(self) -> catalogue.Pack:
        """The smallest pack that suffices."""
        return catalogue.smallest_pack(self.missing_credits)

    def refused(self, refusal: Refused) -> Form:
        """The same form with words at the field that does not fit."""
        short_by = refusal.missing if isinstance(refusal, InsufficientCredits) else 0
        return replace(self, errors={refusal.field: refusal.words}, short_by=short_by)

    def emptied(self, account: Account, sent: str) -> Form:
        """The form for the next picture after `sent`: the same choices and Look, no prompt, a new
        nonce, and nothing said about who is in a reference image."""
        return replace(
            self,
            prompt="",
            sent=sent,
            slots=reference.without_ticks(self.slots),
            reference_person="",
            parent="",
            origin="",
            position="",
            nonce=secrets.token_urlsafe(16),
            available_credits=account.available,
            errors={},
            short_by=0,
            lost_reference=False,
        )


def is_number(written: str) -> bool:
    """Whether this is a whole number of a length that is worth reading."""
    return written.isdecimal() and len(written) <= DIGITS_MAX
