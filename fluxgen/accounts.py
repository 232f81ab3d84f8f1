"""People: recognised at sign-in by a keyed hash, created once they have agreed.

Google's own identifier is hashed in the same moment it is read; the hash cannot be turned
back, and without `IDENTITY_KEY` it cannot be guessed either.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from peewee import IntegrityError, fn

from fluxgen import announcements, audit, clock, credits, policies, settings
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, Erasure, ErasureStatus, Portrait, Scope, Session, Standing
from fluxgen.words import _

NAME_MAX = 200
EMAIL_MAX = 254
DAILY_LIMIT_MAX = 1_000_000


@dataclass(frozen=True)
class Newcomer:
    """What we know of somebody who has signed in with Google for the first time."""

    identity: str
    email: str
    name: str
    picture_url: str


def identity_hash(issuer: str, subject: str) -> str:
    """The name under which we know a Google identity: HMAC-SHA256 under `IDENTITY_KEY`."""
    key = settings.current().identity_key.encode()
    return hmac.new(key, f"{issuer}\n{subject}".encode(), hashlib.sha256).hexdigest()


def recognise(newcomer: Newcomer) -> Account | None:
    """The account of this identity, its address and name brought up to date, or None.

    A name that the person has corrected stays theirs, and a restricted account stays as it is.
    """
    account = Account.get_or_none(Account.identity == newcomer.identity)
    if account is None or account.is_restricted:
        return account
    news = {"email": newcomer.email[:EMAIL_MAX]}
    if not account.name_is_own:
        news["name"] = newcomer.name[:NAME_MAX]
    if any(getattr(account, name) != value for name, value in news.items()):
        known = (Account.id == account.id) & (Account.identity == newcomer.identity)
        Account.update(**news).where(known).execute()  # unless they are being erased this moment
    return Account.get_or_none(Account.identity == newcomer.identity)


def unanswered(*, age_confirmed: bool, terms_accepted: bool) -> list[Refused]:
    """What a newcomer has still to agree to, in the order it is asked."""
    missing = []
    if not age_confirmed:
        missing.append(Refused(_("FluxGen is for people of 13 or older. Confirm that."), "age13"))
    if not terms_accepted:
        missing.append(Refused(_("Please accept the terms to go on."), "terms"))
    return missing


def sign_up(newcomer: Newcomer, *, age_confirmed: bool, terms_accepted: bool) -> Account:
    """Create the account, with the welcome credits if there are any. Raises `Refused`.

    Signing up twice with the same identity is one account.
    """
    for refusal in unanswered(age_confirmed=age_confirmed, terms_accepted=terms_accepted):
        raise refusal
    try:
        with transaction():
            return _create(newcomer)
    except IntegrityError:
        return Account.get(Account.identity == newcomer.identity)


def waiting_for(email: str) -> Account | None:
    """The account that was brought from elsewhere for whoever signs in with this address."""
    return Account.get_or_none(Account.identity == _awaited(email))


def await_person(*, email: str, name: str, **facts: Any) -> Account:
    """Make the account that waits for whoever signs in with this address; once for each.

    `facts` are the moments and the terms of where it comes from. They stand until the person has
    agreed to ours.
    """
    try:
        with transaction():
            return Account.create(
                identity=_awaited(email), email=email[:EMAIL_MAX], name=name[:NAME_MAX], **facts
            )
    except IntegrityError:
        return Account.get(Account.identity == _awaited(email))


def _awaited(email: str) -> str:
    """Stands for an identity until somebody comes with this address, which Google has verified."""
    return identity_hash("import", email.strip().lower())


def _claim(newcomer: Newcomer) -> Account | None:
    """Let a newcomer have the account that waits for their address, if there is one."""
    waiting = waiting_for(newcomer.email)
    if waiting is None:
        return None
    now = clock.now()
    same = (Account.id == waiting.id) & (Account.identity == waiting.identity)
    Account.update(
        identity=newcomer.identity,
        email=newcomer.email[:EMAIL_MAX],
        name=waiting.name if waiting.name_is_own else newcomer.name[:NAME_MAX],
        age_confirmed_at=now,
        terms_accepted_at=now,
        terms_version=policies.current("terms").version,
        announcement_seen=announcements.latest_id(),
    ).where(same).execute()
    return Account.get_or_none(Account.identity == newcomer.identity)


def _create(newcomer: Newcomer) -> Account:
    now = clock.now()
    account = _claim(newcomer) or Account.create(
        identity=newcomer.identity,
        email=newcomer.email[:EMAIL_MAX],
        name=newcomer.name[:NAME_MAX],
        age_confirmed_at=now,
        terms_accepted_at=now,
        terms_version=policies.current("terms").version,
        announcement_seen=announcements.latest_id(),
    )
    welcome = settings.current().grant_at_sign_up
    if welcome:
        credits.grant(account, welcome, key=f"welcome:{account.id}", reason="Welcome")
    return account


def check_admissible(account: Account) -> None:
    """Raises `Refused` where the account is being erased, or was meanwhile. In a transaction
    nothing of that can begin until its end."""
    known = (Account.id == account.id) & (Account.identity == account.identity)
    if not Account.update(standing=Account.standing).where(known).execute():
        raise Refused(_("This account was erased. Sign in again to begin anew."))
    check_restorable(account)


def keep_portrait(account: Account, webp: bytes | None) -> None:
    """Keep this picture of the person instead of the last one, or none. Raises `Refused` where
    they are being erased."""
    with transaction():
        check_admissible(account)
        Portrait.delete().where(Portrait.account == account).execute()
        if webp:
            Portrait.create(account=account, webp=webp)


def wants_portrait(account: Account) -> bool:
    """Whether Google's picture of the person may be fetched anew."""
    return not (account.portrait_is_off or account.is_restricted)


