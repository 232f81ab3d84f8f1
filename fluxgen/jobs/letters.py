"""What our mails say: one text a kind, and an HTML twin that is made from it.

`templates/mail/<kind>.txt` begins with `Subject: …`. Then come paragraphs with an empty line
between them, in the language that is spoken. Lines that begin with `- ` are a list; a paragraph `Words: https://…` is a button
in the twin. So the two can never say different things.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fluxgen import formats, language, settings, words
from fluxgen.adapters.mail import MARK, Letter
from fluxgen.outbox import Posting
from fluxgen.words import _

TEMPLATES = Path(__file__).parent.parent / "templates"
MARK_PNG = Path(__file__).parent.parent.parent / "static" / "icons" / "mark-on-film.png"
WIDTH = 72
BUTTON = re.compile(r"([^:\n]{2,60}): (https?://\S+)")


@dataclass(frozen=True)
class Block:
    """One part of a mail: a paragraph, a list of items, or a button that leads somewhere."""

    words: str = ""
    items: tuple[str, ...] = ()
    address: str = ""


@cache
def _environment(*, is_html: bool) -> Environment:
    """For the text, or for the frame of its twin."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words.into(environment, is_html=is_html)
    environment.globals["language"] = language.current
    environment.filters.update(day=_day, money=formats.money)
    return environment


def _day(written: str) -> str:
    """23 November 2026, of a day as a mail's facts have it."""
    return formats.full_day(date.fromisoformat(written))


@cache
def _mark() -> bytes:
    return MARK_PNG.read_bytes()


def kinds() -> list[str]:
    """Every kind of mail there is."""
    return sorted(path.stem for path in (TEMPLATES / "mail").glob("*.txt"))


def written(posting: Posting) -> Letter:
    """The letter of this mail."""
    subject, blocks = _read(_filled(posting.kind, posting.facts))
    chosen = settings.current()
    frame = _environment(is_html=True).get_template("mail/frame.html")
    html = frame.render(
        subject=subject,
        blocks=blocks,
        mark=f"cid:{MARK}",
        origin=chosen.origin,
        support_email=chosen.support_email,
    )
    text = "\n\n".join(_plain(block) for block in blocks) + _foot(chosen.support_email)
    return Letter(
        posting.message_name,
        posting.address,
        subject,
        text,
        html,
        _mark(),
        answers_to=chosen.support_email,
    )


def _filled(kind: str, facts: dict[str, Any]) -> str:
    """The kind's text with its facts, none of which brings lines of its own."""
    template = _environment(is_html=False).get_template(f"mail/{kind}.txt")
    return template.render(origin=settings.current().origin, **_one_line(facts))


def _one_line(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {name: _one_line(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_one_line(inner) for inner in value]
    return value


def _read(filled: str) -> tuple[str, list[Block]]:
    head, __, body = filled.strip().partition("\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
    return head.removeprefix("Subject:").strip(), [_block(part) for part in paragraphs]


def _block(part: str) -> Block:
    lines = [line.strip() for line in part.splitlines()]
    if all(line.startswith("- ") for line in lines):
        return Block(items=tuple(line.removeprefix("- ") for line in lines))
    said = " ".join(lines)
    if button := BUTTON.fullmatch(said):
        return Block(words=button[1], address=button[2])
    return Block(words=said)


def _plain(block: Block) -> str:
    if block.items:
        return "\n".join(_wrapped(item, "- ") for item in block.items)
    if block.address:
        return f"{block.words}:\n{block.address}"
    return _wrapped(block.words)


def _wrapped(said: str, bullet: str = "") -> str:
    return textwrap.fill(
        said,
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _foot(support_email: str) -> str:
    lines = ["", "", "-- ", "FluxGen", settings.current().origin]
    if support_email:
        lines.append(f"{_('Questions:')} {support_email}")
    return "\n".join(lines) + "\n"
