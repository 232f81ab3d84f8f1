"""The HTTP API of the Stripe stand-in, below `/v1`."""

import operator
import time
from collections.abc import Callable
from typing import Any, NoReturn

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.routed import Routed, cut_connection, json_answer, mount_url
from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_documents import (
    charge_document,
    dispute_document,
    payment_document,
    refund_document,
)
from fluxgen.sandbox.stripe_events import API_VERSION, CAUSE, Cause
from fluxgen.sandbox.stripe_expand import MAX_EXPANDED, expand
from fluxgen.sandbox.stripe_faults import StripeFaults
from fluxgen.sandbox.stripe_forms import decode
from fluxgen.sandbox.stripe_idempotency import Results
from fluxgen.sandbox.stripe_lists import list_document, read_page
from fluxgen.sandbox.stripe_orders import read_refund_order, read_session_order
from fluxgen.sandbox.stripe_params import Params
from fluxgen.sandbox.stripe_records import Dispute, Refund, Session, new_id
from fluxgen.sandbox.stripe_refusals import StripeRefused, broken
from fluxgen.sandbox.stripe_returns import Returns
from fluxgen.sandbox.stripe_session_document import session_document
from fluxgen.sandbox.stripe_till import Till

MAX_EVENT_KINDS = 20
_CUT = "fluxgen.sandbox.cut"


