"""All Looks there are: `data/looks/<slug>/<version>.toml`, read once.

`versions.toml` beside them says which versions are live or retired and what their files' hashes
are; what it does not name is a draft. Samples lie apart (`samples-<version>.toml`), because
pictures can only be made once a version stands still.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from fluxgen.errors import Refused
from fluxgen.looks.answers import fields, read
from fluxgen.looks.look import Look, Sample, Status, compose
from fluxgen.looks.slots import Kind, Option, Slot, Values
from fluxgen.words import N_, _

DATA = Path(__file__).parent.parent / "data" / "looks"

JOBS = {
    "people": N_("People"),
    "things": N_("Things to sell"),
    "places": N_("Places"),
    "food": N_("Food"),
    "print": N_("Print"),
    "pattern": N_("Pattern"),
    "story": N_("Story"),
    "explain": N_("Explain"),
}
"""What people come for, in the gallery's order."""


def gallery() -> dict[str, list[Look]]:
    """The Looks on offer, by job; jobs without one are left out."""
    on_offer = offered()
    found = {job: [look for look in on_offer if look.job == job] for job in JOBS}
    return {job: looks for job, looks in found.items() if looks}


def offered() -> list[Look]:
    """The latest live version of each Look, in the order of jobs, then of titles."""
    latest: dict[str, Look] = {}
    for look in every():
        if look.status is Status.LIVE:
            latest[look.slug] = look
    jobs = list(JOBS)
    return sorted(latest.values(), key=lambda look: (jobs.index(look.job), look.title))


def find(slug: str, version: int | None = None) -> Look:
    """The latest live version, or exactly this one, retired or not. Raises `Refused`."""
    known = [look for look in every() if look.slug == slug and look.status is not Status.DRAFT]
    if version is not None:
        for look in known:
            if look.version == version:
                return look
        if known:
            raise Refused(_("We do not have that version of this Look."), "look_version")
    for look in reversed(known):
        if look.status is Status.LIVE:
            return look
    raise Refused(_("We do not have that Look. Choose one of these."), "look")


def explain(slug: str, version: int, values: Values) -> list[tuple[str, str]]:
    """What was answered, question by question, also of a retired version. Raises `Refused`."""
    look = find(slug, version)
    return [(slot.label, slot.shown(values.get(slot.name))) for slot in look.slots]


def can_show(slug: str, version: int, values: Values) -> bool:
    """Whether these answers can be shown and asked about again; a Look that we do not know asks
    nothing."""
    try:
        look = find(slug, version)
    except Refused:
        return True
    try:
        explain(slug, version, values)
        fields(look, values)
        compose(look, values)
    except (Refused, AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


@cache
def every() -> tuple[Look, ...]:
    """Every version there is, drafts too, by slug and version."""
    return tuple(load(path) for path in paths())


def paths() -> list[Path]:
    """The versions' files, by slug and version."""
    found = [path for path in DATA.glob("*/*.toml") if path.stem.isdecimal()]
    return sorted(found, key=lambda path: (path.parent.name, int(path.stem)))


def source(slug: str, version: int) -> bytes | None:
    """The file of a version, if it is among ours."""
    for path in paths():
        if (path.parent.name, path.stem) == (slug, str(version)):
            return path.read_bytes()
    return None


def sha256(path: Path) -> str:
    """The hash by which a version that went live is known."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def register() -> dict[str, dict[str, Any]]:
    """`status` and `sha256` of every version that ever went live, by `<slug>/<version>`."""
    return _toml(DATA / "versions.toml")


def load(path: Path) -> Look:
    """One version from its file. Raises `KeyError`, `TypeError`, `ValueError`, `Refused`."""
    row = _toml(path)
    slug, version = path.parent.name, int(path.stem)
    known = register().get(f"{slug}/{version}", {})
    look = Look(
        slug=slug,
        version=version,
        status=Status(known.get("status", "draft")),
        slots=tuple(_slot(slot) for slot in row.pop("slots")),
        ratios=tuple(row.pop("ratios")),
        **row,
    )
    return Look(**{**vars(look), "samples": tuple(_samples(look, path))})


def _slot(row: dict[str, Any]) -> Slot:
    options = tuple(
        Option(label, phrase, tuple(hexes)) for label, phrase, *hexes in row.pop("options", [])
    )
    examples = tuple(row.pop("examples", ()))
    return Slot(kind=Kind(row.pop("type")), options=options, examples=examples, **row)


def _samples(look: Look, path: Path) -> list[Sample]:
    beside = path.with_name(f"samples-{look.version}.toml")
    if not beside.exists():
        return []
    data = _toml(beside)
    return [
        Sample(
            file=f"looks/{look.slug}-{look.version}-{number}.webp",
            values=_answers(look, row["answers"]),
            tier=row["tier"],
            aspect_ratio=row.get("aspect_ratio", look.ratios[0]),
            seed=row["seed"],
            made_by=data["made_by"],
        )
        for number, row in enumerate(data["samples"], start=1)
    ]


def _answers(look: Look, answers: dict[str, Any]) -> Values:
    """The answers of a sample; where the Look needs a picture, the editor had one."""
    needs = look.reference is not None and look.reference.required
    return read(look, _form(answers), has_reference=needs, is_vouched=True)


def _form(answers: dict[str, Any]) -> dict[str, list[str]]:
    """Answers as a form would send them; what is not named keeps its default."""
    return {
        f"slot.{name}": value if isinstance(value, list) else [value]
        for name, value in answers.items()
    }


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
