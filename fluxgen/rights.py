"""A person's say over what is done with their data: correct it, restrict it, object to a use.

Restricted (GDPR, Art. 18): the data is kept and nothing else is done with it, but what the person
asks for. Nothing new begins, what is under way is stopped, timers leave it alone (but sessions,
exports and audit rows, which end as ever), sign-ins bring nothing up to date, and it counts in no
statistics.

Objected (Art. 21): what rests on our own interest stops where it can. The account's runs no longer
count for what a picture is expected to take, no news are counted for it, no drill exports it, and
which of our rules it ran into is kept for the day that limits it, instead of 30.
"""

from __future__ import annotations

import re

from fluxgen import accounts, audit, clock, generations, housekeeping, outbox, typed
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Portrait, Theme
from fluxgen.models.fields import public_id
from fluxgen.words import _

BY_THE_PERSON = "Chosen by the person on their account page."
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def rectify(account: Account, name: str, reason: str = BY_THE_PERSON) -> None:
    """Correct the name; from now on Google's does not replace it. Raises `Refused` at `name`."""
    name = " ".join(name.split())
    if typed.is_blank(name) or len(name) > accounts.NAME_MAX:
        raise Refused(_("A name has 1 to %(most)s characters.", most=accounts.NAME_MAX), "name")
    if CONTROLS.search(name) or typed.is_turned(name):
        raise Refused(_("There are hidden control characters in this. Type it anew."), "name")
    _change(account, "accounts.rectify", reason, name=name, name_is_own=True)


def follow_google(account: Account, reason: str = BY_THE_PERSON) -> None:
    """Take Google's name again, from the next sign-in on."""
    _change(account, "accounts.rectify", reason, name_is_own=False)


def remove_portrait(account: Account, reason: str = BY_THE_PERSON) -> None:
    """Remove the person's picture; it is not fetched again."""
    with transaction():
        Portrait.delete().where(Portrait.account == account).execute()
        _change(account, "accounts.rectify", reason, portrait_is_off=True)


def allow_portrait(account: Account, reason: str = BY_THE_PERSON) -> None:
    """Fetch Google's picture again, at the next sign-in."""
    _change(account, "accounts.rectify", reason, portrait_is_off=False)


def restrict(account: Account, reason: str = BY_THE_PERSON, *, by_mail: bool = False) -> list[int]:
    """Keep the data and do nothing else with it; ids of generations that are being stopped.

    Who asked for it by mail is told so by mail.
    """
    with transaction():
        if accounts.balance(account).is_restricted:
            return []
        stopping = generations.stop_all(account)
        _change(account, "accounts.restrict", reason, restricted_at=clock.now())
        if by_mail:
            _tell(account, is_begun=True)
    return stopping


def unrestrict(
    account: Account, reason: str = BY_THE_PERSON, *, by_mail: bool = False, **facts: object
) -> None:
    """Go on as before. The person has to know before it happens; by mail they hear that it has."""
    with transaction():
        if not accounts.balance(account).is_restricted:
            return
        _change(account, "accounts.unrestrict", reason, facts, restricted_at=None)
        outbox.count_anew(account)
        if by_mail:
            _tell(account, is_begun=False)


def _tell(account: Account, *, is_begun: bool) -> None:
    key = f"restriction:{account.public_id}:{public_id()}"
    outbox.queue("restriction", account, key=key, facts={"is_begun": is_begun})


def object_to(account: Account, reason: str = BY_THE_PERSON) -> None:
    """Leave the account out of what rests on our own interest; what was kept for it goes."""
    with transaction():
        if accounts.balance(account).has_objected:
            return
        _change(account, "accounts.object", reason, objected_at=clock.now(), looked_at=None)
        housekeeping.forget_refusals_of_objectors()


def withdraw_objection(account: Account, reason: str = BY_THE_PERSON) -> None:
    """Count the account in again, from now on."""
    if accounts.balance(account).has_objected:
        _change(account, "accounts.withdraw-objection", reason, objected_at=None)


def choose_theme(account: Account, theme: str) -> None:
    """Have light or dark pages, or follow the system. Raises `Refused` at `theme`."""
    if theme not in {one.value for one in Theme}:
        raise Refused(_("Choose system, light or dark."), "theme")
    Account.update(theme=Theme(theme)).where(Account.id == account.id).execute()


def _change(
    account: Account,
    action: str,
    reason: str,
    facts: dict[str, object] | None = None,
    **changes: object,
) -> None:
    """The change and its audit row: which columns, never what stands in them."""
    with transaction():
        Account.update(**changes).where(Account.id == account.id).execute()
        what = {"changed": sorted(changes), **(facts or {})}
        audit.record(action, subject=account.public_id, reason=reason, facts=what)
