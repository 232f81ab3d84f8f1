"""The one door through which words reach people: `_` and `ngettext`, in the language that is spoken.

Named facts fill the places of a sentence; whole numbers among them are written as the language does.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment
from markupsafe import Markup, escape

from fluxgen import formats, language

NAMES = frozenset({"id", "name", "version", "year"})
"""Facts that may be made of digits and yet are no quantity."""


def _(words: str, /, **facts: object) -> str:
    """The sentence in the language spoken, with these facts in their places."""
    said = language.current().sentence(words)
    return said % _written(facts) if facts else said


def ngettext(one: str, many: str, num: int, /, **facts: object) -> str:
    """The form of a sentence that goes with this number, which is a fact called `num`."""
    said = language.current().sentences.ngettext(one, many, num)
    return said % _written({"num": num, **facts})


def N_(words: str, /) -> str:
    """Words in a table, there to be found by `make messages`; whoever shows them says `_` to them."""
    return words


def into(environment: Environment, *, is_html: bool = True) -> None:
    """Templates say `_`, `ngettext` and `{% trans %}`.

    Jinja's own functions cost a page of pictures a third of its time.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    one, of_number = (_on_page, _of_number_on_page) if is_html else (_in_text, _of_number_in_text)
    environment.globals.update({"_": one, "gettext": one, "ngettext": of_number})


def _on_page(words: str, /, **facts: object) -> Markup:
    """As `_`: what translators wrote is ours, what comes from people is escaped."""
    spoken = language.current()
    bare = spoken.bare.get(words)
    if bare is not None:
        return bare
    said = spoken.sentence(words)
    if "%" in said:
        return Markup(said % _escaped(facts))
    spoken.bare[words] = Markup(said)
    return spoken.bare[words]


def _of_number_on_page(one: str, many: str, num: int, /, **facts: object) -> Markup:
    """As `ngettext`, the same way."""
    said = language.current().sentences.ngettext(one, many, num)
    return Markup(said % _escaped({"num": num, **facts}))


def _in_text(words: str, /, **facts: object) -> str:
    """As `_`; in templates "%%" is one "%", facts or not."""
    said = language.current().sentence(words)
    return said % _written(facts) if "%" in said else said


def _of_number_in_text(one: str, many: str, num: int, /, **facts: object) -> str:
    return ngettext(one, many, num, **facts)


def _written(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: formats.number(fact) if type(fact) is int and name not in NAMES else fact
        for name, fact in facts.items()
    }


def _escaped(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: escape(fact)
        if type(fact) is not int
        else fact
        if name in NAMES
        else formats.number(fact)
        for name, fact in facts.items()
    }
