"""A stand-in for Stripe: its API, a hosted page to pay on, and a page to pull the strings.

The API is below `/v1`, the page of a session at `/pay/<id>`, the strings at `/`, and for
tests the fault switches at `/_faults` and the endpoint's address at `/_webhook_url`. No card
is charged and no money moves. State is in memory, so run it in one process.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import httpx

from fluxgen.sandbox.stripe_api import StripeApi
from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_faults import StripeFaults
from fluxgen.sandbox.stripe_front import StripeFront
from fluxgen.sandbox.stripe_records import RefundStatus
from fluxgen.sandbox.stripe_refusals import StripeRefused
from fluxgen.sandbox.stripe_returns import Returns
from fluxgen.sandbox.stripe_till import Till
from fluxgen.sandbox.stripe_webhooks import (
    SANDBOX_STRIPE_WEBHOOK_SECRET,
    StripeWebhooks,
    body_of,
    signature_header,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["SANDBOX_STRIPE_WEBHOOK_SECRET", "StripeRefused", "StripeSandbox", "signature_header"]


class StripeSandbox:
    """The WSGI app. The methods do what a person, a bank or the dashboard would do.

    They may be called from any thread and raise `StripeRefused` where Stripe would refuse.
    Amounts are in minor units; ids are Stripe's (cs_…, pi_…, re_…, du_…).
    """

    def __init__(
        self,
        *,
        faults: Mapping[str, object] | None = None,
        now: Callable[[], float] = time.time,
        webhook_url: str = "",
        webhook_transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.faults = StripeFaults()
        self.faults.change(faults or {}, replace=True)
        self.webhooks = StripeWebhooks(
            self.faults, now, url=webhook_url, transport=webhook_transport
        )
        self._desk = Desk(now, self.webhooks.tell)
        self._till = Till(self._desk, now)
        self._returns = Returns(self._desk)
        self._api = StripeApi(self._desk, self._till, self._returns, self.faults, now)
        self._front = StripeFront(self._desk, self._till, self._returns, self.faults, self.webhooks)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        is_api = environ.get("PATH_INFO", "").startswith("/v1/")
        return (self._api if is_api else self._front)(environ, start_response)

    def close(self) -> None:
        """Stop the background threads."""
        self._till.close()
        self.webhooks.close()

    @property
    def events(self) -> list[dict[str, Any]]:
        """Everything that happened, oldest first, as the API shows it."""
        self._till.catch_up()
        with self._desk.lock:
            return self._desk.events.all()

    def signed(self, event: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Body and headers with which this event would be told, for tests that tell it."""
        body = body_of(event)
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature_header(body)}
        return body, headers

    # At the hosted page

    def pay(self, session_id: str) -> str:
        """By card, at once; the payment's id."""
        return self._till.pay(session_id).id

    def pay_later(self, session_id: str) -> str:
        """By a delayed method: completes unpaid, until `settle_later`; the payment's id."""
        return self._till.pay_later(session_id).id

    def settle_later(self, session_id: str, ok: bool = True) -> None:
        """The delayed payment arrives, or fails."""
        self._till.settle_later(session_id, ok)

    def decline(self, session_id: str) -> str:
        """The card is declined and the session stays open; the payment's id."""
        return self._till.decline(session_id).id

    def cancel(self, session_id: str) -> str | None:
        """The person goes back: the address they go to. Nothing changes."""
        with self._desk.lock:
            return self._desk.session(session_id).order.cancel_url

    def expire(self, session_id: str) -> None:
        """End an open session now."""
        self._till.expire(session_id)

    # At the dashboard and the bank

    def refund(self, payment_intent: str, amount: int | None = None, *, fails: bool = False) -> str:
        """Give back some, or all that is left; a failing one is pending first. Its id."""
        with self._desk.lock:
            charge = self._desk.charge_of(payment_intent)
            refund = self._returns.refund(
                charge, amount, status="pending" if fails else "succeeded"
            )
            if fails:
                self._returns.settle_refund(refund, "failed")
            return refund.id

    def settle_refund(self, refund_id: str, status: RefundStatus = "succeeded") -> None:
        """A pending refund goes on, or one that had succeeded fails."""
        with self._desk.lock:
            self._returns.settle_refund(self._desk.refund(refund_id), status)

    def dispute(
        self, payment_intent: str, amount: int | None = None, *, inquiry: bool = False
    ) -> str:
        """The bank disputes some or all of it; an inquiry (`warning_…`) moves no money. Its id."""
        with self._desk.lock:
            charge = self._desk.charge_of(payment_intent)
            return self._returns.dispute(charge, amount, inquiry=inquiry).id

    def close_dispute(self, dispute_id: str, won: bool = True) -> None:
        """The bank has decided."""
        with self._desk.lock:
            self._returns.close_dispute(self._desk.dispute(dispute_id), won=won)
