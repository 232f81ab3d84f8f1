"""Every kind of mail, with facts of each sort in it; their values are numbers, no words."""

from __future__ import annotations

from typing import Any

from fluxgen.adapters.mail import Letter
from fluxgen.jobs import letters
from fluxgen.outbox import Posting

POLICY = {"changes": [{"title": "1", "items": ["2"]}], "slug": "3"}
MAILS: list[tuple[str, dict[str, Any]]] = [
    ("restriction", {"is_begun": True}),
    ("restriction", {"is_begun": False}),
    ("suspension", {"is_begun": True, "told": ""}),
    ("suspension", {"is_begun": False, "told": ""}),
    ("export", {"public_id": "1" * 22, "until": "2026-11-27", "missing": 2}),
    ("erasure_begun", {"erasure": "1" * 22, "is_account": True, "begins_on": "2026-11-27"}),
    ("erasure_begun", {"erasure": "1" * 22, "is_account": False, "begins_on": ""}),
    ("erasure_done", {"erasure": "1" * 22, "is_account": True, "certificate": "{}"}),
    ("erasure_done", {"erasure": "1" * 22, "is_account": False, "certificate": "{}"}),
    (
        "receipt",
        {"purchase": "1" * 22, "credits": 1000, "amount_minor": 1800, "currency": "eur"}
        | {"paid_on": "2026-11-27"},
    ),
    (
        "policy",
        {"policies": ["terms"], "day": "2026-11-27", "is_coming": True, "late": "4"} | POLICY,
    ),
    *(
        ("policy", {"policies": names, "day": "2026-11-27", "is_coming": is_coming} | POLICY)
        for names in (["privacy", "terms"], ["terms"], ["privacy"])
        for is_coming in (True, False)
    ),
]


def letter(kind: str, facts: dict[str, Any]) -> Letter:
    """This mail as it is sent."""
    return letters.written(Posting(1, "lease", kind, "alice@example.test", "m" * 64, facts, False))
