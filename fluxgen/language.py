"""Which language is spoken: whoever answers a person says so first, and it is English until then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import NullTranslations

from babel import Locale
from markupsafe import Markup


@dataclass(frozen=True, eq=False)
class Language:
    """How dates and numbers are written, and what each English sentence is in it."""

    locale: Locale
    sentences: NullTranslations
    known: dict[str, str] = field(default_factory=dict)
    bare: dict[str, Markup] = field(default_factory=dict)
    """Sentences that were asked for, and for pages those without a place for facts: a page of
    pictures has the same few often."""

    def sentence(self, words: str) -> str:
        """This English sentence in it; itself where there is no translation."""
        said = self.known.get(words)
        if said is None:
            said = self.known[words] = self.sentences.gettext(words)
        return said

    @property
    def tag(self) -> str:
        """Its name in HTML: en-GB."""
        return str(self.locale).replace("_", "-")


ENGLISH = Language(Locale("en", "GB"), NullTranslations())

_spoken: ContextVar[Language] = ContextVar("language", default=ENGLISH)

current = _spoken.get
speak = _spoken.set


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """This language for a while."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)
