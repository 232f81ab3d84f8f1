"""The offline archive: pages that open by double-click, ask nobody for anything, and need no script."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

import fluxgen
from fluxgen import catalogue, exports, formats, language, looks
from fluxgen import words as said
from fluxgen.errors import Refused
from fluxgen.jobs.exports.writing import Writing
from fluxgen.models import Account, Entry
from fluxgen.words import N_, _

PAGE = 60
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
HOUSE = Path(fluxgen.__file__).parent
DATA = HOUSE / "data" / "export"
FONTS = HOUSE.parent / "static" / "fonts"
VOICES = ("instrument-sans", "instrument-sans-condensed", "newsreader", "martian-mono")
FONT_FILES = tuple(f"{voice}{part}.woff2" for voice in VOICES for part in ("", "-accented"))
MOVEMENTS = {
    "grant": N_("Given"),
    "buy": N_("Bought"),
    "hold": N_("Set aside"),
    "capture": N_("Charged"),
    "release": N_("Given back"),
    "reverse": N_("Taken back"),
    "restore": N_("Restored"),
}
WHY_MISSING = {
    "missing": N_("When this archive was made, its file was not in our store any more."),
    "damaged": N_("When this archive was made, its file was not what we had stored."),
    "unreadable": N_("When this archive was made, our store did not give it out."),
}

STANDINGS = {
    "created": N_("waiting for payment"),
    "open": N_("waiting for payment"),
    "processing": N_("payment under way"),
    "paid": N_("paid"),
    "failed": N_("not paid"),
    "expired": N_("run out"),
    "cancelled": N_("cancelled"),
}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HOUSE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        when=when,
        day=day,
        number=formats.number,
        size=formats.size,
        words=words,
        money=formats.money,
        shown=shown,
    )
    environment.globals.update(
        why_missing=WHY_MISSING,
        movements=MOVEMENTS,
        standings=STANDINGS,
        language=language.current,
    )
    said.into(environment)
    return environment


def rendered(template: str, **given: Any) -> str:
    """A page of the archive."""
    return _environment().get_template(template).render(**given)


def furniture(writing: Writing) -> None:
    """What every page needs: style and typefaces."""
    writing.file("archive/archive.css", (DATA / "archive.css").read_bytes())
    for name in FONT_FILES:
        writing.file(f"archive/{name}", (FONTS / name).read_bytes(), packed=False)


def add(writing: Writing, row: dict[str, Any]) -> None:
    """A generation with pictures, for the page that is being filled."""
    look = row["look"] and _look(row)
    kept: tuple[str, ...] = (
        "number",
        "prompt",
        "aspect_ratio",
        "seed",
        "cost_credits",
        "charged_credits",
    )
    kept += ("created_at", "finished_at", "favourite_at", "origin", "had_reference")
    figure = {name: row[name] for name in kept}
    figure |= {
        "model": _model(row["model"]),
        "tier": _tier(row["tier"]),
        "look": look,
        "images": [{**image, "alt": image.get("alt") or row["prompt"]} for image in row["images"]],
    }
    state = writing.state
    state.figures.append(figure)
    month = formats.month(datetime.fromisoformat(row["created_at"]))
    page = state.page + (len(state.figures) - 1) // PAGE
    if not state.months or state.months[-1][0] != month:
        state.months.append((month, page, 0))
    name, first, count = state.months[-1]
    state.months[-1] = (name, first, count + len(row["images"]))


def turn(writing: Writing, account: Account) -> None:
    """Write the pages that are full and are followed by another one."""
    while len(writing.state.figures) > PAGE:
        _page(writing, account, is_last=False)


def last(writing: Writing, account: Account) -> None:
    """The last page of pictures, or the first of an archive without any."""
    _page(writing, account, is_last=True)


def _page(writing: Writing, account: Account, *, is_last: bool) -> None:
    state = writing.state
    text = rendered(
        "export/pictures.html",
        root="" if state.page == 1 else "../",
        here="pictures",
        figures=state.figures[:PAGE],
        page=state.page,
        newer=page_name(state.page - 1) if state.page > 1 else None,
        older=None if is_last else page_name(state.page + 1),
        account=account,
        total=exports.pictures_of(account.id, state.top),
        generations=exports.counted(account),
        made_at=state.made_at,
    )
    writing.file(page_name(state.page), text.encode())
    state.figures = state.figures[PAGE:]
    state.page += 1


def page_name(page: int) -> str:
    """Where a page of pictures is; the first is the one to open."""
    return "index.html" if page == 1 else f"archive/pictures-{page}.html"


def statement(writing: Writing, rows: list[Entry], *, is_last: bool) -> None:
    """A page of the statement."""
    state = writing.state
    state.statement_pages += 1
    page = state.statement_pages
    text = rendered(
        "export/statement.html",
        root="../",
        here="statement",
        entries=rows,
        earlier=statement_name(page - 1) if page > 1 else None,
        later=None if is_last else statement_name(page + 1),
    )
    writing.file(statement_name(page), text.encode())


def statement_name(page: int) -> str:
    """Where a page of the statement is."""
    return "archive/statement.html" if page == 1 else f"archive/statement-{page}.html"


def records(heading: str | None, rows: list[dict[str, Any]]) -> str:
    """Rows of any table, as a table."""
    return rendered("export/table.html", heading=heading, rows=rows)


def _look(row: dict[str, Any]) -> dict[str, Any]:
    """The Look's name and what was answered; the bare facts where we do not know it any more."""
    slug, version, found = row["look"], row["look_version"], row["slots"]
    slots = found if isinstance(found, dict) else {}
    try:
        title = looks.find(slug, version).title
        answers = looks.explain(slug, version, slots)
    except (Refused, KeyError, TypeError, ValueError):
        title, answers = slug, [(name, str(value)) for name, value in slots.items()]
    return {"title": title, "version": version, "answers": [list(pair) for pair in answers]}


def _model(slug: str) -> str:
    found = catalogue.find(slug)
    return found.title if found else slug


def _tier(slug: str) -> str:
    try:
        return catalogue.tier_title(slug)
    except KeyError:
        return slug


def when(moment: str | datetime) -> str:
    """23 November 2026, 09:31 UTC."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return _("%(day)s, %(time)s UTC", day=day(at), time=formats.time_of_day(at))


def day(moment: str | datetime) -> str:
    """23 November 2026."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return formats.full_day(at)


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return when(value)
    return str(value)


def words(name: str) -> str:
    """`created_at` as "created at"."""
    return name.replace("_", " ")
