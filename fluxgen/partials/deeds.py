"""Audit rows in words: what was done to somebody's account, told to that person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from fluxgen import audit
from fluxgen.models import Account, AuditRow

SHOWN_MAX = 50
DONE = {
    "accounts.suspend": "suspended your account",
    "accounts.restore": "opened your account again",
    "accounts.rectify": "corrected your name or picture",
    "accounts.restrict": "restricted what is done with your data",
    "accounts.unrestrict": "lifted the restriction of your data",
    "accounts.object": "entered your objection",
    "accounts.withdraw-objection": "withdrew your objection",
    "accounts.sign-out": "ended your sessions",
    "credits.grant": "gave you credits",
    "credits.refund": "sent money back for unspent credits",
    "credits.fulfil": "had a purchase of yours looked at again",
    "generations.advance": "took a picture of yours a step further",
    "erasure.account": "planned the erasure of your account",
    "erasure.archive": "planned the erasure of your archive",
    "account.export": "had an export of your data made",
    "account.import": "brought pictures from another FluxGen into your account",
    "requests.add": "entered a request that you sent by mail",
    "requests.extend": "took more time for your request",
    "requests.close": "closed your request",
}


@dataclass(frozen=True)
class Deed:
    """What somebody other than the person did, when, and why."""

    at: datetime
    what: str
    reason: str


def by_others(account: Account) -> list[Deed]:
    """What operators and timers did to this account, newest first."""
    rows = audit.rows(subject=account.public_id, limit=SHOWN_MAX)
    return [
        Deed(row.created_at, f"{_who(row)} {_what(row)}", row.reason or "")
        for row in rows
        if row.actor != audit.PERSON
    ]


def _who(row: AuditRow) -> str:
    return "A timer" if row.actor == audit.TIMER else "An operator"


def _what(row: AuditRow) -> str:
    if row.action != "generations.open":
        return DONE.get(row.action, f"did {row.action.replace('.', ' ')}")
    facts = json.loads(row.facts or "{}")
    seen = "looked at" if facts.get("what") == "picture" else "read the words of"
    return f"{seen} picture {facts.get('number', '')}".strip()
