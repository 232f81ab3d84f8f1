"""The Stripe stand-in's desk: everything it knows, one lock around it, and what happened."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from fluxgen.sandbox.stripe_documents import (
    charge_document,
    dispute_document,
    payment_document,
    refund_document,
)
from fluxgen.sandbox.stripe_events import Events
from fluxgen.sandbox.stripe_records import Charge, Dispute, Payment, Refund, Session
from fluxgen.sandbox.stripe_refusals import StripeRefused, no_such
from fluxgen.sandbox.stripe_session_document import session_document

T = TypeVar("T")


class Desk:
    """Records by id, oldest first. Whoever reads or writes them holds `lock`."""

    def __init__(self, now: Callable[[], float], tell: Callable[[dict[str, Any]], None]) -> None:
        self._now = now
        self.lock = threading.RLock()
        self.events = Events(now, tell)
        self.sessions: dict[str, Session] = {}
        self.payments: dict[str, Payment] = {}
        self.charges: dict[str, Charge] = {}
        self.refunds: dict[str, Refund] = {}
        self.disputes: dict[str, Dispute] = {}

    @property
    def now(self) -> int:
        """Whole unix seconds."""
        return int(self._now())

    def session(self, wanted: str) -> Session:
        """A session by id. Raises `StripeRefused`, as the next ones do."""
        return _found(self.sessions, wanted, "checkout.session", "session")

    def payment(self, wanted: str) -> Payment:
        """A payment by id."""
        return _found(self.payments, wanted, "payment_intent", "intent")

    def charge(self, wanted: str) -> Charge:
        """A charge by id."""
        return _found(self.charges, wanted, "charge", "charge")

    def charge_of(self, payment_id: str) -> Charge:
        """The latest charge of a payment."""
        charge = self.payment(payment_id).charge
        if charge is None:
            raise StripeRefused(f"{payment_id} does not have a successful charge.")
        return charge

    def refund(self, wanted: str) -> Refund:
        """A refund by id."""
        return _found(self.refunds, wanted, "refund", "refund")

    def dispute(self, wanted: str) -> Dispute:
        """A dispute by id."""
        return _found(self.disputes, wanted, "dispute", "dispute")

    def tell_session(self, happened: str, session: Session) -> None:
        """`checkout.session.<happened>`."""
        self.events.add(f"checkout.session.{happened}", session_document(session))

    def tell_payment(self, happened: str, payment: Payment) -> None:
        """`payment_intent.<happened>`."""
        self.events.add(f"payment_intent.{happened}", payment_document(payment))

    def tell_charge(self, happened: str, charge: Charge, **was: object) -> None:
        """`charge.<happened>`."""
        self.events.add(f"charge.{happened}", charge_document(charge), was)

    def tell_refund(self, happened: str, refund: Refund, **was: object) -> None:
        """`refund.<happened>`."""
        self.events.add(f"refund.{happened}", refund_document(refund), was)

    def tell_dispute(self, happened: str, dispute: Dispute, **was: object) -> None:
        """`charge.dispute.<happened>`."""
        self.events.add(f"charge.dispute.{happened}", dispute_document(dispute), was)


def _found(shelf: dict[str, T], wanted: str, kind: str, param: str) -> T:
    if wanted not in shelf:
        raise no_such(kind, wanted, param)
    return shelf[wanted]
