"""Buying credits: packs, the way to Stripe's page, and the way back."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fluxgen import adapters, catalogue, formats, settings
from fluxgen import purchases as purchases_
from fluxgen.adapters.payments import Bill
from fluxgen.errors import MayWorkLater, NeverWill, Refused, TooMany
from fluxgen.jobs import purchases as jobs
from fluxgen.models import PENDING, Purchase, PurchaseStatus
from fluxgen.partials import drafts
from fluxgen.partials.billing import own, purchase_view
from fluxgen.presentation import current_account, reread_account
from fluxgen.security import member, owner, public
from fluxgen.words import _

billing = Blueprint("billing", __name__)

USUAL_PACK = "usual"
AGAIN_AFTER_S = 60

log = logging.getLogger(__name__)


@billing.get("/pricing")
@public
def pricing() -> str:
    """The packs, and what a credit buys."""
    return _pricing()


@billing.post("/purchases")
@member
def buy() -> ResponseReturnValue:
    """Write the purchase down, then lead to Stripe's page for it."""
    try:
        purchase = purchases_.begin(
            current_account(),
            request.form.get("pack", ""),
            consented="consent" in request.form,
        )
    except TooMany as many:
        refused = make_response(_pricing({many.field: many.words}), 429)
        refused.headers["Retry-After"] = str(many.retry_after_s)
        return refused
    except Refused as refusal:
        return _pricing({refusal.field: refusal.words}), 422
    try:
        checkout = adapters.current().payments.start(_bill(purchase))
    except (MayWorkLater, NeverWill) as trouble:
        purchases_.unopened(purchase)
        return _unpayable(_pricing({"form": _told(trouble)}))
    purchases_.opened(purchase, checkout.session_id)
    return redirect(checkout.url or url_for("billing.show", public_id=purchase.public_id), code=303)


@billing.get("/purchases/<public_id>")
@owner
def show(public_id: str) -> str:
    """Where a purchase stands, as Stripe says itself; the page to which it sends people back."""
    purchase = jobs.look(own(public_id), abandon="cancelled" in request.args)
    reread_account()
    return _page(purchase)


@billing.post("/purchases/<public_id>/continue")
@owner
def resume(public_id: str) -> ResponseReturnValue:
    """Back to Stripe's page for a purchase that is still open there; its address is not stored."""
    purchase = own(public_id)
    page_url = url_for("billing.show", public_id=public_id)
    if purchase.status is not PurchaseStatus.OPEN:
        return redirect(page_url, code=303)
    try:
        checkout = adapters.current().payments.checkout(str(purchase.session_id))
    except (MayWorkLater, NeverWill) as trouble:
        return _unpayable(_page(purchase, _told(trouble)))
    return redirect(checkout.url or page_url, code=303)


def _told(trouble: MayWorkLater | NeverWill) -> str:
    """What to say when Stripe leads nowhere. That it never will is ours to mend: an alarm."""
    if isinstance(trouble, NeverWill):
        log.error("stripe refuses", extra={"provider": "stripe", "reason": trouble.reason})
        return _(
            "We cannot take payments at the moment. Nothing was charged; try again in an hour."
        )
    log.warning("stripe later", extra={"provider": "stripe", "reason": str(trouble)})
    return _("Stripe does not answer at the moment. Nothing was charged; try again in a minute.")


def _unpayable(body: str) -> Response:
    answer = make_response(body, 503)
    answer.headers["Retry-After"] = str(AGAIN_AFTER_S)
    return answer


def _page(purchase: Purchase, error: str = "") -> str:
    return render_template(
        "pages/purchase.html",
        page="credits",
        purchase=purchase_view(purchase),
        draft_waits=bool(drafts.kept()),
        has_returned="returned" in request.args,
        error=error,
        refreshes=purchase.status in PENDING,
    )


def _bill(purchase: Purchase) -> Bill:
    page = settings.current().origin + url_for("billing.show", public_id=purchase.public_id)
    return Bill(
        reference=purchase.public_id,
        attempt=purchase.attempt,
        pack=purchase.pack,
        title=f"{purchase.credits:,} credits",
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        return_url=f"{page}?returned=1",
        cancel_url=f"{page}?cancelled=1",
        expires_at=purchase.created_at + timedelta(seconds=purchases_.OPEN_S),
    )


def _pricing(errors: dict[str, str] | None = None) -> str:
    needed = request.args.get("need", 0, type=int)
    suggested = catalogue.smallest_pack(needed).slug if needed > 0 else request.args.get("pack")
    if suggested not in catalogue.load().packs:
        suggested = USUAL_PACK
    return render_template(
        "pages/pricing.html",
        page="pricing",
        packs=[_pack(pack, pack.slug == suggested) for pack in catalogue.load().packs.values()],
        offers=_offers(),
        tiers=list(catalogue.load().tiers.values()),
        checked=catalogue.load().checked,
        needed=max(needed, 0),
        draft_waits=current_user.is_authenticated and bool(drafts.kept()),
        errors=errors or {},
        is_member=current_user.is_authenticated,
    )


def _pack(pack: catalogue.Pack, is_suggested: bool) -> dict[str, Any]:
    return {
        "slug": pack.slug,
        "credits": pack.credits,
        "price": formats.money(pack.amount_minor, pack.currency),
        "price_each": formats.money_each(pack.amount_minor, pack.credits, pack.currency),
        "pictures": pack.credits // _usual_cost(),
        "is_suggested": is_suggested,
        "is_chosen": pack.slug == request.form.get("pack"),
    }


def _usual_cost() -> int:
    return catalogue.model(catalogue.DEFAULT_MODEL).cost_credits(catalogue.DEFAULT_TIER, 1)


def _offers() -> list[dict[str, Any]]:
    """Each model with its price at each tier (credits a picture; None where it has none)."""
    tiers = catalogue.load().tiers
    return [
        {
            "title": model.title,
            "notch": model.notch,
            "provider_price": formats.money_exactly(model.provider_usd, "usd"),
            "is_published": model.price_mark == "published",
            "costs": [
                model.offers[slug].cost_credits if slug in model.offers else None for slug in tiers
            ],
        }
        for model in catalogue.load().models.values()
    ]
