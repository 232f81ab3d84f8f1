"""The record of processing (Art. 30 GDPR), written anew each time from the data map."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fluxgen import processors, settings
from fluxgen.models import TABLES
from fluxgen.models.datamap import (
    LOG_FILES,
    REDIS_KEYS,
    SEARCH_INDEXES,
    STORAGE_PREFIXES,
    Category,
    Fact,
)

SUBJECTS = "people with an account, 13 and older"
SECURITY = (
    "Writes only from our own pages; one cookie with a random token, of which we keep the hash.",
    "The identity at Google is kept as a keyed hash; its tokens and ours are never stored.",
    "Pictures lie in a private store; addresses of them are signed and end.",
    "Deleted values are overwritten in the database, and its log is emptied.",
    "No words, names or addresses in logs; every deed of an operator is a row chained by hash.",
    "TLS to everybody outside; secrets come from the environment alone.",
)


@dataclass(frozen=True)
class Activity:
    """What is done with one category of data, on which ground, and who else receives it."""

    name: str
    purpose: str
    basis: str
    recipients: tuple[str, ...]


ACTIVITIES = {
    Category.IDENTITY: Activity(
        "Accounts and sign-in",
        "to recognise a person, and to send mail about their account",
        "contract, Art. 6(1)(b)",
        ("Google, at sign-in", "the mail server"),
    ),
    Category.CONTENT: Activity(
        "Making and keeping pictures",
        "to make the pictures that a person asks for, and to keep them for that person",
        "contract, Art. 6(1)(b)",
        ("Replicate, who gets words, settings and references", "the object store"),
    ),
    Category.MONEY: Activity(
        "Credits and payments",
        "to sell credits, to account for them, and to pay them back",
        "contract, Art. 6(1)(b); tax law, Art. 6(1)(c)",
        ("Stripe, who takes the payment",),
    ),
    Category.CONSENT: Activity(
        "Proof of what was agreed to",
        "to be able to show when a person agreed to what",
        "accountability, Art. 6(1)(c) with Art. 5(2)",
        (),
    ),
    Category.OPERATION: Activity(
        "Running and protecting the service",
        "to carry out what was asked for once and no more, to limit abuse, to find faults",
        "legitimate interest, Art. 6(1)(f)",
        ("the host",),
    ),
}


def record() -> dict[str, Any]:
    """The whole record, as plain values."""
    return {
        "controller": _controller(),
        "data_subjects": SUBJECTS,
        "activities": [_activity(category) for category in Category],
        "security": list(SECURITY),
    }


def _controller() -> str:
    chosen = settings.current()
    name = chosen.controller or "set CONTROLLER"
    return f"{name}; {chosen.support_email or 'set SUPPORT_EMAIL'}"


def _activity(category: Category) -> dict[str, Any]:
    done = ACTIVITIES[category]
    held = [(place, fact) for place, fact in everything() if fact.category is category]
    return {
        "name": done.name,
        "purpose": done.purpose,
        "basis": done.basis,
        "recipients": list(done.recipients),
        "outside_the_eu": list(_outside(done)),
        "data": [
            {
                "what": place,
                "purpose": fact.purpose,
                "kept": fact.keep.value,
                "erasure": fact.erase.value,
                "in_export": fact.export,
            }
            for place, fact in held
        ],
    }


def _outside(done: Activity) -> Iterator[str]:
    """Who of the recipients, by the list of `PROCESSORS`, gets it under the Data Privacy Framework
    or standard contractual clauses; of a role that the list only names, that has to be looked up."""
    for one in processors.listed():
        is_meant = any(one.slug in RECEIVERS[who] for who in done.recipients)
        if is_meant and one.outside_eu is not False:
            yield f"{one.name} ({one.where})" if one.outside_eu else f"{one.name} (look up where)"


RECEIVERS = {
    "Google, at sign-in": {"google"},
    "Replicate, who gets words, settings and references": {"replicate"},
    "Stripe, who takes the payment": {"stripe"},
    "the object store": {"cloudflare"},
    "the mail server": {"mail"},
    "the host": {"hosting", "vercel"},
}
"""Who that is in `data/processors.toml`."""


def everything() -> Iterator[tuple[str, Fact]]:
    """Every column, key pattern, prefix, index and log file, with what the map says of it."""
    for table in TABLES:
        for field in table._meta.sorted_fields:
            yield f"{table._meta.table_name}.{field.column_name}", field.fact
    for beside in (REDIS_KEYS, STORAGE_PREFIXES, SEARCH_INDEXES, LOG_FILES):
        yield from beside.items()