class StripeApi(Routed):
    """Answers what FluxGen uses of the API, strictly: anything else is refused."""

    rules = (
        ("POST", "/v1/checkout/sessions", "create_session"),
        ("GET", "/v1/checkout/sessions", "list_sessions"),
        ("GET", "/v1/checkout/sessions/<wanted>", "show_session"),
        ("GET", "/v1/checkout/sessions/<wanted>/line_items", "show_line_items"),
        ("POST", "/v1/checkout/sessions/<wanted>/expire", "expire_session"),
        ("GET", "/v1/payment_intents/<wanted>", "show_payment"),
        ("GET", "/v1/charges/<wanted>", "show_charge"),
        ("POST", "/v1/refunds", "create_refund"),
        ("GET", "/v1/refunds", "list_refunds"),
        ("GET", "/v1/refunds/<wanted>", "show_refund"),
        ("GET", "/v1/disputes", "list_disputes"),
        ("GET", "/v1/disputes/<wanted>", "show_dispute"),
        ("GET", "/v1/events", "list_events"),
        ("GET", "/v1/events/<wanted>", "show_event"),
    )

    def __init__(
        self,
        desk: Desk,
        till: Till,
        returns: Returns,
        faults: StripeFaults,
        now: Callable[[], float],
    ) -> None:
        super().__init__()
        self._desk = desk
        self._till = till
        self._returns = returns
        self._faults = faults
        self._results = Results(now)

    def answer(self, request: Request) -> Response:
        """Through the gate, by its idempotency key, to the route."""
        cause = Cause(new_id("req_", 7), request.headers.get("Idempotency-Key"))
        before = CAUSE.set(cause)
        dispatch = super().answer

        def carry_out() -> Response:
            if self._faults.slow_s:
                time.sleep(self._faults.slow_s)
            return dispatch(request)

        try:
            self._gate(request)
            self._till.catch_up()
            if request.method == "POST":
                response = self._results.once(request, carry_out)
            else:
                response = carry_out()
        except StripeRefused as refused:
            response = refused.answer
        finally:
            CAUSE.reset(before)
        if request.environ.get(_CUT):
            return cut_connection(request)
        response.headers["Request-Id"] = cause.request_id
        response.headers["Stripe-Version"] = API_VERSION
        return response

    def refuse(self, request: Request, refusal: HTTPException) -> NoReturn:
        """What the router does not know."""
        words = f"Unrecognized request URL ({request.method}: {request.path})."
        raise StripeRefused(words, status=refusal.code or 500)

    # Checkout Sessions

    def create_session(self, request: Request) -> Response:
        """POST /v1/checkout/sessions."""
        params, paths = _read(request.form)
        order = read_session_order(params, self._desk.now)
        self._before_creating()
        with self._desk.lock:
            session = self._till.open(order, mount_url(request))
            answer = self._whole(session_document(session), paths)
        self._after_creating(request)
        return answer

    def list_sessions(self, request: Request) -> Response:
        """GET /v1/checkout/sessions, by time, status or payment."""
        params, paths = _read(request.args)
        status = params.one_of("status", "open", "complete", "expired")
        payment = params.text("payment_intent")

        def chosen(one: Session) -> bool:
            own = one.payment.id if one.payment else None
            return status in (None, one.status) and payment in (None, own)

        return self._list(request, params, paths, self._desk.sessions, session_document, chosen)

    def show_session(self, request: Request, wanted: str) -> Response:
        """GET /v1/checkout/sessions/{id}."""
        return self._show(request, lambda: session_document(self._desk.session(wanted)))

    def show_line_items(self, request: Request, wanted: str) -> Response:
        """GET /v1/checkout/sessions/{id}/line_items: all of them on one page."""
        params, _ = _read(request.args)
        read_page(params)
        params.finish()
        with self._desk.lock:
            document = session_document(self._desk.session(wanted))
            return json_answer(expand(self._desk, document, ["line_items"])["line_items"])

    def expire_session(self, request: Request, wanted: str) -> Response:
        """POST /v1/checkout/sessions/{id}/expire."""
        params, paths = _read(request.form)
        params.finish()
        with self._desk.lock:
            return self._whole(session_document(self._till.expire(wanted)), paths)

    # Payments, refunds, disputes

    def show_payment(self, request: Request, wanted: str) -> Response:
        """GET /v1/payment_intents/{id}."""
        return self._show(request, lambda: payment_document(self._desk.payment(wanted)))

    def show_charge(self, request: Request, wanted: str) -> Response:
        """GET /v1/charges/{id}."""
        return self._show(request, lambda: charge_document(self._desk.charge(wanted)))

    def create_refund(self, request: Request) -> Response:
        """POST /v1/refunds."""
        params, paths = _read(request.form)
        order = read_refund_order(params)
        self._before_creating()
        with self._desk.lock:
            if order.charge is not None:
                charge = self._desk.charge(order.charge)
            else:
                charge = self._desk.charge_of(order.payment_intent or "")
            fails = self._faults.strikes("refund_fail")
            pends = fails or self._faults.strikes("refund_pending")
            refund = self._returns.refund(
                charge,
                order.amount,
                status="pending" if pends else "succeeded",
                reason=order.reason,
                metadata=order.metadata,
            )
            answer = self._whole(refund_document(refund), paths)
            if fails:
                self._returns.settle_refund(refund, "failed")
        self._after_creating(request)
        return answer

    def list_refunds(self, request: Request) -> Response:
        """GET /v1/refunds, by time, payment or charge."""
        return self._list_of_charge(request, self._desk.refunds, refund_document)

    def show_refund(self, request: Request, wanted: str) -> Response:
        """GET /v1/refunds/{id}."""
        return self._show(request, lambda: refund_document(self._desk.refund(wanted)))

    def list_disputes(self, request: Request) -> Response:
        """GET /v1/disputes, by time, payment or charge."""
        return self._list_of_charge(request, self._desk.disputes, dispute_document)

    def show_dispute(self, request: Request, wanted: str) -> Response:
        """GET /v1/disputes/{id}."""
        return self._show(request, lambda: dispute_document(self._desk.dispute(wanted)))

    # Events

    def list_events(self, request: Request) -> Response:
        """GET /v1/events, by time and kind; a kind may end in `.*`."""
        params, paths = _read(request.args)
        kinds = params.texts("types", most=MAX_EVENT_KINDS)
        kinds += [kind for kind in [params.text("type")] if kind]
        page = read_page(params)
        params.finish()
        with self._desk.lock:
            events = self._desk.events.newest_first()
            found, has_more = page.cut(
                events, lambda event: _is_of(event["type"], kinds), operator.getitem
            )
            return self._whole(list_document(request.path, found, has_more), paths)

    def show_event(self, request: Request, wanted: str) -> Response:
        """GET /v1/events/{id}."""
        return self._show(request, lambda: self._desk.events.find(wanted))

    # Inside

    def _gate(self, request: Request) -> None:
        if self._faults.strikes("down"):
            raise StripeRefused("The service is unavailable.", status=503, kind="api_error")
        kind, _, key = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or not key.startswith("sk_test_"):
            words = "Invalid API Key provided: the sandbox takes only keys that begin sk_test_."
            raise StripeRefused(words, status=401)
        version = request.headers.get("Stripe-Version", API_VERSION)
        if version != API_VERSION:
            raise StripeRefused(f"Invalid Stripe API version: {version}. Only {API_VERSION}.")

    def _before_creating(self) -> None:
        if self._faults.strikes("create_error"):
            raise broken(is_result=True)

    def _after_creating(self, request: Request) -> None:
        if self._faults.strikes("create_lost"):
            raise broken(is_result=True)
        request.environ[_CUT] = self._faults.strikes("create_dropped")

    def _show(self, request: Request, document: Callable[[], dict[str, Any]]) -> Response:
        params, paths = _read(request.args)
        params.finish()
        with self._desk.lock:
            return self._whole(document(), paths)

    def _list(
        self,
        request: Request,
        params: Params,
        paths: list[str],
        shelf: dict[str, Any],
        document: Callable[[Any], dict[str, Any]],
        chosen: Callable[[Any], bool],
    ) -> Response:
        page = read_page(params)
        params.finish()
        with self._desk.lock:
            found, has_more = page.cut(list(reversed(shelf.values())), chosen)
            documents = [document(one) for one in found]
            return self._whole(list_document(request.path, documents, has_more), paths)

    def _list_of_charge(
        self,
        request: Request,
        shelf: dict[str, Any],
        document: Callable[[Any], dict[str, Any]],
    ) -> Response:
        params, paths = _read(request.args)
        payment, charge = params.text("payment_intent"), params.text("charge")

        def chosen(one: Refund | Dispute) -> bool:
            return payment in (None, one.charge.payment.id) and charge in (None, one.charge.id)

        return self._list(request, params, paths, shelf, document, chosen)

    def _whole(self, document: dict[str, Any], paths: list[str]) -> Response:
        return json_answer(expand(self._desk, document, paths))


def _read(fields: Any) -> tuple[Params, list[str]]:
    """The parameters, and among them what to expand."""
    params = Params(decode(fields.items(multi=True)))
    return params, params.texts("expand", most=MAX_EXPANDED)


def _is_of(kind: str, kinds: list[str]) -> bool:
    return not kinds or any(
        kind == one or (one.endswith(".*") and kind.startswith(one[:-1])) for one in kinds
    )
