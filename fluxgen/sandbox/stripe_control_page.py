"""The page of the Stripe stand-in where one plays dashboard, bank and bad luck."""

from datetime import UTC, datetime
from html import escape

from fluxgen.sandbox import pages
from fluxgen.sandbox.stripe_faults import StripeFaults
from fluxgen.sandbox.stripe_money import money
from fluxgen.sandbox.stripe_pay_page import STYLESHEET as PAY_STYLESHEET
from fluxgen.sandbox.stripe_pay_page import TAG
from fluxgen.sandbox.stripe_records import OPEN_DISPUTES, Charge, Dispute, Refund, Session

MAX_SHOWN = 50
SWITCHES = {
    "webhook_drop": "lose every event",
    "webhook_duplicate": "send every event twice",
    "webhook_reorder": "let later events overtake",
    "webhook_forged": "sign with a wrong key",
    "down": "API is down (503)",
    "create_error": "creating fails (500), nothing is made",
    "create_lost": "creating fails (500), but it is made",
    "refund_pending": "refunds stay pending",
    "refund_fail": "refunds fail after a moment",
}
STYLESHEET = (
    PAY_STYLESHEET
    + """
main { inline-size: min(100%, 46rem); align-self: start; }
h2 { margin-block-start: 2.25rem; font-size: 1.25rem; font-weight: 600; }
.sale { border-block-start: 1px solid var(--rule); padding-block: 1rem; margin-block-start: 1rem; }
.sale h3 { font-size: 1rem; font-weight: 600; }
.sale code, .sale small { color: var(--ink-2); overflow-wrap: anywhere; font-size: 0.8125rem; }
.sale ul { list-style: none; padding: 0; margin-block-start: 0.5rem; }
.sale li { padding-block-start: 0.5rem; }
.acts { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; margin-block-start: 0.5rem; }
.acts .button { margin: 0; inline-size: auto; padding-inline: 0.75rem; font-size: 0.875rem; }
.acts label { margin: 0; font-size: 0.8125rem; }
.acts input:not([type=checkbox]) { inline-size: 8rem; }
fieldset { border: 0; padding: 0; margin-block-start: 0.75rem; display: grid; gap: 0.125rem 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); }
fieldset .check { min-block-size: 2.25rem; margin: 0; }
"""
)


def control_page(
    sessions: list[Session], faults: StripeFaults, webhook_url: str, base_url: str, notice: str
) -> str:
    """The newest sessions with what can happen to each, and the switches. Posts `act` and `id`."""
    action = escape(f"{base_url}/")
    shown = sessions[:MAX_SHOWN]
    sales = "".join(_sale(session, action) for session in shown)
    said = f'<p class="notice bad" role="alert">{escape(notice)}</p>' if notice else ""
    told = (
        f"Events go to <code>{escape(webhook_url)}</code>." if webhook_url else "No event is sent."
    )
    return pages.page(
        "Strings to pull",
        TAG,
        f"""<h1>Strings to pull</h1>
<p>This is FluxGen’s sandbox. No card is charged, no money moves. Here you are the seller’s
dashboard, the cardholder’s bank, and bad luck. {told}</p>
{said}
<h2>Sales</h2>
{sales or "<p>Nobody has bought anything yet.</p>"}
<h2>Bad luck</h2>
<form method="post" action="{action}">
<fieldset>{"".join(_check(name, words, faults) for name, words in SWITCHES.items())}</fieldset>
<div class="acts">
<label>Delay of events, seconds
<input name="webhook_delay_s" type="number" min="0" max="120" step="any"
value="{faults.webhook_delay_s:g}"></label>
<button class="button" name="act" value="switch">Keep these</button>
</div>
</form>""",
        base_url,
        style="control",
    )


def _sale(session: Session, action: str) -> str:
    order, payment = session.order, session.payment
    names = ", ".join(item.name for item in order.line_items)
    at = datetime.fromtimestamp(session.created, UTC)
    charge = payment.charge if payment else None
    acts = []
    if session.status == "open":
        link = f'<a href="{escape(f"{session.base_url}/pay/{session.id}")}">its page</a>'
        acts.append(_form(action, session.id, ("expire", "Expire now")))
    else:
        link = ""
    if session.is_processing:
        arrives, fails = ("settle", "Debit arrives"), ("bounce", "Debit fails")
        acts.append(_form(action, session.id, arrives, fails))
    return f"""<section class="sale">
<h3>{money(order.amount, order.currency)} · {escape(names)}</h3>
<p><small>{at:%d %b %Y, %H:%M:%S} UTC · {session.status}, {session.payment_status} {link}</small></p>
<code>{session.id}</code>{f"<br><code>{payment.id}</code>" if payment else ""}
{"".join(acts)}{_charged(charge, action) if charge and charge.status == "succeeded" else ""}
</section>"""


def _charged(charge: Charge, action: str) -> str:
    payment = charge.payment
    rows = [_refund(refund, action) for refund in charge.refunds]
    rows += [_dispute(dispute, action) for dispute in charge.disputes]
    back = ""
    if charge.amount_left > 0 and not charge.blocking_dispute:
        part = max(1, charge.amount_left // 2)
        back = _form(action, payment.id, ("refund", "Refund all that is left"))
        back += f"""<form method="post" action="{action}" class="acts">
<input type="hidden" name="id" value="{payment.id}">
<label>Minor units <input name="amount" type="number" min="1" max="{charge.amount_left}"
value="{part}" required></label>
{_button("refund", "Refund this part")}{_button("refund_fails", "Refund that fails")}
</form>"""
    against = (("dispute", "Open a dispute"), ("inquiry", "Open an inquiry"))
    return f"{back}{_form(action, payment.id, *against)}<ul>{''.join(rows)}</ul>"


def _refund(refund: Refund, action: str) -> str:
    acts = {
        "pending": (("refund_ok", "It succeeds"), ("refund_bad", "It fails")),
        "succeeded": (("refund_bad", "It fails after all"),),
    }
    amount = money(refund.amount, refund.charge.payment.order.currency)
    form = _form(action, refund.id, *acts[refund.status]) if refund.status in acts else ""
    return f"<li>Refund of {amount}: {refund.status} <code>{refund.id}</code>{form}</li>"


def _dispute(dispute: Dispute, action: str) -> str:
    amount = money(dispute.amount, dispute.charge.payment.order.currency)
    ways = (("won", "We win"), ("lost", "We lose"))
    form = _form(action, dispute.id, *ways) if dispute.status in OPEN_DISPUTES else ""
    status = dispute.status.replace("_", " ")
    return f"<li>Dispute of {amount}: {status} <code>{dispute.id}</code>{form}</li>"


def _form(action: str, subject: str, *acts: tuple[str, str]) -> str:
    buttons = "".join(_button(act, words) for act, words in acts)
    return (
        f'<form method="post" action="{action}" class="acts">'
        f'<input type="hidden" name="id" value="{subject}">{buttons}</form>'
    )


def _button(act: str, words: str) -> str:
    return f'<button class="button line" name="act" value="{act}">{words}</button>'


def _check(name: str, words: str, faults: StripeFaults) -> str:
    on = " checked" if getattr(faults, name) else ""
    return (
        f'<label class="check"><input type="checkbox" name="{name}" value="1"{on}> {words}</label>'
    )
