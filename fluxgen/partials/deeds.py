"""Audit rows in words: what was done to somebody's account, told to that person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from fluxgen import audit
from fluxgen.models import Account, AuditRow
from fluxgen.words import N_, _

SHOWN_MAX = 50
DONE = {
    "accounts.suspend": N_("suspended your account"),
    "accounts.restore": N_("opened your account again"),
    "accounts.rectify": N_("corrected your name or picture"),
    "accounts.restrict": N_("restricted what is done with your data"),
    "accounts.unrestrict": N_("lifted the restriction of your data"),
    "accounts.object": N_("entered your objection"),
    "accounts.withdraw-objection": N_("withdrew your objection"),
    "accounts.sign-out": N_("ended your sessions"),
    "credits.grant": N_("gave you credits"),
    "credits.refund": N_("sent money back for unspent credits"),
    "credits.fulfil": N_("had a purchase of yours looked at again"),
    "generations.advance": N_("took a picture of yours a step further"),
    "erasure.account": N_("planned the erasure of your account"),
    "erasure.archive": N_("planned the erasure of your archive"),
    "account.export": N_("had an export of your data made"),
    "account.import-begun": N_("began to bring pictures from another FluxGen into your account"),
    "account.import": N_("brought pictures from another FluxGen into your account"),
    "addresses.show": N_("looked up your address"),
    "requests.add": N_("entered a request that you sent by mail"),
    "requests.extend": N_("took more time for your request"),
    "requests.close": N_("closed your request"),
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
        Deed(row.created_at, _("%(who)s %(did)s", who=_who(row), did=_what(row)), row.reason or "")
        for row in rows
        if row.actor != audit.PERSON
    ]


def _who(row: AuditRow) -> str:
    return _("A timer") if row.actor == audit.TIMER else _("An operator")


def _what(row: AuditRow) -> str:
    if row.action != "generations.open":
        if row.action in DONE:
            return _(DONE[row.action])
        return _("did %(deed)s", deed=row.action.replace(".", " "))
    facts = json.loads(row.facts or "{}")
    name = facts.get("number", "")
    if facts.get("what") == "picture":
        return _("looked at picture %(name)s", name=name)
    return _("read the words of picture %(name)s", name=name)