def portrait(account: Account) -> bytes | None:
    """The person's picture (WebP), if there is one."""
    found = Portrait.get_or_none(Portrait.account == account)
    return bytes(found.webp) if found else None


def has_portrait(account: Account) -> bool:
    """Whether there is a picture of the person."""
    return bool(Portrait.select().where(Portrait.account == account).exists())


def balance(account: Account) -> Account:
    """The account as it is now, after a movement of its credits."""
    return Account.get_by_id(account.id)


def find_by_email(email: str) -> Account:
    """The one account with this address, or with this reference.

    Raises `Refused`: there is none, or there are several, since addresses are given out again.
    """
    if "@" in email:
        found = with_email(email)
    else:
        living = (Account.public_id == email) & Account.erased_at.is_null()
        found = list(Account.select().where(living))
    if not found:
        what = "address" if "@" in email else "reference"
        raise Refused(f"No account has the {what} {email}.", "email")
    if len(found) > 1:
        each = ", ".join(f"{one.public_id} (since {one.created_at:%Y-%m-%d})" for one in found)
        raise Refused(f"Several accounts have the address {email}. Name one: {each}.", "email")
    return found[0]


def with_email(email: str) -> list[Account]:
    """Every account with this address, however it is written, newest first."""
    same = fn.LOWER(Account.email) == fn.LOWER(email)
    living = Account.select().where(same & Account.erased_at.is_null())
    return list(living.order_by(Account.id.desc()))


def set_daily_limit(account: Account, limit_credits: int | None) -> None:
    """Limit what the person spends a day (credits), as they wish; None for no limit."""
    if limit_credits is not None and not 0 <= limit_credits <= DAILY_LIMIT_MAX:
        words = _("A limit is a number from 0 to %(most)s.", most=DAILY_LIMIT_MAX)
        raise Refused(words, "daily_limit")
    Account.update(daily_limit_credits=limit_credits).where(Account.id == account.id).execute()


def set_single_keys(account: Account, *, are_on: bool) -> None:
    """Let single keys act on pages, or not, as the person wishes."""
    Account.update(single_keys=are_on).where(Account.id == account.id).execute()


def check_restorable(account: Account) -> None:
    """Raises `Refused` while the account is being erased."""
    begun = (Erasure.status == ErasureStatus.RUNNING) & (Erasure.scope == Scope.ACCOUNT)
    if Erasure.select().where((Erasure.account == account) & begun).exists():
        raise Refused(_("This account is being erased. That cannot be turned back."))


def open_sessions(account: Account) -> list[Session]:
    """The browsers in which the account is signed in, the newest sign-in first."""
    mine = (Session.account == account) & (Session.expires_at > clock.now())
    return list(Session.select().where(mine).order_by(Session.id.desc()))


def end_session(account: Account, public_id: str) -> bool:
    """End one of the account's own sessions; whether there was one of this name."""
    mine = (Session.account == account) & (Session.public_id == public_id)
    return bool(Session.delete().where(mine).execute())


def sign_out_everywhere(account: Account, reason: str = "Asked for by the person.") -> int:
    """End every session of this account; returns how many there were."""
    with transaction():
        count = end_sessions(account)
        facts = {"sessions": count}
        audit.record("accounts.sign-out", subject=account.public_id, reason=reason, facts=facts)
    return count


def end_sessions(account: Account) -> int:
    """End every session of this account, in the caller's transaction; how many there were."""
    return int(Session.delete().where(Session.account == account).execute())


def listing(
    limit: int = 1000, *, standing: str | None = None, restricted: bool = False
) -> list[Account]:
    """Accounts, newest first: all, of one standing, or those whose data is restricted."""
    people = Account.select().where(Account.erased_at.is_null())
    if standing is not None:
        people = people.where(Account.standing == Standing(standing))
    if restricted:
        people = people.where(Account.restricted_at.is_null(False))
    return list(people.order_by(Account.id.desc()).limit(limit))
