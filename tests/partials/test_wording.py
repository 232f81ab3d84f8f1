"""Every way in which a generation can end has words."""

from __future__ import annotations

import re
from pathlib import Path

import fluxgen
from fluxgen.generations.life import ENDINGS
from fluxgen.partials import wording

SOURCES = Path(fluxgen.__file__).parent
FAILURE = re.compile(r'NeverWill\(\s*"(\w+)"|failure="(\w+)"')
SIGN_IN_ONLY = {"declined", "invalid", "unverified", "missing"}
NO_GENERATION = {"address", "damaged", "range", "size", "upload"}
"""Of mail, exports and imports, which have words of their own."""


def raised() -> set[str]:
    """Every failure word that jobs, pictures, adapters or downloads can give."""
    files = [path for path in SOURCES.rglob("*.py") if "sandbox" not in path.parts]
    files = [path for path in files if path.name not in {"identity.py", "stripe_payments.py"}]
    found = [match for path in files for match in FAILURE.findall(path.read_text())]
    return {first or second for first, second in found}


def test_every_failure_has_words() -> None:
    known = {*wording.REASONS, "cancelled"}
    assert raised() - SIGN_IN_ONLY - NO_GENERATION <= known
    assert set(ENDINGS) <= known


def test_the_words_are_plain_and_say_that_nothing_was_charged() -> None:
    for failure in wording.REASONS:
        said = wording.words(failure, 4)
        assert said.endswith("Nothing was charged: 4 credits are back in your balance.")
        assert said[0].isupper()
    assert wording.words("cancelled", 1) == "1 credit is back."


def test_an_unknown_failure_still_has_words() -> None:
    assert wording.words("something new", 1) == wording.words("failed", 1)
    assert wording.words(None, 1)
