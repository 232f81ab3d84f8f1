"""Selling at the Stripe stand-in: sessions are opened, paid, declined, left to expire."""

import heapq
from collections.abc import Callable

from fluxgen.sandbox.agenda import Agenda
from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_orders import SessionOrder
from fluxgen.sandbox.stripe_records import Charge, Payment, Session
from fluxgen.sandbox.stripe_refusals import StripeRefused

MAX_SESSIONS = 50_000
SETTLES_AFTER_S = 8.0


class Till:
    """What happens to sessions. Every method is one step, done as a whole or refused."""

    def __init__(self, desk: Desk, now: Callable[[], float]) -> None:
        self._desk = desk
        self._now = now
        self._due: list[tuple[float, str]] = []
        # Wakes us when nobody asks, so that what is due is told in time.
        self._alarm: Agenda[str] = Agenda(lambda _: self.catch_up(), now, name="sandbox-till")

    def close(self) -> None:
        """Wake no more."""
        self._alarm.close()

    def catch_up(self) -> None:
        """Do what was due by the clock: expire sessions, settle delayed payments."""
        with self._desk.lock:
            while self._due and self._due[0][0] <= self._now():
                self._age(self._desk.sessions[heapq.heappop(self._due)[1]])

    def open(self, order: SessionOrder, base_url: str) -> Session:
        """A new session."""
        with self._desk.lock:
            if len(self._desk.sessions) >= MAX_SESSIONS:
                raise StripeRefused("The stand-in is full.", status=429, code="rate_limit")
            session = Session(order, base_url, self._desk.now)
            self._desk.sessions[session.id] = session
            self._remind(session.expires_at, session)
            return session

    def pay(self, session_id: str) -> Payment:
        """By card, at once."""
        with self._desk.lock:
            session = self._open_session(session_id)
            charge = self._attempt(session, "card")
            self._collect(charge)
            session.payment_status = "paid"
            self._complete(session)
            return charge.payment

    def pay_later(
        self, session_id: str, *, settles_ok: bool = True, after_s: float | None = None
    ) -> Payment:
        """By a delayed method: completes unpaid. It settles when told to, or after `after_s`."""
        with self._desk.lock:
            session = self._open_session(session_id)
            if "sepa_debit" not in session.order.methods:
                raise StripeRefused("This Checkout Session does not allow delayed payment methods.")
            charge = self._attempt(session, "sepa_debit")
            charge.payment.status, charge.status = "processing", "pending"
            session.settles_ok = settles_ok
            self._desk.tell_charge("pending", charge)
            self._desk.tell_payment("processing", charge.payment)
            self._complete(session)
            if after_s is not None:
                self._remind(self._now() + after_s, session)
            return charge.payment

    def settle_later(self, session_id: str, ok: bool) -> None:
        """A delayed payment arrives, or fails."""
        with self._desk.lock:
            session = self._session(session_id)
            if not session.is_processing:
                raise StripeRefused("This Checkout Session has no delayed payment on its way.")
            self._settle(session, ok)

    def decline(self, session_id: str) -> Payment:
        """The card is declined; the session stays open."""
        with self._desk.lock:
            charge = self._attempt(self._open_session(session_id), "card")
            self._fail(charge)
            return charge.payment

    def expire(self, session_id: str) -> Session:
        """End an open session now."""
        with self._desk.lock:
            session = self._session(session_id)
            if session.status != "open":
                raise _not_open(session)
            self._expire(session)
            return session

    def _session(self, session_id: str) -> Session:
        self.catch_up()
        return self._desk.session(session_id)

    def _open_session(self, session_id: str) -> Session:
        session = self._session(session_id)
        if session.status != "open":
            raise _not_open(session)
        return session

    def _attempt(self, session: Session, method: str) -> Charge:
        desk = self._desk
        payment = session.payment
        if payment is None:
            payment = Payment(session.order, desk.now, "requires_payment_method")
            session.payment = desk.payments[payment.id] = payment
            desk.tell_payment("created", payment)
        charge = Charge(payment, method, desk.now, "pending")
        payment.charge = desk.charges[charge.id] = charge
        return charge

    def _collect(self, charge: Charge) -> None:
        charge.status, charge.payment.status = "succeeded", "succeeded"
        self._desk.tell_charge("succeeded", charge)
        self._desk.tell_payment("succeeded", charge.payment)

    def _fail(self, charge: Charge) -> None:
        charge.status, charge.payment.status = "failed", "requires_payment_method"
        self._desk.tell_charge("failed", charge)
        self._desk.tell_payment("payment_failed", charge.payment)

    def _settle(self, session: Session, ok: bool) -> None:
        assert session.payment is not None and session.payment.charge is not None
        if ok:
            self._collect(session.payment.charge)
            session.payment_status = "paid"
            self._desk.tell_session("async_payment_succeeded", session)
        else:
            self._fail(session.payment.charge)
            self._desk.tell_session("async_payment_failed", session)

    def _complete(self, session: Session) -> None:
        session.status = "complete"
        self._desk.tell_session("completed", session)

    def _expire(self, session: Session) -> None:
        session.status = "expired"
        if session.payment is not None:
            session.payment.status = "canceled"
            self._desk.tell_payment("canceled", session.payment)
        self._desk.tell_session("expired", session)

    def _remind(self, at: float, session: Session) -> None:
        heapq.heappush(self._due, (at, session.id))
        self._alarm.plan(at, session.id)

    def _age(self, session: Session) -> None:
        if session.status == "open" and session.expires_at <= self._now():
            self._expire(session)
        elif session.is_processing:
            self._settle(session, session.settles_ok)


def _not_open(session: Session) -> StripeRefused:
    return StripeRefused(
        'Only Checkout Sessions with a status in ["open"] can be paid or expired. '
        f"This Checkout Session has a status of `{session.status}`."
    )
