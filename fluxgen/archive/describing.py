"""Words for what is to be seen in a picture, for those who do not see it."""

from __future__ import annotations

import unicodedata

from fluxgen import db, typed
from fluxgen.archive import index
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Generation, Image
from fluxgen.words import _

ALT_MAX = 1000
"""Characters that describe a picture."""


def describe(image: Image, words: str) -> None:
    """Keep the person's own words for it, by which it is found, too; with none it is named by its
    prompt. Raises `Refused`."""
    words = " ".join(words.split())
    if len(words) > ALT_MAX:
        raise Refused(
            _(
                "That is %(length)s characters. The limit is %(most)s. Shorten it.",
                length=len(words),
                most=ALT_MAX,
            ),
            "alt",
        )
    hides = any(unicodedata.category(letter) == "Cc" for letter in words)
    if hides or typed.is_turned(words):
        raise Refused(_("There are characters in it that cannot be read out. Type it anew."), "alt")
    alt = None if typed.is_blank(words) else words
    same = Generation.id == image.generation_id
    with transaction():
        kept = list(db.locked(Generation.select().where(same & Generation.deleted_at.is_null())))
        Image.update(alt=alt).where(Image.id == image.id).execute()
        index.enter(*kept)
