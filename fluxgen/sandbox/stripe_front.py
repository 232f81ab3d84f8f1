"""What people see of the Stripe stand-in: the page to pay on, and the page to pull strings.

For a direct form POST in tests, send to a session's page `act=pay`, `later`, `later_fails`,
`decline` or `cancel`; to the strings `act` and `id`, as the buttons there do.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from fluxgen.sandbox.fault_switches import UnknownFault
from fluxgen.sandbox.pages import page_answer, stylesheet_answer
from fluxgen.sandbox.routed import Routed, json_answer, mount_url
from fluxgen.sandbox.stripe_control_page import STYLESHEET as CONTROL_STYLESHEET
from fluxgen.sandbox.stripe_control_page import SWITCHES, control_page
from fluxgen.sandbox.stripe_desk import Desk
from fluxgen.sandbox.stripe_faults import StripeFaults
from fluxgen.sandbox.stripe_pay_page import DECLINED, STYLESHEET, ended_page, missing_page, pay_page
from fluxgen.sandbox.stripe_records import Session
from fluxgen.sandbox.stripe_refusals import StripeRefused
from fluxgen.sandbox.stripe_returns import Returns
from fluxgen.sandbox.stripe_till import SETTLES_AFTER_S, Till
from fluxgen.sandbox.stripe_webhooks import StripeWebhooks


class StripeFront(Routed):
    """The pages; they work without script."""

    rules = (
        ("GET", "/pay/<session_id>", "show_session"),
        ("POST", "/pay/<session_id>", "act_on_session"),
        ("GET", "/", "control"),
        ("POST", "/", "pull"),
        ("GET", "/control", "control"),
        ("GET", "/style.css", "stylesheet"),
        ("GET", "/control.css", "control_stylesheet"),
        ("GET PUT PATCH", "/_faults", "switch_faults"),
        ("GET POST", "/_webhook_url", "webhook_url"),
    )

    def __init__(
        self,
        desk: Desk,
        till: Till,
        returns: Returns,
        faults: StripeFaults,
        webhooks: StripeWebhooks,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._till = till
        self._returns = returns
        self._faults = faults
        self._webhooks = webhooks

    def refuse(self, request: Request, refusal: HTTPException) -> Response:
        """Refusals are pages."""
        return page_answer(missing_page(mount_url(request)), refusal.code or 500)

    # The page to pay on

    def show_session(self, request: Request, session_id: str) -> Response:
        """GET: what is bought, and the ways to pay."""
        self._till.catch_up()
        with self._desk.lock:
            return self._session_page(request, session_id)

    def act_on_session(self, request: Request, session_id: str) -> Response:
        """POST: the person has decided, and goes back to the app unless declined."""
        try:
            with self._desk.lock:
                session = self._desk.session(session_id)
                goes_to = self._decide(session, request.form.get("act", ""))
        except StripeRefused:  # over meanwhile: the page says how
            return self._session_page(request, session_id, status=409)
        if goes_to is None:
            return self._session_page(request, session_id, notice=DECLINED, status=402)
        answer = redirect(goes_to, 303)
        assert isinstance(answer, Response)
        return answer

    def _decide(self, session: Session, act: str) -> str | None:
        """Where the browser goes; None to stay."""
        match act:
            case "pay":
                self._till.pay(session.id)
            case "later" | "later_fails":
                arrives = act == "later"
                self._till.pay_later(session.id, settles_ok=arrives, after_s=SETTLES_AFTER_S)
            case "decline":
                self._till.decline(session.id)
                return None
            case "cancel" if session.order.cancel_url:
                return session.order.cancel_url
            case _:
                raise StripeRefused(f"There is no way to pay named {act!r}.")
        return session.success_url

    def _session_page(
        self, request: Request, session_id: str, *, notice: str = "", status: int = 200
    ) -> Response:
        base_url = mount_url(request)
        with self._desk.lock:
            session = self._desk.sessions.get(session_id)
            if session is None:
                return page_answer(missing_page(base_url), 404)
            if session.status != "open":
                return page_answer(ended_page(session, base_url), status)
            targets = (session.order.success_url, session.order.cancel_url or base_url)
            return page_answer(pay_page(session, base_url, notice), status, returns_to=targets)

    # The strings

    def control(self, request: Request) -> Response:
        """GET: everything that can be made to happen."""
        return self._control_page(request)

    def pull(self, request: Request) -> Response:
        """POST: make it happen."""
        try:
            with self._desk.lock:
                self._pull(request)
        except (StripeRefused, UnknownFault) as refused:
            return self._control_page(request, str(refused), 409)
        answer = redirect(f"{mount_url(request)}/", 303)
        assert isinstance(answer, Response)
        return answer

    def _pull(self, request: Request) -> None:
        act, subject = request.form.get("act", ""), request.form.get("id", "")
        amount = request.form.get("amount", type=int)
        desk, till, returns = self._desk, self._till, self._returns
        acts: dict[str, Callable[[], object]] = {
            "expire": lambda: till.expire(subject),
            "settle": lambda: till.settle_later(subject, ok=True),
            "bounce": lambda: till.settle_later(subject, ok=False),
            "refund": lambda: returns.refund(desk.charge_of(subject), amount),
            "refund_fails": lambda: returns.settle_refund(
                returns.refund(desk.charge_of(subject), amount, status="pending"), "failed"
            ),
            "refund_ok": lambda: returns.settle_refund(desk.refund(subject), "succeeded"),
            "refund_bad": lambda: returns.settle_refund(desk.refund(subject), "failed"),
            "dispute": lambda: returns.dispute(desk.charge_of(subject), amount, inquiry=False),
            "inquiry": lambda: returns.dispute(desk.charge_of(subject), amount, inquiry=True),
            "won": lambda: returns.close_dispute(desk.dispute(subject), won=True),
            "lost": lambda: returns.close_dispute(desk.dispute(subject), won=False),
            "switch": lambda: self._switch(request),
        }
        if act not in acts:
            raise StripeRefused(f"There is no string named {act!r}.")
        acts[act]()

    def _switch(self, request: Request) -> None:
        """A ticked box is always; one that was on already keeps its share or count."""
        switches: dict[str, object] = {
            name: getattr(self._faults, name) or True if name in request.form else 0
            for name in SWITCHES
        }
        delay_s = request.form.get("webhook_delay_s", 0.0, type=float)
        self._faults.change({**switches, "webhook_delay_s": delay_s})

    def _control_page(self, request: Request, notice: str = "", status: int = 200) -> Response:
        self._till.catch_up()
        with self._desk.lock:
            newest = list(reversed(self._desk.sessions.values()))
            url, base_url = self._webhooks.url, mount_url(request)
            return page_answer(control_page(newest, self._faults, url, base_url, notice), status)

    def stylesheet(self, request: Request) -> Response:
        """The style of the page to pay on."""
        return stylesheet_answer(STYLESHEET)

    def control_stylesheet(self, request: Request) -> Response:
        """The style of the strings."""
        return stylesheet_answer(CONTROL_STYLESHEET)

    # For tests and reliability runs only

    def switch_faults(self, request: Request) -> Response:
        """GET shows the fault switches, PATCH changes some, PUT puts the others back to off."""
        return self._faults.answer(request)

    def webhook_url(self, request: Request) -> Response:
        """POST `url` (JSON or form) says where events go from now on; empty: nowhere."""
        if request.method == "POST":
            body = request.get_json(silent=True)
            given = (body if isinstance(body, dict) else request.form).get("url")
            if not isinstance(given, str) or (given and not urlsplit(given).hostname):
                raise BadRequest("Send the address as url.")
            self._webhooks.url = given
        return json_answer({"url": self._webhooks.url})
