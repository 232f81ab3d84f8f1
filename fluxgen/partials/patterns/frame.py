"""What stands around every page, and what speaks from its edge."""

from __future__ import annotations

from fluxgen.announcements import Notice
from fluxgen.generations import News
from fluxgen.partials.patterns.samples import Patterns, purse


def patterns() -> Patterns:
    """Each fragment of the header and beside it."""
    balances = {"enough": 100, "little": 3, "one": 1, "none": 0, "a great deal": 1_240_000}
    announced = {
        "both": ["privacy", "terms"],
        "terms": ["terms"],
        "privacy page": ["privacy"],
    }
    return {
        "balance": {
            state: {"account": purse(available=credits)} for state, credits in balances.items()
        },
        "unread": {"none": {"news": News(0, 0)}, "some": {"news": News(12, 0)}},
        "announcement": {
            state: {"notice": Notice(1, "2026-11-27", about, "new-privacy-page-and-terms")}
            for state, about in announced.items()
        },
        "keyboard": {
            "single keys act": {"account": purse()},
            "switched off": {"account": purse(single_keys=False)},
        },
    }
