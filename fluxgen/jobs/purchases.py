"""One purchase, brought in line with what Stripe says: the one place where credits are granted.

Called by the return page, webhooks, the five-minute poll and the operator; any number of
times, in any order.
"""

from __future__ import annotations

import logging
from datetime import datetime

from fluxgen import adapters, clock, purchases
from fluxgen.adapters.payments import Checkout, CheckoutState
from fluxgen.credits import AlreadyBooked, Difference
from fluxgen.errors import MayWorkLater, NeverWill
from fluxgen.jobs import bell
from fluxgen.models import PENDING, Purchase, PurchaseStatus

CHECK = "fluxgen.jobs.purchases.check"
EVENTS_BACK_S = 3 * 24 * 3600
LOOKS_MAX = 5
RECONCILE_BACK_S = 30 * 24 * 3600

log = logging.getLogger(__name__)


def ring(purchase: Purchase) -> None:
    """Ask for a look at this purchase, after its row is committed."""
    bell.ring(CHECK, purchase.id)


def check(purchase_id: int, *, abandon: bool = False) -> None:
    """Ask Stripe how this purchase stands, and act on that. `abandon` closes an open one.

    A Stripe that does not answer is asked again in a minute.
    """
    purchase = Purchase.get_or_none(Purchase.id == purchase_id)
    if purchase is None:
        return
    try:
        _follow(purchase, abandon)
        _follow_reversals(purchase)
    except MayWorkLater as trouble:
        log.info("stripe later", extra={"job": "check", "reason": str(trouble)})
        purchases.put_back(purchase)
        return
    except (purchases.Mismatch, NeverWill) as wrong:
        log.error("purchase does not match", extra={"job": "check", "reason": type(wrong).__name__})
    except AlreadyBooked:
        log.info("booked already", extra={"job": "check"})
    purchases.looked_at(purchase)


def _follow(purchase: Purchase, abandon: bool) -> None:
    """From open to one of its ends."""
    if purchase.session_id is None:
        if (clock.now() - purchase.created_at).total_seconds() > purchases.OPEN_S:
            purchases.ended(purchase, PurchaseStatus.EXPIRED)
        return
    if purchase.status is PurchaseStatus.PAID:
        return
    payments = adapters.current().payments
    checkout = payments.checkout(purchase.session_id)
    if abandon and checkout.state is CheckoutState.OPEN:
        checkout = payments.abandon(purchase.session_id)
    match checkout.state:
        case CheckoutState.PAID:
            grant(purchase, checkout)
        case CheckoutState.PROCESSING:
            purchases.processing(purchase)
        case CheckoutState.FAILED:
            purchases.ended(purchase, PurchaseStatus.FAILED)
        case CheckoutState.EXPIRED:
            ending = PurchaseStatus.CANCELLED if abandon else PurchaseStatus.EXPIRED
            purchases.ended(purchase, ending)
        case CheckoutState.OPEN:
            pass


def grant(purchase: Purchase, checkout: Checkout) -> None:
    """Grant what Stripe itself says is paid. Raises `Mismatch`."""
    if (checkout.reference, checkout.pack) != (purchase.public_id, purchase.pack):
        raise purchases.Mismatch(f"purchase {purchase.id}")
    purchases.paid(
        purchase,
        session_id=checkout.session_id,
        payment_id=checkout.payment_id,
        amount_minor=checkout.amount_minor,
        currency=checkout.currency,
    )


def _follow_reversals(purchase: Purchase) -> None:
    """Refunds and disputes, all of them, as they stand now; whoever writes last has asked last."""
    if purchase.status is not PurchaseStatus.PAID or purchase.payment_id is None:
        return
    for _ in range(LOOKS_MAX):
        reversals = adapters.current().payments.reversals(purchase.payment_id)
        total = sum(reversal.amount_minor for reversal in reversals)
        kinds = sorted({reversal.kind for reversal in reversals})
        if not purchases.correct(purchase, total, " and ".join(kinds) or "taken back no longer"):
            return


def hear_what_was_missed() -> None:
    """Ask Stripe for recent events, and take those that no webhook brought."""
    since = clock.after(-EVENTS_BACK_S)
    try:
        for event in adapters.current().payments.events_since(since):
            purchase = purchases.notice(
                event.id,
                session_id=event.session_id,
                payment_id=event.payment_id,
                reference=event.reference,
                is_decline=event.is_decline,
            )
            if purchase is not None:
                ring(purchase)
    except MayWorkLater as trouble:
        log.info("stripe later", extra={"job": "events", "reason": str(trouble)})


def differences(since: datetime | None = None) -> list[Difference]:
    """Our purchases against Stripe's sessions, in both directions. Raises `MayWorkLater`.

    Changes nothing. Compares what was begun in the last 30 days, or since then.
    """
    since = since or clock.after(-RECONCILE_BACK_S)
    theirs = {one.session_id: one for one in adapters.current().payments.paid_since(since)}
    ours = purchases.paid_by_session()
    return [
        *(_missing_here(one) for id_, one in theirs.items() if id_ not in ours),
        *(
            Difference(mine.account_id, f"paid here, not at Stripe: {id_}", "paid", "not paid")
            for id_, mine in ours.items()
            if id_ not in theirs and mine.created_at > since
        ),
        *(
            _amounts(mine, theirs[id_])
            for id_, mine in ours.items()
            if _differ(mine, theirs.get(id_))
        ),
    ]


def _missing_here(checkout: Checkout) -> Difference:
    purchase = purchases.by_reference(checkout.reference)
    account_id = purchase.account_id if purchase else None
    state = purchase.status.value if purchase else "unknown"
    return Difference(account_id, f"paid at Stripe, not here: {checkout.session_id}", "paid", state)


def _differ(purchase: Purchase, checkout: Checkout | None) -> bool:
    return checkout is not None and (
        (checkout.amount_minor, checkout.currency) != (purchase.amount_minor, purchase.currency)
    )


def _amounts(purchase: Purchase, checkout: Checkout) -> Difference:
    what = f"amount of {checkout.session_id}"
    return Difference(purchase.account_id, what, purchase.amount_minor, checkout.amount_minor)


def fulfil_missing(since: datetime | None = None) -> int:
    """Look again at every purchase that Stripe calls paid and we do not; how many there were."""
    since = since or clock.after(-RECONCILE_BACK_S)
    ours = purchases.paid_by_session()
    count = 0
    for checkout in adapters.current().payments.paid_since(since):
        purchase = purchases.by_reference(checkout.reference)
        if checkout.session_id not in ours and purchase is not None:
            check(purchase.id)
            count += 1
    return count


def refund(purchase: Purchase, amount_minor: int, credits_back: int) -> None:
    """Send money back for unspent credits, then book what Stripe says.

    Raises `NeverWill`, and `MayWorkLater` where Stripe does not confirm it.
    """
    if purchase.payment_id is None or purchase.status in PENDING:
        raise NeverWill("refused")
    key = f"refund-{purchase.public_id}-{purchase.attempt}-{credits_back}"
    purchases.asking_back(purchase)
    try:
        adapters.current().payments.refund(purchase.payment_id, amount_minor, key)
    except NeverWill:
        purchases.next_attempt(purchase)
        raise
    purchases.next_attempt(purchase)
    check(purchase.id)
    after = purchases.by_reference(purchase.public_id)
    if after is None or after.reversed_minor <= purchase.reversed_minor:
        raise MayWorkLater("not confirmed")
