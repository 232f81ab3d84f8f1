"""Which language is spoken: whoever answers a person says so first, and it is English until then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations

from babel import Locale


@dataclass(frozen=True)
class Language:
    """How dates and numbers are written, and what each English sentence is in it."""

    locale: Locale
    sentences: NullTranslations

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
