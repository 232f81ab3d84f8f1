"""Looks and their samples as the gallery and a Look's page show them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import url_for

from fluxgen import archive, catalogue, looks
from fluxgen.archive import Wanted
from fluxgen.errors import Refused
from fluxgen.looks import Look, Piece, Sample, Slot
from fluxgen.models import Generation
from fluxgen.partials import search
from fluxgen.partials.ratios import ratio_class
from fluxgen.words import _

STRIP = 3.6
"""How wide a strip of samples is at least, in heights."""

PAINTED_BY = "sandbox"
"""Says of a sample that no model made it."""


@dataclass(frozen=True)
class Answered:
    """A Look as one generation was made with it: its version, and each answer."""

    title: str
    version: int
    url: str
    answers: list[tuple[str, str]]
    others_url: str
    """Where other pictures of this Look are, each with what it changes."""
    sentence: list[Piece]
    """What was sent, the answers apart; empty where the words are not the Look's own any more."""
    ways: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """By its question, each answer and where what has it is found."""


def answered(generation: Generation) -> Answered | None:
    """The Look and the answers behind a generation; None where it was made from own words."""
    slug, version = generation.look, generation.look_version
    if slug is None or version is None:
        return None
    try:
        look = looks.find(slug, version)
    except Refused:  # gone for good: its words are still the record's prompt
        return None
    url = url_for("looks.show", slug=slug, version=version)
    others = url_for("history.compare", a=generation.public_id)
    slots = generation.slots or {}
    sent = _shown(looks.pieces(look, slots))
    return Answered(
        look.title,
        version,
        url,
        looks.explain(slug, version, slots),
        others,
        sent if "".join(piece.text for piece in sent) == generation.prompt else [],
        {slot.label: _ways(look, slot, slots.get(slot.name)) for slot in look.slots},
    )


def _ways(look: Look, slot: Slot, value: object) -> list[tuple[str, str]]:
    """Each answer to this question, and where what has the same one is found."""
    return [
        (
            words,
            search.HISTORY + search.query(Wanted(look=look.slug, answers=((slot.name, words),))),
        )
        for words in archive.answers(slot, value)
    ]


@dataclass(frozen=True)
class SampleTile:
    """One sample with its answers beneath."""

    look: Look
    sample: Sample
    number: int

    @property
    def id(self) -> str:
        return f"sample-{self.look.slug}-{self.number}"

    @property
    def file(self) -> str:
        return self.sample.file

    @property
    def width(self) -> int:
        return self.sample.size[0]

    @property
    def height(self) -> int:
        return self.sample.size[1]

    @property
    def aspect_ratio(self) -> str:
        return self.sample.aspect_ratio

    @property
    def ratio_class(self) -> str:
        return ratio_class(self.sample.aspect_ratio)

    @property
    def tier(self) -> str:
        return catalogue.tier_title(self.sample.tier)

    @property
    def is_painted(self) -> bool:
        """Whether the sandbox's painter made it, not a model."""
        return self.sample.made_by == PAINTED_BY

    @property
    def made_by(self) -> str:
        return _("painted") if self.is_painted else catalogue.model(self.sample.made_by).title

    @property
    def alt(self) -> str:
        words = looks.alt_text(self.look, self.sample.values)
        return _("Painted stand-in for: %(words)s", words=words) if self.is_painted else words

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was answered, question by question; none and nothing are left out."""
        values = self.sample.values
        return [
            (slot.label, slot.shown(values[slot.name]))
            for slot in self.look.slots
            if slot.phrases(values.get(slot.name))
        ]

    @property
    def url_look(self) -> str:
        return url_for("looks.show", slug=self.look.slug)

    @property
    def url_studio(self) -> str:
        return url_for("studio.show", look=self.look.slug, sample=self.number)


@dataclass(frozen=True)
class LookRow:
    """A Look in the gallery: what it is for, the least it costs, a strip of samples."""

    look: Look

    @property
    def id(self) -> str:
        return f"look-{self.look.slug}"

    @property
    def title(self) -> str:
        return self.look.title

    @property
    def promise(self) -> str:
        return self.look.promise

    @property
    def from_credits(self) -> int:
        return self.look.from_credits

    @property
    def questions(self) -> int:
        return len(questions(self.look))

    @property
    def url(self) -> str:
        return url_for("looks.show", slug=self.look.slug)

    @property
    def strip(self) -> list[SampleTile]:
        """The first samples, as many as a strip needs."""
        taken: list[SampleTile] = []
        wide = 0.0
        for tile in tiles(self.look):
            if wide < STRIP:
                taken.append(tile)
                wide += tile.width / tile.height
        return taken


def tiles(look: Look) -> list[SampleTile]:
    """All samples of a Look, counted from 1."""
    return [SampleTile(look, sample, number) for number, sample in enumerate(look.samples, 1)]


def questions(look: Look) -> list[Slot]:
    """What a Look asks; a reference picture is no question."""
    return [slot for slot in look.slots if not slot.role]


def sentence(look: Look) -> list[Piece]:
    """What the Look sends with the answers of its first sample, or with none."""
    values = look.samples[0].values if look.samples else looks.defaults(look)
    return _shown(looks.pieces(look, values))


def offers(look: Look) -> list[dict[str, object]]:
    """Each tier with its tested model, the seconds it takes and its price in credits."""
    return [
        {
            "tier": catalogue.tier_title(tier),
            "model": look.model(tier).title,
            "expected_s": look.model(tier).offers[tier].expected_s,
            "cost_credits": look.cost_credits(tier),
            "letters": look.letters_at(tier),
        }
        for tier in look.tiers
    ]


def _shown(pieces: list[Piece]) -> list[Piece]:
    """Those that say something."""
    return [piece for piece in pieces if not piece.is_blank]
