"""Buying credits: packs, the way to Stripe's page, and the way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from fluxgen import adapters, catalogue, settings
from fluxgen import purchases as purchases_
from fluxgen.adapters.payments import Bill
from fluxgen.errors import MayWorkLater, NeverWill, Refused, TooMany
from fluxgen.jobs import purchases as jobs
from fluxgen.models import Purchase, PurchaseStatus
from fluxgen.partials.billing import own, purchase_view
from fluxgen.presentation import current_account, money, plural, reread_account
from fluxgen.security import member, owner, public

billing = Blueprint("billing", __name__)


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
        checkout = adapters.current().payments.start(_bill(purchase))
    except TooMany as many:
        refused = make_response(_pricing({many.field: many.words}), 429)
        refused.headers["Retry-After"] = str(many.retry_after_s)
        return refused
    except Refused as refusal:
        return _pricing({refusal.field: refusal.words}), 422
    except (MayWorkLater, NeverWill):
        words = "Stripe does not answer at the moment. Nothing was charged; try again in a minute."
        return _pricing({"form": words}), 503
    purchases_.opened(purchase, checkout.session_id)
    return redirect(checkout.url or url_for("billing.show", public_id=purchase.public_id), code=303)


@billing.get("/purchases/<public_id>")
@owner
def show(public_id: str) -> ResponseReturnValue:
    """Where a purchase stands, as Stripe says itself; the page to which it sends people back."""
    purchase = own(public_id)
    jobs.check(purchase.id, abandon="cancelled" in request.args)
    purchase = own(public_id)
    reread_account()
    return render_template(
        "pages/purchase.html",
        page="credits",
        purchase=purchase_view(purchase),
        refreshes=purchase.status in {PurchaseStatus.OPEN, PurchaseStatus.PROCESSING},
    )


def _bill(purchase: Purchase) -> Bill:
    page = settings.current().origin + url_for("billing.show", public_id=purchase.public_id)
    return Bill(
        reference=purchase.public_id,
        attempt=purchase.attempt,
        pack=purchase.pack,
        title=plural(purchase.credits, "credit"),
        amount_minor=purchase.amount_minor,
        currency=purchase.currency,
        return_url=page,
        cancel_url=f"{page}?cancelled=1",
        expires_at=purchase.created_at + timedelta(seconds=purchases_.OPEN_S),
    )


def _pricing(errors: dict[str, str] | None = None) -> str:
    needed = request.args.get("need", 0, type=int)
    suggested = catalogue.smallest_pack(needed).slug if needed > 0 else ""
    return render_template(
        "pages/pricing.html",
        page="pricing",
        packs=[_pack(pack, suggested) for pack in catalogue.load().packs.values()],
        offers=_offers(),
        tiers=list(catalogue.load().tiers.values()),
        checked=catalogue.load().checked,
        needed=max(needed, 0),
        errors=errors or {},
        is_member=current_user.is_authenticated,
    )


def _pack(pack: catalogue.Pack, suggested: str) -> dict[str, Any]:
    return {
        "slug": pack.slug,
        "credits": pack.credits,
        "price": money(pack.amount_minor, pack.currency),
        "cents_each": round(pack.amount_minor / pack.credits, 1),
        "pictures": pack.credits // _usual_cost(),
        "is_usual": pack.slug == (suggested or "usual"),
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
            "provider_usd": model.provider_usd,
            "costs": [
                model.offers[slug].cost_credits if slug in model.offers else None for slug in tiers
            ],
        }
        for model in catalogue.load().models.values()
    ]
