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


def of_a_look(slots: dict[str, Any]) -> Change:
    """A change into one that a Look of ours made of these answers."""

    def change(document: dict[str, Any]) -> None:
        document["generations"][0] |= {"look": "felt-friend", "look_version": 1, "slots": slots}

    return change


CHANGES: list[tuple[Change, str]] = [
    (set_("version", 2), "reads version 1"),
    (set_("format", "other"), "does not say that it is an export"),
    (set_("account.email", 7), "does not follow its schema at account/email"),
    (set_("account.credits", 7), "does not follow its schema at account"),
    (set_("generations.0.prompt", "a\x00b"), "no text"),
    (set_("generations.0.prompt", "a\ud800b"), "no text"),
    (set_("generations.0.number", 2), "number 2 is in the export more than once"),
    (set_("generations.0.number", 0), "does not follow its schema"),
    (set_("generations.0.number", 2**31 - 1), "does not follow its schema"),
    (set_("generations.0.public_id", "a" * 43), "does not follow its schema"),
    (set_("generations.0.slots", 5), "does not follow its schema"),
    (set_("generations.0.slots", [1]), "does not follow its schema"),
    (set_("generations.0.slots", {"animal": {"a": 1}}), "does not follow its schema"),
    (set_("generations.0.parent_position", -7), "does not follow its schema"),
    (set_("generations.0.source_position", 99), "does not follow its schema"),
    (set_("generations.0.aspect_ratio", "0:0"), "does not follow its schema"),
    (set_("generations.0.images", []), "is done and has no picture"),
    (set_("generations.0.finished_at", None), "it is not said when"),
    (set_("generations.0.finished_at", "2999-01-01T00:00:00+00:00"), "not made in our time"),
    (set_("generations.0.look", "felt-friend"), "without its version or its answers"),
    (of_a_look({"mood": "none that we know"}), "answers that its Look never takes"),
    (of_a_look({"mood": 1}), "does not follow its schema"),
    (set_("account.daily_limit_credits", -5), "does not follow its schema"),
    (set_("account.email", ""), "does not follow its schema at account/email"),
    (set_("account.email", "a" * 250 + "@b.test"), "does not follow its schema"),
    (set_("generations.0.number", 2**40), "does not follow its schema"),
    (set_("generations.0.created_at", "2026-13-01T00:00:00+00:00"), "no moment"),
    (set_("generations.0.cost_credits", -1), "does not follow its schema"),
    (set_("generations.0.charged_credits", 99), "does not fit together"),
    (set_("generations.0.model", "unknown"), "does not know"),
    (set_("generations.0.tier", "unknown"), "does not know"),
    (set_("generations.0.public_id", "../../../../../etc/pass"), "does not follow its schema"),
    (set_("generations.0.images.0.file", "../../etc/passwd"), "does not follow its schema"),
    (set_("generations.0.images.0.file", "pictures/none.webp"), "not there"),
    (set_("generations.0.images.0.sha256", "0" * 64), "its hash differs"),
    (set_("generations.0.images.0.position", 3), "more than were asked for"),
    (set_("generations.0.images.0.file", None), "unclear whether"),
]


@pytest.mark.both_databases
def test_a_hostile_document_is_refused_in_words(
    app: Flask, full: Account, workers: Workers, tmp_path: Path
) -> None:
    export = opened(built(full, workers))
    for number, (change, words) in enumerate(CHANGES):
        file = export.with_document(tmp_path / f"bad-{number}.zip", change)
        emptied(app)
        ran = run(app, "import", str(file), "--reason", "x")
        assert ran.exit_code == 1 and isinstance(ran.exception, SystemExit), (words, ran.output)
        assert words in ran.output, ran.output
