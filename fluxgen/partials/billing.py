"""Fragments of purchases: how one stands, updated in place until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request

from fluxgen import clock, formats, purchases, settings
from fluxgen.jobs import purchases as jobs
from fluxgen.models import PENDING, Purchase
from fluxgen.partials import drafts
from fluxgen.presentation import Purse, current_account, reread_account
from fluxgen.security import owner

billing_partials = Blueprint("billing_partials", __name__, url_prefix="/partials/purchases")

LOOKS_OFTEN_S = 15 * 60
OFTEN_S, SELDOM_S = 2, 30


@dataclass(frozen=True)
class PurchaseView:
    """A purchase as people read it."""

    public_id: str
    pack: str
    status: str
    credits: int
    price: str
    refunded: str | None
    reversed_credits: int
    refunding: str | None
    payment_id: str | None
    created_at: datetime
    paid_at: datetime | None
    is_pending: bool

    @property
    def seller(self) -> str:
        """Us, and who runs this installation."""
        return ", ".join(filter(None, ["FluxGen", settings.current().controller]))

    @property
    def page_url(self) -> str:
        return f"/purchases/{self.public_id}"

    @property
    def url_update(self) -> str:
        return f"/partials/purchases/{self.public_id}"

    @property
    def delay_s(self) -> int:
        """How long its page waits before it asks again: a bank may take days, Stripe counts."""
        age_s = (clock.now() - self.created_at).total_seconds()
        return OFTEN_S if age_s < LOOKS_OFTEN_S else SELDOM_S


@billing_partials.get("/<public_id>")
@owner
def show(public_id: str) -> str:
    """How a purchase stands, with the balance that it may just have changed."""
    purchase = jobs.look(own(public_id))
    return render_template(
        "partials/purchase_status_answer.html",
        purchase=purchase_view(purchase),
        draft_waits=bool(drafts.kept()),
        has_returned="returned" in request.args,
        account=Purse(reread_account()),
    )


def own(public_id: str) -> Purchase:
    """The signed-in account's own purchase; foreign and missing alike are 404."""
    purchase = purchases.find(current_account(), public_id)
    if purchase is None:
        abort(404)
    return purchase


def purchase_view(purchase: Purchase) -> PurchaseView:
    """A row in words."""
    refunded = formats.money(purchase.reversed_minor, purchase.currency)
    refunding = formats.money(purchase.refunding_minor, purchase.currency)
    return PurchaseView(
        public_id=purchase.public_id,
        pack=purchase.pack,
        status=purchase.status.value,
        credits=purchase.credits,
        price=formats.money(purchase.amount_minor, purchase.currency),
        refunded=refunded if purchase.reversed_minor else None,
        reversed_credits=purchase.reversed_credits,
        refunding=refunding if purchase.refunding_minor else None,
        payment_id=purchase.payment_id,
        created_at=purchase.created_at,
        paid_at=purchase.paid_at,
        is_pending=purchase.status in PENDING,
    )
