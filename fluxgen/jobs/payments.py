"""All payments against what Stripe lists: news that no webhook brought, and differences."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from fluxgen import adapters, audit, clock, purchases
from fluxgen.adapters.payments import Checkout, Event, TooLong
from fluxgen.credits import Difference
from fluxgen.db import transaction
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.jobs.purchases import check, ring
from fluxgen.models import Purchase, PurchaseStatus

DAY_S = 24 * 3600
EVENTS_BACK_S = 30 * DAY_S
"""As long as Stripe keeps them."""
LATE_S = 600
"""An event may appear in the list so much later; and what is younger is still under way."""
SESSIONS_BACK_S = 30 * DAY_S
REVERSALS_BACK_S = 180 * DAY_S
CLOCKS_DIFFER_S = 300
TIGHT_S = 60

log = logging.getLogger(__name__)


def hear_what_was_missed() -> None:
    """Take the events that no webhook brought, from where the last time ended, a day at a time."""
    now = clock.now()
    since = max(purchases.heard_until() or clock.after(-EVENTS_BACK_S), clock.after(-EVENTS_BACK_S))
    try:
        while since < now - timedelta(seconds=LATE_S):
            until = min(now, since + timedelta(seconds=DAY_S))
            _hear(since, until)
            since = until - timedelta(seconds=LATE_S)
            purchases.hear_from(since)
    except MayWorkLater as trouble:
        log.warning("stripe later", extra={"job": "events", "reason": str(trouble)})
    except NeverWill as wrong:
        log.error("stripe refuses", extra={"job": "events", "reason": wrong.reason})


def _hear(since: datetime, until: datetime) -> None:
    """All events of this time; where they are too many for one list, each half of it."""
    try:
        for page in adapters.current().payments.events_between(since, until):
            unheard = purchases.unheard(event.id for event in page)
            for event in page:
                if event.id in unheard:
                    hear(event)
    except TooLong:
        if until - since < timedelta(seconds=TIGHT_S):
            log.error("events not heard", extra={"job": "events", "reason": "too many"})
            return
        middle = since + (until - since) / 2
        _hear(since, middle)
        _hear(middle, until)


def hear(event: Event) -> None:
    """Remember an event, and ring for its purchase."""
    purchase = purchases.notice(
        event.id,
        session_id=event.session_id,
        payment_id=event.payment_id,
        reference=event.reference,
        is_decline=event.is_decline,
        happened_at=event.happened_at,
    )
    if purchase is not None:
        ring(purchase)


@dataclass(frozen=True)
class Finding:
    """A difference, the purchase it is about if we have it, and all names that news of it bear."""

    difference: Difference
    purchase: Purchase | None
    names: frozenset[str | None]


def differences() -> list[Difference]:
    """Our purchases against Stripe's lists, in both directions, and what was paid too late.
    Raises `MayWorkLater`, `NeverWill`.

    Changes nothing. Sessions are compared for 30 days, refunds and disputes for 180. What
    Stripe had news of in the last ten minutes is still under way, and is left out.
    """
    began = clock.now()
    findings = list(_findings())
    fresh = _names_in_news(began - timedelta(seconds=LATE_S)) if findings else set()
    unspendable = [_too_late(purchase) for purchase in purchases.paid_too_late()]
    return unspendable + [each.difference for each in findings if not each.names & fresh]


def _too_late(purchase: Purchase) -> Difference:
    """Nobody can spend what was paid once the account was erased: an operator refunds it."""
    what = f"paid after the erasure, refund it: {purchase.public_id}"
    return Difference(purchase.account_id, what, purchase.amount_minor, purchase.reversed_minor)


def _names_in_news(since: datetime) -> set[str | None]:
    events = adapters.current().payments.events_between(since, clock.after(CLOCKS_DIFFER_S))
    names: set[str | None] = set()
    for event in chain.from_iterable(events):
        names |= {event.session_id, event.payment_id, event.reference}
    return names - {None}


def _findings() -> Iterator[Finding]:
    yield from _of_sessions(clock.after(-SESSIONS_BACK_S))
    yield from _of_reversals(clock.after(-REVERSALS_BACK_S))


def _of_sessions(since: datetime) -> Iterator[Finding]:
    """Every session that Stripe calls paid is a purchase that we call paid, and the reverse."""
    theirs = {one.session_id: one for one in adapters.current().payments.paid_since(since)}
    known = purchases.by_sessions(theirs)
    for session_id, checkout in theirs.items():
        mine = known.get(session_id) or purchases.by_reference(checkout.reference)
        if session_id not in known or mine is None or mine.status is not PurchaseStatus.PAID:
            state = mine.status.value if mine else "unknown"
            what = f"paid at Stripe, not here: {session_id}"
            yield _finding(mine, what, "paid", state, checkout)
        elif (checkout.amount_minor, checkout.currency) != (mine.amount_minor, mine.currency):
            what = f"amount of {session_id}"
            yield _finding(mine, what, mine.amount_minor, checkout.amount_minor, checkout)
    for mine in purchases.paid_since(since + timedelta(seconds=CLOCKS_DIFFER_S)):
        if mine.session_id not in theirs:
            what = f"paid here, not at Stripe: {mine.session_id}"
            yield _finding(mine, what, "paid", "not paid")


def _of_reversals(since: datetime) -> Iterator[Finding]:
    """What Stripe has taken back of a payment is what we have, and the reverse."""
    payments = adapters.current().payments
    taken: defaultdict[str, int] = defaultdict(int)
    for reversal in payments.reversals_since(since):
        taken[reversal.payment_id] += reversal.amount_minor
    whole = since + timedelta(seconds=CLOCKS_DIFFER_S)
    ours = {str(mine.payment_id): mine for mine in purchases.taken_back_since(whole)}
    for payment_id, mine in {**ours, **purchases.by_payments(taken)}.items():
        total = taken[payment_id]
        if mine.created_at < whole:  # it may have been refunded before the list begins
            total = sum(each.amount_minor for each in payments.reversals(payment_id))
        expected = min(total, mine.amount_minor)
        if expected != mine.reversed_minor and not mine.refunding_minor:
            what = f"taken back of {payment_id}"
            yield _finding(mine, what, expected, mine.reversed_minor)


def _finding(
    purchase: Purchase | None,
    what: str,
    expected: int | str,
    found: int | str,
    checkout: Checkout | None = None,
) -> Finding:
    names = [checkout.session_id, checkout.payment_id] if checkout else []
    if purchase is not None:
        names += [purchase.public_id, purchase.session_id, purchase.payment_id]
    account_id = purchase.account_id if purchase else None
    difference = Difference(account_id, what, expected, found)
    return Finding(difference, purchase, frozenset(names) - {None})


@dataclass(frozen=True)
class Outcome:
    """What became of one difference: `granted`, `corrected`, or why neither."""

    what: str
    result: str


def fulfil(reason: str, *, dry_run: bool = False) -> list[Outcome]:
    """Look again at every purchase that differs from Stripe's lists. Raises `MayWorkLater`,
    `NeverWill`."""
    findings = list(_findings())
    return [
        Outcome(each.difference.what, "would look" if dry_run else _looked_again(each, reason))
        for each in findings
    ]


def _looked_again(finding: Finding, reason: str) -> str:
    """What came of it. That an operator had it looked at is written down first."""
    before = finding.purchase
    if before is None:
        return "not granted: no such purchase here"
    with transaction():
        subject, facts = before.account.public_id, {"purchase": before.public_id}
        audit.record("credits.fulfil", subject=subject, reason=reason, facts=facts)
    check(before.id)
    after = Purchase.get_by_id(before.id)
    if after.status is not before.status and after.status is PurchaseStatus.PAID:
        return "granted"
    if after.reversed_minor != before.reversed_minor:
        return "corrected"
    if after.status is PurchaseStatus.PAID:
        return "not granted: paid already, by another session or not at Stripe"
    return "not granted: what was paid is not what our row says"
