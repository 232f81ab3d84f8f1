"""A language that is spoken is whole, and what is collected for translators can be translated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import fluxgen
from benchmarks import messages
from fluxgen import presentation
from fluxgen.translation import LANGUAGES

HOUSE = Path(fluxgen.__file__).parent
PLACES = re.compile(r"%\((\w+)\)s|</?\w+|%%")
COUNTS = re.compile(r"""\|plural\((?:"|')([^"']+)""")
COUNTED_PLACES = {"%(num)s", "%(count)s"}
DOORS = {"_", "N_", "ngettext"}


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages.template()


def parts(sentence: str) -> list[str]:
    """What a translation must have, too: facts and tags."""
    return sorted(found[0] for found in PLACES.finditer(sentence))


def faults(wanted: Catalog, translated: Catalog) -> Iterator[str]:
    """What is wrong with a language: one line each."""
    for message in wanted:
        own = translated.get(message.id) if message.id else None
        if not message.id:
            continue
        if own is None or not own.string or not all(_forms(own)):
            yield f"not translated: {message.id}"
        elif own.fuzzy:
            yield f"doubtful: {message.id}"
        elif any(parts(form) != parts(_many(message)) for form in _forms(own)[-1:]):
            yield f"without its names or tags: {message.id}"


def _forms(message: Message) -> list[str]:
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def _many(message: Message) -> str:
    return str(message.id[-1] if isinstance(message.id, tuple) else message.id)


@pytest.mark.parametrize("name", LANGUAGES[1:])
def test_a_language_that_is_spoken_is_whole(name: str, template: Catalog) -> None:
    folder = messages.TRANSLATIONS / name / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as file:
        assert list(faults(template, read_po(file, locale=name))) == []
    assert (folder / "messages.mo").stat().st_size > 0


def test_a_language_that_is_not_whole_is_refused() -> None:
    wanted, translated = Catalog(locale="eo"), Catalog(locale="eo")
    for one in ("Saved.", "Picture %(name)s", 'See <a href="%(url)s">it</a>', "Kept.", "Gone."):
        wanted.add(one)
    wanted.add(("%(num)s day", "%(num)s days"))
    translated.add("Saved.", "Konservita.")
    translated.add("Picture %(name)s", "Bildo %(nomo)s")
    translated.add('See <a href="%(url)s">it</a>', "Vidu %(url)s")
    translated.add("Kept.", "Tenita.", flags=["fuzzy"])
    translated.add(("%(num)s day", "%(num)s days"), ("%(num)s tago", ""))
    assert [fault.partition(":")[0] for fault in faults(wanted, translated)] == [
        *("without its names or tags", "without its names or tags"),
        *("doubtful", "not translated", "not translated"),
    ]


def test_what_is_collected_can_be_translated(template: Catalog) -> None:
    sentences = [message for message in template if message.id]
    assert len(sentences) > 1000
    for message in sentences:
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in map(str, forms):
            assert form == form.strip() and not re.search(r"%[^(%]|\{\{|  ", form), form


def test_what_counts_has_a_form_for_each_number(template: Catalog) -> None:
    """`ngettext` or `pluralize`, not one sentence around whatever number."""
    counting = [
        message.id
        for message in template
        if isinstance(message.id, str) and COUNTED_PLACES & set(parts(message.id))
    ]
    assert counting == []


def test_no_sentence_is_put_together_before_it_is_translated() -> None:
    """An f-string, or a sum of strings, is never in a catalogue."""
    wrong = []
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            built = any(isinstance(given, ast.JoinedStr | ast.BinOp) for given in node.args)
            if built and node.func.id in DOORS:
                wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_everything_that_pages_count_has_its_words() -> None:
    counted = {
        what
        for path in (HOUSE / "templates").rglob("*.html")
        for what in COUNTS.findall(path.read_text())
    }
    assert counted and counted <= presentation.COUNTED.keys()
