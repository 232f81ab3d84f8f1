"""What one account may do within a minute or a day. Counted from rows that outlive a deletion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fluxgen import clock, credits, safety, settings
from fluxgen.db import locked
from fluxgen.errors import AgainstRules, InsufficientCredits, Refused, TooMany
from fluxgen.generations import reading
from fluxgen.models import UNFINISHED, Account, Entry, Generation, Kind, Refusal, Standing, Status
from fluxgen.words import N_, _

UNFINISHED_MAX = 100
BLOCKED_A_DAY = 20
"""Requests that a safety filter or our own rules may refuse before the account has to wait."""
STOPS_A_DAY = 20
"""Generations that may be stopped after they were sent: the provider's work is paid by us."""
RERUNS_A_DAY = 5
"""Free re-runs: whoever asks for what cannot come out well is not given picture after picture."""
RERUN = credits.RERUN
"""How the nonce of a free re-run begins, and the key of what is given for it."""
IMPORTED = "import-"
"""How the nonce of one begins that another FluxGen made, as its export says."""
SOMEBODY_REAL = "A real person."
"""What a reference image may show, whatever it is said to be; our rules are told so."""
HALTED = "halted"
RESTRICTED_WORDS = N_(
    "Your data is restricted: it is kept, and nothing new is made with it. "
    "You can lift that in your account. Your words are kept."
)
MINUTE_S = 60


def midnight() -> datetime:
    """When this day (UTC) began."""
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def check(account: Account) -> None:
    """Raises `TooMany` when the account has to wait before it asks for another, and `Refused`
    when it is closed to new ones."""
    refuse_closed(account)
    if reading.unfinished_count(account) >= UNFINISHED_MAX:
        raise TooMany(
            _("%(most)s pictures are on the table. Let some finish first.", most=UNFINISHED_MAX), 20
        )
    _check_minute(account)
    if blocked_today(account) >= BLOCKED_A_DAY:
        raise TooMany(
            _(
                "%(most)s requests were stopped by a safety rule today, which is the limit. "
                "You can go on after midnight (UTC). Your words are kept.",
                most=BLOCKED_A_DAY,
            ),
            _until_midnight_s(),
        )


def refuse_closed(account: Account) -> None:
    """Raises `Refused` when nothing new may begin in this account."""
    if account.standing is Standing.SUSPENDED:
        raise Refused(suspended_words())
    if account.is_restricted:
        raise Refused(_(RESTRICTED_WORDS))


def suspended_words() -> str:
    """What somebody is told who would come in all the same: what to do, and where."""
    address = settings.current().support_email
    said = _("This account is suspended. A mail from us says why.")
    if not address:
        return f"{said} {_('If you think that is a mistake, or want your pictures, write to us.')}"
    return f"{said} " + _(
        "If you think that is a mistake, or want your pictures, write to %(address)s.",
        address=address,
    )


def blocked_today(account: Account) -> int:
    """Requests of this day (UTC) that a safety filter or our own rules refused."""
    blocked = credits.released_since(account, midnight(), "blocked")
    mine = (Refusal.account == account) & (Refusal.created_at >= midnight())
    return blocked + int(Refusal.select().where(mine).count())


@dataclass(frozen=True)
class Counts:
    """An account in numbers, for operators: generations by status, and what was refused."""

    by_status: Counter[Status]
    blocked_today: int
    refused: Counter[str]


def counted(account: Account) -> Counts:
    """What there is of an account's generations, and which of our rules it ran into how often."""
    statuses = Generation.select(Generation.status).where(Generation.account == account)
    rules = Refusal.select(Refusal.rule).where(Refusal.account == account)
    return Counts(
        by_status=Counter(row.status for row in statuses),
        blocked_today=blocked_today(account),
        refused=Counter(row.rule for row in rules),
    )


def refuse_words(
    account: Account | None, words: Mapping[str, str], *, beside_picture: bool
) -> None:
    """Read our rules over these words, by field; which one they break is remembered of whoever
    is signed in. Raises `AgainstRules`."""
    try:
        for field, text in words.items():
            is_shown = beside_picture and field == "prompt"
            safety.check(f"{SOMEBODY_REAL} {text}" if is_shown else text, field)
    except AgainstRules as refusal:
        if account is not None:
            note(account, refusal)
        raise


def note(account: Account, refusal: AgainstRules) -> None:
    """Remember that a request was against a rule: which one, never the words."""
    Refusal.create(account=account, rule=refusal.rule)


def refuse_too_many_stops(account: Account) -> None:
    """Raises `Refused` when more than enough running ones were stopped in one day; whoever counts
    at the same moment waits for the end of the caller's transaction."""
    locked(Account.select().where(Account.id == account.id)).get()
    under_way = Generation.select().where(
        (Generation.account == account)
        & Generation.status.in_(UNFINISHED)
        & (Generation.status != Status.HELD)
        & Generation.cancel_requested_at.is_null(False)
    )
    stopped = credits.released_since(account, midnight(), HALTED) + int(under_way.count())
    if stopped > STOPS_A_DAY:
        raise Refused(
            _(
                "You have stopped %(most)s running pictures today, which is the limit. "
                "This one runs to its end; what still waits can be cancelled.",
                most=STOPS_A_DAY,
            )
        )


def refuse_too_many_reruns(account: Account) -> None:
    """Raises `TooMany` when more than enough was given for flawed pictures in one day."""
    if credits.granted_since(account, midnight(), RERUN) > RERUNS_A_DAY:
        raise TooMany(
            _(
                "%(most)s free re-runs a day is the limit. There are more after midnight (UTC).",
                most=RERUNS_A_DAY,
            ),
            _until_midnight_s(),
        )


def refuse_uncovered(account: Account, cost: int) -> None:
    """So that nothing is begun in vain and the words name the whole price; that it is covered is
    the ledger's rule."""
    refuse_over_own_limit(account, cost)
    now = Account.get_by_id(account.id)
    if now.owed or now.available < cost:
        raise InsufficientCredits(cost, now.available, now.owed)


def refuse_over_own_limit(account: Account, cost: int) -> None:
    """Keep to the limit that the person has set for each day (UTC)."""
    limit = Account.get_by_id(account.id).daily_limit_credits
    if limit is None:
        return
    left = limit - credits.spent_since(account, midnight())
    if cost > left:
        raise Refused(
            _(
                "Your own limit a day is %(most)s credits, and %(left)s are left until midnight "
                "(UTC). You can change it in your account. Your words are kept.",
                most=limit,
                left=max(left, 0),
            )
        )


def _check_minute(account: Account) -> None:
    most = settings.current().generations_a_minute
    held = (Entry.account == account) & (Entry.kind == Kind.HOLD)
    newest_first = Entry.select(Entry.created_at).where(held).order_by(Entry.id.desc())
    moment: datetime | None = newest_first.offset(most - 1).limit(1).scalar()
    past_s = (clock.now() - moment).total_seconds() if moment else MINUTE_S
    if past_s < MINUTE_S:
        raise TooMany(
            _(
                "%(most)s generations within a minute is the limit. Your words are kept; "
                "send them again in a minute.",
                most=most,
            ),
            math.ceil(MINUTE_S - past_s),
        )


def _until_midnight_s() -> int:
    return math.ceil((midnight() + timedelta(days=1) - clock.now()).total_seconds())
