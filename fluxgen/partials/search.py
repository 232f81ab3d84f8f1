"""What somebody looks for in the archive: read from an address, written into one, said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from fluxgen import catalogue, formats, looks
from fluxgen.archive import ENDED, NUMBER_MAX, Wanted, collections
from fluxgen.errors import Refused
from fluxgen.looks import Kind, Look, Slot
from fluxgen.models import Collection
from fluxgen.presentation import current_account
from fluxgen.words import N_, _

HISTORY = "/history"
ANSWERS_MAX = 12
WORDS_MAX = 400
STATUSES = {
    ENDED: N_("Did not develop"),
    "blocked": N_("Blocked"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Failed"),
}
"""What may be looked for instead of pictures."""
ONE_ANSWER = (Kind.CHOICE, Kind.CHOICE_PLUS, Kind.COLOUR, Kind.AMOUNT, Kind.MANY)
"""Slots whose answers can be chosen from a list."""


@dataclass(frozen=True)
class Chip:
    """One thing that is looked for, in words, and the way to looking for the rest."""

    words: str
    url: str


@dataclass(frozen=True)
class Question:
    """A question of the chosen Look, the answers that can be looked for, and the one that is."""

    name: str
    label: str
    answers: list[str]
    chosen: str


def read(args: MultiDict[str, str]) -> Wanted:
    """What an address asks for; what makes no sense in it is left out."""
    pairs = (written.partition(":") for written in args.getlist("slot")[:ANSWERS_MAX])
    asks = _questions(args.get("look", ""))
    return Wanted(
        words=args.get("q", "").replace("\0", " ").strip()[:WORDS_MAX],
        look=args.get("look", "")[:60],
        answers=tuple(
            (name[:40], answer[:200])
            for name, __, answer in pairs
            if name and answer and (asks is None or name in asks)
        ),
        model=args.get("model", "")[:60],
        tier=args.get("tier", "")[:20],
        since=_date(args.get("from", "")),
        until=_date(args.get("to", "")),
        favourite=bool(args.get("favourite")),
        collection=args.get("collection", "").replace("\0", "")[:22],
        reference=bool(args.get("reference")),
        status=status if (status := args.get("status", "")) in STATUSES else "",
    )


def after(args: MultiDict[str, str]) -> int | None:
    """The number below which the page begins, where the address says a possible one."""
    return args.get("after", type=_number)


def query(wanted: Wanted, **more: object) -> str:
    """The same as an address says it, from "?" on, or nothing."""
    said: list[tuple[str, object]] = [
        ("q", wanted.words),
        ("look", wanted.look),
        *(("slot", f"{name}:{answer}") for name, answer in wanted.answers),
        ("model", wanted.model),
        ("tier", wanted.tier),
        ("from", wanted.since or ""),
        ("to", wanted.until or ""),
        ("favourite", "yes" if wanted.favourite else ""),
        ("collection", wanted.collection),
        ("reference", "yes" if wanted.reference else ""),
        ("status", wanted.status),
        *more.items(),
    ]
    written = urlencode([(name, value) for name, value in said if value], errors="replace")
    return f"?{written}" if written else ""


def chips(wanted: Wanted) -> list[Chip]:
    """Everything looked for, each with the way to the rest."""
    return [Chip(words, HISTORY + query(rest)) for words, rest in without(wanted)]


def without(wanted: Wanted) -> Iterator[tuple[str, Wanted]]:
    """Each thing looked for in words, and what is left without it."""
    for name in wanted.named:
        if name == "answers":
            for pair in wanted.answers:
                rest = tuple(other for other in wanted.answers if other != pair)
                label = _label(wanted.look, pair[0])
                said = _("%(question)s: %(answer)s", question=label, answer=pair[1])
                yield said, replace(wanted, answers=rest)
        else:
            rest_ = wanted.without(name)
            yield _said(name, wanted), replace(rest_, answers=()) if name == "look" else rest_


def questions(wanted: Wanted) -> list[Question]:
    """The questions of the chosen Look: those whose answers can be chosen from a list, and those
    whose written answer is looked for."""
    look = _look(wanted.look)
    return [
        Question(slot.name, slot.label, answers, chosen)
        for slot in (look.slots if look else ())
        for chosen in [dict(reversed(wanted.answers)).get(slot.name, "")]
        if (answers := _answers(slot, chosen))
    ]


def _answers(slot: Slot, chosen: str) -> list[str]:
    listed = [option.label for option in slot.options] if slot.kind in ONE_ANSWER else []
    return listed if not chosen or chosen in listed else [*listed, chosen]


def kept(wanted: Wanted) -> list[str]:
    """Answers looked for that no field shows, as an address says them: they stay."""
    shown = {(question.name, question.chosen) for question in questions(wanted)}
    return [f"{name}:{answer}" for name, answer in wanted.answers if (name, answer) not in shown]


def filters(wanted: Wanted, own: Sequence[Collection]) -> dict[str, Any]:
    """The filters as they are set, and what they offer, the account's own collections among it:
    nothing that is looked for is missing."""
    known = catalogue.load()
    models = (*known.models.items(), (known.upscaler.slug, known.upscaler))
    lists = {
        "look": [(look.slug, look.title) for look in looks.offered()],
        "model": [(slug, model.title) for slug, model in models],
        "tier": [(slug, tier.title) for slug, tier in known.tiers.items()],
        "collection": [(each.public_id, each.name) for each in own],
    }
    for name, offered in lists.items():
        chosen = getattr(wanted, name)
        if chosen and chosen not in dict(offered):
            offered.append((chosen, _said(name, wanted)))
    return {
        "wanted": wanted,
        "questions": questions(wanted),
        "kept": kept(wanted),
        "statuses": [("", _("Finished")), *((name, _(said)) for name, said in STATUSES.items())],
        "lists": lists,
    }


def _said(name: str, wanted: Wanted) -> str:
    match name:
        case "words":
            return _("“%(words)s”", words=wanted.words)
        case "look":
            look = _look(wanted.look)
            return look.title if look else wanted.look
        case "model":
            model = catalogue.find(wanted.model)
            return model.title if model else wanted.model
        case "tier":
            tier = catalogue.load().tiers.get(wanted.tier)
            return tier.title if tier else wanted.tier
        case "since":
            return _("From %(day)s", day=formats.day(wanted.since)) if wanted.since else ""
        case "until":
            return _("Until %(day)s", day=formats.day(wanted.until)) if wanted.until else ""
        case "favourite":
            return _("Favourites")
        case "collection":
            found = collections.find(current_account(), wanted.collection)
            return (
                _("In “%(name)s”", name=found.name) if found else _("In a collection that is gone")
            )
        case "reference":
            return _("With reference")
        case _:
            return _(STATUSES[wanted.status])


def _label(look_slug: str, name: str) -> str:
    look = _look(look_slug)
    labels = {slot.name: slot.label for slot in look.slots} if look else {}
    return labels.get(name, name)


def _questions(look_slug: str) -> set[str] | None:
    """What any version of this Look asks: answers to another's stay behind when a Look is chosen."""
    versions = [look for look in looks.every() if look.slug == look_slug]
    return {slot.name for look in versions for slot in look.slots} if versions else None


def _look(slug: str) -> Look | None:
    try:
        return looks.find(slug) if slug else None
    except Refused:
        return None


def _date(written: str) -> date | None:
    """A day as a date field says it, or None."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _number(written: str) -> int:
    """A generation's number as an address says it. Raises `ValueError` where none can be."""
    number = int(written)
    if not 0 < number <= NUMBER_MAX:
        raise ValueError(written)
    return number
