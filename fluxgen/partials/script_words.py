"""What scripts say, sent with the page because they are files that know no language."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from fluxgen import language
from fluxgen.language import Language
from fluxgen.words import N_, _, ngettext

LANGUAGES_MAX = 16
NUMBERS = 201
"""So far numbers are tried to find every plural of a language."""
FIRST, SECOND = "{0}", "{1}"
"""What a script puts in."""

SAID = {
    "lost": N_("No connection. Nothing on this page is lost; try again when you are back."),
    "broken": N_("Something broke on our side. Nothing was charged. Try again in a minute."),
    "unshown": N_("Pictures do not arrive just now. They are safe; reload the page in a minute."),
    "stranger": N_("You were signed out. Sign in and carry on; your words are kept."),
    "missing": N_("That is no longer here. Reload the page to see what is."),
    "large": N_("That file is too large. Your words are still here; choose a smaller one."),
    "refused": N_("That was refused. Reload the page and try again."),
    "signin": N_("Sign in"),
    "copied": N_("Copied"),
    "uncopied": N_("Not allowed by the browser"),
    "newest": N_("This is the newest picture."),
    "oldest": N_("This is the oldest picture."),
    "wrong": N_("That is not a PNG, JPEG or WebP picture. Choose another file."),
    "unread": N_("Your browser cannot read that picture. It may be damaged; choose another file."),
    "change": N_("Change"),
    "another": N_("Choose another picture"),
    "choose": N_("Choose a picture"),
    "takes": N_("PNG, JPEG, WebP · up to 4 MB"),
    "yours": N_("The picture you chose"),
    "chosen": N_("Picture chosen."),
    "removed": N_("Picture removed."),
    "late": N_("too late"),
}


def as_json() -> str:
    """All of it by name, in the language that is spoken."""
    return _packed(language.current())


@lru_cache(LANGUAGES_MAX)
def _packed(spoken: Language) -> str:
    said: dict[str, object] = {name: _(words) for name, words in SAID.items()}
    said |= {
        "left": _("%(seconds)s s left", seconds=FIRST),
        "have": _("You have %(credits)s", credits=FIRST),
        "leaves": _("Leaves %(credits)s", credits=FIRST),
        "seconds": _("%(seconds)s s", seconds=FIRST),
        "minutes": _("%(minutes)s min %(seconds)s s", minutes=FIRST, seconds=SECOND),
        "credits": _plurals(
            spoken, lambda num: ngettext("%(num)s credit", "%(num)s credits", num, num=FIRST)
        ),
        "selected": _plurals(
            spoken, lambda num: ngettext("%(num)s selected", "%(num)s selected", num, num=FIRST)
        ),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _plurals(spoken: Language, said: Callable[[int], str]) -> dict[str, str]:
    """The sentence by each kind of number that the language tells apart."""
    kinds = {spoken.locale.plural_form(number): number for number in reversed(range(NUMBERS))}
    return {kind: said(number) for kind, number in kinds.items()}
