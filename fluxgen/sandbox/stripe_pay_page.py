"""The page of the Stripe stand-in on which a person pays, or does not. It asks for no data."""

from html import escape

from fluxgen.sandbox import pages
from fluxgen.sandbox.stripe_money import money
from fluxgen.sandbox.stripe_records import Session
from fluxgen.sandbox.stripe_till import SETTLES_AFTER_S

TAG = "this is not Stripe"
DECLINED = "The card was declined. Nothing was charged. Try again, or go back."
STYLESHEET = (
    pages.STYLESHEET
    + """
.lines { margin-block: 1.5rem; border-block-start: 1px solid var(--rule); }
.lines div {
  display: flex; justify-content: space-between; gap: 1rem; padding-block: 0.75rem;
  border-block-end: 1px solid var(--rule);
}
.lines dd { margin: 0; white-space: nowrap; font-variant-numeric: tabular-nums; }
.total { font-weight: 600; font-size: 1.25rem; }
.notice { border-inline-start: 4px solid var(--mark); padding-inline-start: 0.75rem; }
.notice.bad { border-color: light-dark(#b91c1e, #fd837b); color: var(--ink); }
.ways { display: grid; gap: 0.625rem; margin-block-start: 1.5rem; }
.ways .button { margin: 0; inline-size: 100%; }
.ways p { margin-block: 0.75rem 0; font-size: 0.875rem; }
a { color: inherit; text-underline-offset: 0.2em; }
"""
)


def pay_page(session: Session, base_url: str, notice: str = "") -> str:
    """The page of an open session. Posts `act`: pay, later, later_fails, decline, cancel."""
    order = session.order
    lines = "".join(
        f"<div><dt>{_line(item.name, item.quantity)}</dt>"
        f"<dd>{money(item.unit_amount * item.quantity, item.currency)}</dd></div>"
        for item in order.line_items
    )
    total = money(order.amount, order.currency)
    said = f'<p class="notice bad" role="alert">{escape(notice)}</p>' if notice else ""
    return pages.page(
        f"Pay {total}",
        TAG,
        f"""<h1>Pay {total}</h1>
<p>This is FluxGen’s sandbox. No card is charged, no money moves.</p>
{said}
<dl class="lines">{lines}<div class="total"><dt>Total</dt><dd>{total}</dd></div></dl>
<form method="post" action="{escape(f"{base_url}/pay/{session.id}")}" class="ways">
{_ways(session)}
</form>""",
        base_url,
    )


def ended_page(session: Session, base_url: str) -> str:
    """The page of a session on which nobody can pay any more."""
    back = session.success_url if session.status == "complete" else session.order.cancel_url
    title, words = _ending(session)
    link = f'<p><a href="{escape(back)}">Go back</a></p>' if back else ""
    return pages.page(title, TAG, f"<h1>{title}</h1><p>{words}</p>{link}", base_url)


def missing_page(base_url: str) -> str:
    """The page of a session that is not there, or any other address without a page."""
    words = "There is no such page. The sandbox forgets everything when it stops."
    return pages.page("Not here", TAG, f"<h1>Not here</h1><p>{words}</p>", base_url)


def _ending(session: Session) -> tuple[str, str]:
    if session.status == "expired":
        return "This page has expired", "Nothing was paid. Go back and begin again."
    if session.payment_status == "paid":
        return "This was paid", "Nothing is left to do here."
    if session.is_processing:
        return "The payment is on its way", "The bank has not answered yet."
    return "The payment did not arrive", "The bank refused the debit. Nothing was paid."


def _line(name: str, quantity: int) -> str:
    return escape(f"{quantity} × {name}" if quantity > 1 else name)


def _ways(session: Session) -> str:
    methods = session.order.methods
    ways: list[str] = []
    if "card" in methods:
        ways.append(_button("pay", "Pay", primary=True))
        ways.append(_button("decline", "Have the card declined"))
    if "sepa_debit" in methods:
        ways.append(
            f"<p>By bank debit the answer comes later, here after {SETTLES_AFTER_S:.0f} seconds.</p>"
        )
        ways.append(_button("later", "Pay later, and it arrives"))
        ways.append(_button("later_fails", "Pay later, and it fails"))
    if session.order.cancel_url:
        ways.append(_button("cancel", "Cancel and go back"))
    return "\n".join(ways)


def _button(act: str, words: str, *, primary: bool = False) -> str:
    kind = "button" if primary else "button line"
    return f'<button class="{kind}" name="act" value="{act}">{words}</button>'
