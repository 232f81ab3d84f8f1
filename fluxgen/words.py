"""The one door through which words reach people: `_` and `ngettext`, in the language that is spoken.

Named facts fill the places of a sentence; whole numbers among them are written as the language does.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from fluxgen import formats, language

NAMES = frozenset({"id", "name", "version", "year"})
"""Facts that may be made of digits and yet are no quantity."""


def _(words: str, /, **facts: object) -> str:
    """The sentence in the language spoken, with these facts in their places."""
    said = language.current().sentences.gettext(words)
    return said % _written(facts) if facts else said


def ngettext(one: str, many: str, num: int, /, **facts: object) -> str:
    """The form of a sentence that goes with this number, which is a fact called `num`."""
    said = language.current().sentences.ngettext(one, many, num)
    return said % _written({"num": num, **facts})


def N_(words: str, /) -> str:
    """Words in a table, there to be found by `make messages`; whoever shows them says `_` to them."""
    return words


def into(environment: Environment) -> None:
    """Templates say `_`, `ngettext` and `{% trans %}`."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(
        {"_": _in_template, "gettext": _in_template, "ngettext": _of_number_in_template}
    )


@pass_eval_context
def _in_template(reading: EvalContext, words: str, /, **facts: object) -> str:
    """As `_`. Jinja's own way costs a page of pictures three times as much."""
    return _filled(reading, language.current().sentences.gettext(words), facts)


@pass_eval_context
def _of_number_in_template(
    reading: EvalContext, one: str, many: str, num: int, /, **facts: object
) -> str:
    """As `ngettext`."""
    said = language.current().sentences.ngettext(one, many, num)
    return _filled(reading, said, {"num": num, **facts})


def _filled(reading: EvalContext, said: str, facts: Mapping[str, object]) -> str:
    """What translators wrote is ours, what comes from people is escaped; "%%" is one "%"."""
    words = Markup(said) if reading.autoescape else said
    return words % _written(facts) if "%" in said else words


def _written(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: formats.number(fact) if type(fact) is int and name not in NAMES else fact
        for name, fact in facts.items()
    }
