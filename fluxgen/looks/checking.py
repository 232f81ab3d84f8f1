"""What is wrong with the Looks' files, in lines that an editor can act on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fluxgen import catalogue
from fluxgen.errors import Refused
from fluxgen.looks import library
from fluxgen.looks.answers import defaults, variations
from fluxgen.looks.look import TEXT_MAX, Look, Status, compose
from fluxgen.looks.slots import MANY_MAX, ONE_OF, Kind, Slot, Values
from fluxgen.looks.template import Blank, blanks, parse

SAMPLES_MIN = 6
QUESTIONS = range(3, 7)
OPTIONS = range(3, 11)
STEPS = (3, 5)
TEXTS_MAX = 2
UNREADABLE = (KeyError, TypeError, ValueError, Refused)
HEX = re.compile(r"#[0-9a-f]{6}")
RATIO = re.compile(r"\d+:\d+")


def complaints(static: Path) -> list[str]:
    """Everything that is wrong, one line each; `static` is where the samples lie."""
    found = list(_register())
    for path in library.paths():
        name = f"{path.parent.name}/{path.stem}"
        try:
            look = library.load(path)
            found += [f"{name}: {words}" for words in _look(look, static)]
        except UNREADABLE as trouble:
            found.append(f"{name}: unreadable: {trouble!r}")
    return found


def _register() -> Iterator[str]:
    """Versions that went live are as they were, and one of each Look at most is live."""
    live: Counter[str] = Counter()
    for name, known in library.register().items():
        path = library.DATA / f"{name}.toml"
        live[name.partition("/")[0]] += known["status"] == Status.LIVE
        if not path.exists():
            yield f"{name}: went live and is gone"
        elif library.sha256(path) != known["sha256"]:
            yield f"{name}: went live and was changed since; make a new version instead"
    yield from (f"{slug}: {count} versions are live" for slug, count in live.items() if count > 1)


def _look(look: Look, static: Path) -> Iterator[str]:
    if look.job not in library.JOBS:
        yield f"nobody has the job {look.job}"
    if not look.ratios or not all(RATIO.fullmatch(ratio) for ratio in look.ratios):
        yield f"these are no shapes: {look.ratios}"
    yield from _questions(look)
    for slot in look.slots:
        yield from (f"slot {slot.name}: {words}" for words in _slot(slot))
    for template in (look.template, look.avoid, look.alt):
        yield from _template(look, template)
    yield from _texts(look)
    yield from _models(look)
    yield from _samples(look, static)


def _questions(look: Look) -> Iterator[str]:
    asked = [slot for slot in look.slots if slot.kind is not Kind.REFERENCE]
    texts = [slot for slot in asked if slot.kind is Kind.TEXT]
    if len(asked) not in QUESTIONS:
        yield f"asks {len(asked)} questions"
    if len(texts) > TEXTS_MAX or len([slot for slot in asked if slot.required]) == 0:
        yield f"has {len(texts)} texts; at most {TEXTS_MAX}, and one answer has to be required"
    doubled = [name for name, n in Counter(slot.name for slot in look.slots).items() if n > 1]
    yield from (f"two slots are called {name}" for name in doubled)
    if look.family_slot and look.family_slot not in {slot.name for slot in look.slots}:
        yield f"there is no slot {look.family_slot} for a family"


def _slot(slot: Slot) -> Iterator[str]:
    chooses = slot.kind in (*ONE_OF, Kind.MANY)
    if chooses and len(slot.options) not in OPTIONS:
        yield f"has {len(slot.options)} options"
    if slot.kind is Kind.AMOUNT and len(slot.options) not in STEPS:
        yield f"has {len(slot.options)} steps"
    if len({option.label for option in slot.options}) < len(slot.options):
        yield "two options have one name"
    if slot.kind is Kind.COLOUR and not all(option.hexes for option in slot.options):
        yield "a colour has no swatch"
    if not all(HEX.fullmatch(shade) for option in slot.options for shade in option.hexes):
        yield "a swatch is no #rrggbb"
    if slot.kind is Kind.TEXT and not slot.hint:
        yield "nothing shows the grammar"
    if slot.kind is Kind.TEXT and slot.required and not slot.examples:
        yield "shuffle has no example to draw"
    if (slot.kind is Kind.REFERENCE) != bool(slot.role) or bool(slot.role) != bool(slot.phrase):
        yield "a reference, and nothing else, has a role and a phrase"
    if slot.role and slot.role not in catalogue.ROLES:
        yield f"a reference cannot be a {slot.role}"


def _template(look: Look, template: str) -> Iterator[str]:
    slots = {slot.name: slot for slot in look.slots}
    for segment in parse(template):
        for part in segment.parts:
            if isinstance(part, Blank) and part.name not in slots:
                yield f"the template asks for {part.name}, which is no slot"
            elif isinstance(part, Blank) and _may_be_empty(slots[part.name]):
                if segment.is_optional:
                    continue
                yield f"{part.name} may be empty and stands outside of [ ]"


def _may_be_empty(slot: Slot) -> bool:
    if slot.kind in ONE_OF:
        return any(not option.phrase for option in slot.options)
    return not slot.required


def _texts(look: Look) -> Iterator[str]:
    """No text is too long, and every answer changes it."""
    usual = {slot.name: "x" for slot in look.slots if slot.required} | defaults(look)
    longest = len(compose(look, _longest(look)))
    if longest > TEXT_MAX:
        yield f"can become {longest} characters long; {TEXT_MAX} is the most"
    printed = {blank.name for blank in blanks(look.template)}
    for slot in look.slots:
        if slot.name not in printed:
            yield f"slot {slot.name}: its answer is never printed"
        elif slot.options:
            texts = {compose(look, values) for values in variations(look, usual, slot.name)}
            if len(texts) < len(slot.options):
                yield f"slot {slot.name}: two options make the same text"


def _longest(look: Look) -> Values:
    """The answers that make the longest text."""
    values: Values = {}
    for slot in look.slots:
        by_length = sorted(slot.options, key=lambda option: len(option.phrase), reverse=True)
        if slot.kind is Kind.REFERENCE:
            values[slot.name] = True
        elif slot.kind is Kind.MANY:
            values[slot.name] = [option.label for option in by_length[:MANY_MAX]]
        elif slot.kind is Kind.CHOICE_PLUS and len(by_length[0].phrase) < slot.max_length:
            values[slot.name] = {"other": "w" * slot.max_length}
        elif slot.options:
            values[slot.name] = slot.value(by_length[0].label)
        else:
            values[slot.name] = "w" * slot.max_length
    return values


def _models(look: Look) -> Iterator[str]:
    """Every tier's model is in the catalogue and can do what the Look asks of it."""
    letters = False
    for tier, slug in look.tiers.items():
        model = catalogue.load().models.get(slug)
        if model is None or tier not in model.offers:
            yield f"{slug} is not in the catalogue at {tier}"
            continue
        letters = letters or model.letters
        lacking = [ratio for ratio in look.ratios if ratio not in model.aspect_ratios]
        yield from (f"{slug} at {tier} does not make {ratio}" for ratio in lacking)
        if look.reference and not model.takes(look.reference.role):
            yield f"{slug} at {tier} takes no reference of a {look.reference.role}"
        if model.prompt_max is not None and model.prompt_max < TEXT_MAX:
            yield f"{slug} at {tier} reads {model.prompt_max} characters"
    if not letters and any(slot.kind is Kind.WORDS for slot in look.slots):
        yield "asks for lettering, and none of its models draws letters well"


def _samples(look: Look, static: Path) -> Iterator[str]:
    if len(look.samples) < SAMPLES_MIN:
        yield f"has {len(look.samples)} samples; {SAMPLES_MIN} is the least"
    for tier in look.tiers:
        if look.samples and tier not in {sample.tier for sample in look.samples}:
            yield f"has no sample at {tier}"
    for sample in look.samples:
        if sample.tier not in look.tiers or sample.aspect_ratio not in look.ratios:
            yield f"{sample.file}: this Look has no {sample.tier} at {sample.aspect_ratio}"
        elif not (static / sample.file).exists():
            yield f"{sample.file} is not there; make samples draws it"
