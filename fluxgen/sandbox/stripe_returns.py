"""Money that goes back at the Stripe stand-in: refunds and disputes."""

from collections.abc import Mapping

from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_records import (
    OPEN_DISPUTES,
    Charge,
    Dispute,
    Refund,
    RefundStatus,
)
from fluxgen.sandbox.stripe_refusals import StripeRefused

_NEXT: dict[str, tuple[str, ...]] = {
    "pending": ("succeeded", "failed", "canceled"),
    "succeeded": ("failed",),
    "failed": (),
    "canceled": (),
}


class Returns:
    """Refunds and disputes. Every method is one step, done as a whole or refused."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def refund(
        self,
        charge: Charge,
        amount: int | None = None,
        *,
        status: RefundStatus = "succeeded",
        reason: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Refund:
        """Give `amount` (minor units) back, or all that is left. Raises `StripeRefused`."""
        with self._desk.lock:
            self._check_refundable(charge, amount)
            before = charge.amount_refunded
            refund = Refund(
                charge,
                charge.amount_left if amount is None else amount,
                self._desk.now,
                status,
                reason,
                dict(metadata or {}),
            )
            charge.refunds.append(refund)
            self._desk.refunds[refund.id] = refund
            self._desk.tell_refund("created", refund)
            self._desk.tell_charge("refunded", charge, amount_refunded=before)
            return refund

    def settle_refund(self, refund: Refund, status: RefundStatus) -> None:
        """A refund goes on: a pending one may become anything, a succeeded one may still fail."""
        with self._desk.lock:
            if status not in _NEXT[refund.status]:
                raise StripeRefused(f"A {refund.status} refund cannot become {status}.")
            before, refund.status = refund.status, status
            self._desk.tell_refund("updated", refund, status=before)
            if status == "failed":
                self._desk.tell_refund("failed", refund, status=before)

    def dispute(self, charge: Charge, amount: int | None, *, inquiry: bool) -> Dispute:
        """The bank disputes a payment, by default all of it; an inquiry moves no money."""
        with self._desk.lock:
            _check_charged(charge)
            disputed = charge.payment.amount if amount is None else amount
            if not 1 <= disputed <= charge.payment.amount:
                raise StripeRefused("A dispute is about 1 up to the whole amount.", param="amount")
            dispute = Dispute(
                charge,
                disputed,
                self._desk.now,
                "warning_needs_response" if inquiry else "needs_response",
            )
            charge.disputes.append(dispute)
            self._desk.disputes[dispute.id] = dispute
            self._desk.tell_dispute("created", dispute)
            if not inquiry:
                dispute.moved.append(-disputed)
                self._desk.tell_dispute("funds_withdrawn", dispute)
            return dispute

    def close_dispute(self, dispute: Dispute, *, won: bool) -> None:
        """The bank has decided."""
        with self._desk.lock:
            if dispute.status not in OPEN_DISPUTES:
                raise StripeRefused(f"This dispute is closed already: {dispute.status}.")
            if dispute.status == "warning_needs_response":
                dispute.status = "warning_closed"
                self._desk.tell_dispute("closed", dispute)
                return
            if dispute.status == "needs_response":
                dispute.status = "under_review"
                self._desk.tell_dispute("updated", dispute, status="needs_response")
            dispute.status = "won" if won else "lost"
            if won:
                dispute.moved.append(dispute.amount)
                self._desk.tell_dispute("funds_reinstated", dispute)
            self._desk.tell_dispute("closed", dispute, status="under_review")

    def _check_refundable(self, charge: Charge, amount: int | None) -> None:
        _check_charged(charge)
        if charge.blocking_dispute:
            words = f"Charge {charge.id} has been charged back; cannot issue a refund."
            raise StripeRefused(words, code="charge_disputed", is_result=True)
        if charge.amount_left <= 0:
            words = f"Charge {charge.id} has already been refunded."
            raise StripeRefused(words, code="charge_already_refunded", is_result=True)
        if amount is not None and amount > charge.amount_left:
            words = (
                f"Refund amount ({amount}) is greater than unrefunded amount on charge "
                f"({charge.amount_left})"
            )
            raise StripeRefused(words, code="amount_too_large", param="amount", is_result=True)


def _check_charged(charge: Charge) -> None:
    if charge.status != "succeeded":
        words = f"{charge.payment.id} does not have a successful charge."
        raise StripeRefused(words, param="payment_intent", is_result=True)
