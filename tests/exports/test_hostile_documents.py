"""Exports whose document was changed by somebody: refused in words, with nothing kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from fluxgen.models import Account
from tests.support.exporting import built, emptied, opened, run
from tests.support.workers import Workers

Change = Callable[[dict[str, Any]], None]


def set_(path: str, value: Any) -> Change:
    """A change of one value of the document."""

    def change(document: dict[str, Any]) -> None:
        *way, last = path.split(".")
        place: Any = document
        for part in way:
            place = place[int(part)] if part.isdecimal() else place[part]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_("version", 2), "reads version 1"),
        (set_("format", "other"), "does not say that it is an export"),
        (set_("account.email", 7), "does not follow its schema at account/email"),
        (set_("account.credits", 7), "does not follow its schema at account"),
        (set_("generations.0.prompt", "a\x00b"), "no text"),
        (set_("generations.0.prompt", "a\ud800b"), "no text"),
        (set_("generations.0.number", 2), "number 2 is in the export more than once"),
        (set_("generations.0.number", 0), "1 or more"),
        (set_("generations.0.number", 2**40), "does not follow its schema"),
        (set_("generations.0.created_at", "2026-13-01T00:00:00+00:00"), "no moment"),
        (set_("generations.0.cost_credits", -1), "does not fit together"),
        (set_("generations.0.model", "unknown"), "does not know"),
        (set_("generations.0.tier", "unknown"), "does not know"),
        (set_("generations.0.public_id", "../../../../../etc/pass"), "does not follow its schema"),
        (set_("generations.0.images.0.file", "../../etc/passwd"), "does not follow its schema"),
        (set_("generations.0.images.0.file", "pictures/none.webp"), "not there"),
        (set_("generations.0.images.0.sha256", "0" * 64), "its hash differs"),
        (set_("generations.0.images.0.position", 3), "more than were asked for"),
        (set_("generations.0.images.0.file", None), "unclear whether"),
    ],
)
def test_a_hostile_document_is_refused_in_words(
    app: Flask, full: Account, workers: Workers, tmp_path: Path, change: Change, words: str
) -> None:
    file = opened(built(full, workers)).with_document(tmp_path / "bad.zip", change)
    emptied(app)
    ran = run(app, "import", str(file), "--reason", "x")
    assert ran.exit_code == 1, ran.output
    assert words in ran.output
    assert "Traceback" not in ran.output
