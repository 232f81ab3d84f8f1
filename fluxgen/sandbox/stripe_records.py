"""What the Stripe stand-in knows: sessions, payments, charges, refunds, disputes.

Amounts are in minor units, times in whole unix seconds.
"""

import secrets
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from fluxgen.sandbox.stripe_orders import SessionOrder

RefundStatus: TypeAlias = Literal["pending", "succeeded", "failed", "canceled"]
DisputeStatus: TypeAlias = Literal[
    "warning_needs_response", "warning_closed", "needs_response", "under_review", "won", "lost"
]
INQUIRIES = ("warning_needs_response", "warning_closed")
OPEN_DISPUTES = ("warning_needs_response", "needs_response", "under_review")


def new_id(prefix: str, size_bytes: int = 12) -> str:
    """An id like Stripe's."""
    return prefix + secrets.token_hex(size_bytes)


@dataclass(eq=False)
class Refund:
    """Money on its way back."""

    charge: "Charge"
    amount: int
    created: int
    status: RefundStatus
    reason: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: new_id("re_3"))


@dataclass(eq=False)
class Dispute:
    """The cardholder's bank wants the money back."""

    charge: "Charge"
    amount: int
    created: int
    status: DisputeStatus
    moved: list[int] = field(default_factory=list)
    """What the dispute moved so far: negative when withdrawn, positive when reinstated."""
    id: str = field(default_factory=lambda: new_id("du_1"))


@dataclass(eq=False)
class Charge:
    """One attempt to take the money."""

    payment: "Payment"
    method: str
    created: int
    status: Literal["succeeded", "pending", "failed"]
    refunds: list[Refund] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    id: str = field(default_factory=lambda: new_id("ch_3"))

    @property
    def amount_refunded(self) -> int:
        """What went back or is on its way; failed and cancelled refunds do not count."""
        return sum(one.amount for one in self.refunds if one.status in ("pending", "succeeded"))

    @property
    def amount_left(self) -> int:
        """What can still be refunded."""
        return self.payment.amount - self.amount_refunded

    @property
    def blocking_dispute(self) -> Dispute | None:
        """A dispute during or after which nothing can be refunded."""
        blocking = ("needs_response", "under_review", "lost")
        return next((one for one in self.disputes if one.status in blocking), None)


@dataclass(eq=False)
class Payment:
    """A PaymentIntent, made when somebody first tries to pay."""

    order: SessionOrder
    created: int
    status: Literal["requires_payment_method", "processing", "succeeded", "canceled"]
    charge: Charge | None = None
    id: str = field(default_factory=lambda: new_id("pi_3"))

    @property
    def amount(self) -> int:
        """The price."""
        return self.order.amount


@dataclass(eq=False)
class Session:
    """A Checkout Session."""

    order: SessionOrder
    base_url: str
    created: int
    status: Literal["open", "complete", "expired"] = "open"
    payment_status: Literal["paid", "unpaid"] = "unpaid"
    payment: Payment | None = None
    expires_at: int = 0
    settles_ok: bool = True
    """How a delayed payment ends if nobody decides it."""
    id: str = field(default_factory=lambda: f"cs_test_a1{secrets.token_hex(28)}")

    def __post_init__(self) -> None:
        self.expires_at = self.order.expires_at

    @property
    def is_processing(self) -> bool:
        """Whether a delayed payment is on its way."""
        return self.payment is not None and self.payment.status == "processing"

    @property
    def success_url(self) -> str:
        """Where the browser goes after paying."""
        return self.order.success_url.replace("{CHECKOUT_SESSION_ID}", self.id)
