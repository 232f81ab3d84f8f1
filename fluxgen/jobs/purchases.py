"""One purchase, brought in line with what Stripe says: the one place where credits are granted.

Called by the return page, webhooks, the five-minute poll and the operator; any number of
times, in any order.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from fluxgen import adapters, purchases
from fluxgen.adapters.payments import Checkout, CheckoutState
from fluxgen.credits import AlreadyBooked
from fluxgen.errors import MayWorkLater, NeverWill, Refused
from fluxgen.jobs import bell
from fluxgen.models import PENDING, Purchase, PurchaseStatus

CHECK = "fluxgen.jobs.purchases.check"
LOOKS_MAX = 5
BEGAN_EARLIER_S, BEGAN_LATER_S = 300, 900
"""Around a purchase's own moment its session was opened, by Stripe's clock."""

log = logging.getLogger(__name__)


def ring(purchase: Purchase) -> None:
    """Ask for a look at this purchase, after its row is committed."""
    bell.ring(CHECK, purchase.id, bell.MONEY)


def look(purchase: Purchase, *, abandon: bool = False) -> Purchase:
    """How a purchase stands, for a page: Stripe is asked here and now, not by a worker, but
    only where it can have news, and every few seconds at most."""
    if purchases.may_ask(purchase):
        check(purchase.id, abandon=abandon)
    return purchases.by_reference(purchase.public_id) or purchase


def check(purchase_id: int, *, abandon: bool = False) -> None:
    """Ask Stripe how this purchase stands, and act on that. `abandon` closes an open one.

    A Stripe that does not answer is asked again in a minute.
    """
    purchase = Purchase.get_or_none(Purchase.id == purchase_id)
    if purchase is None:
        return
    try:
        _follow(purchase, abandon)
        _set_aside_what_is_in_vain(purchase)
        _send_back(purchase)
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
    """From open to one of its ends. Where too many cards were refused, an open one is closed."""
    if purchase.status is PurchaseStatus.PAID:
        return
    checkout = _checkout(purchase)
    if checkout is None:
        if purchases.is_overdue(purchase):
            purchases.ended(purchase, PurchaseStatus.EXPIRED)
        return
    is_stopped = purchases.is_stopped(purchase.account_id)
    if checkout.state is CheckoutState.OPEN and (abandon or is_stopped):
        checkout = adapters.current().payments.abandon(checkout.session_id)
    match checkout.state:
        case CheckoutState.PAID:
            _grant(purchase, checkout)
        case CheckoutState.PROCESSING:
            purchases.processing(purchase)
        case CheckoutState.FAILED:
            purchases.ended(purchase, PurchaseStatus.FAILED)
        case CheckoutState.EXPIRED if abandon:
            purchases.ended(purchase, PurchaseStatus.CANCELLED)
        case CheckoutState.EXPIRED:
            ending = PurchaseStatus.FAILED if is_stopped else PurchaseStatus.EXPIRED
            purchases.ended(purchase, ending)
        case CheckoutState.OPEN:
            pass


def _checkout(purchase: Purchase) -> Checkout | None:
    """Its session; one whose name was lost between Stripe's answer and our writing it down is
    looked for, and adopted where all that it says is ours."""
    payments = adapters.current().payments
    if purchase.session_id is None:
        since = purchase.created_at - timedelta(seconds=BEGAN_EARLIER_S)
        until = purchase.created_at + timedelta(seconds=BEGAN_LATER_S)
        ours = (purchase.public_id, purchase.pack, purchase.amount_minor, purchase.currency)
        found = [
            one
            for one in payments.begun_between(since, until)
            if (one.reference, one.pack, one.amount_minor, one.currency) == ours
        ]
        if not found:
            return None
        paid = [one for one in found if one.state is CheckoutState.PAID]
        purchases.adopted(purchase, (paid or found)[0].session_id)
    return payments.checkout(str(purchase.session_id))


def _grant(purchase: Purchase, checkout: Checkout) -> None:
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


def _set_aside_what_is_in_vain(purchase: Purchase) -> None:
    """What was paid when the account was going already goes back, tried once; if Stripe refuses,
    it is an operator's. Raises `MayWorkLater` where it moved meanwhile."""
    if not purchases.is_paid_in_vain(purchase):
        return
    try:
        for _, credits_back, amount_minor in purchases.refundable_of(purchase):
            purchases.set_aside(purchase, amount_minor, credits_back, purchases.IN_VAIN)
    except Refused as moved:
        raise MayWorkLater("moved by others") from moved


def _send_back(purchase: Purchase) -> bool:
    """Ask for the refund whose credits are set aside, if there is one; False: Stripe refuses."""
    if not purchase.refunding_minor or purchase.payment_id is None:
        return True
    is_made = True
    order = f"refund-{purchase.public_id}-{purchase.attempt}"
    try:
        adapters.current().payments.refund(purchase.payment_id, purchase.refunding_minor, order)
    except NeverWill:
        log.warning("refund refused", extra={"job": "check"})
        is_made = False
    purchases.refund_ended(purchase)
    return is_made


def _follow_reversals(purchase: Purchase) -> None:
    """Refunds and disputes, all of them, as they stand now; whoever writes last has asked last.

    Raises `MayWorkLater` where others moved it each time: the look is not over then.
    """
    if purchase.status is not PurchaseStatus.PAID or purchase.payment_id is None:
        return
    for _ in range(LOOKS_MAX):
        before = Purchase.get_by_id(purchase.id)
        reversals = adapters.current().payments.reversals(purchase.payment_id)
        total = sum(reversal.amount_minor for reversal in reversals)
        kinds = sorted({reversal.kind for reversal in reversals})
        if not purchases.correct(before, total, " and ".join(kinds) or "taken back no longer"):
            return
    raise MayWorkLater("moved by others")


def refund(
    purchase: Purchase,
    amount_minor: int,
    credits_back: int,
    reason: str = purchases.UNSPENT,
) -> None:
    """Send money back for unspent credits: set them aside, ask Stripe, book what it says.

    Raises `Refused` (moved meanwhile), `NeverWill` (Stripe refuses; the credits are back) and
    `MayWorkLater` (it does not answer; the credits stay aside and it is asked on).
    """
    if purchase.payment_id is None or purchase.status in PENDING:
        raise Refused("This purchase is not paid.")
    expected_minor = purchase.reversed_minor + amount_minor
    purchases.set_aside(purchase, amount_minor, credits_back, reason)
    try:
        is_made = _send_back(purchase)
    except MayWorkLater:
        purchases.put_back(purchase)
        raise
    check(purchase.id)
    after = purchases.by_reference(purchase.public_id)
    if not is_made or after is None or after.reversed_minor < expected_minor:
        raise NeverWill("refused")
