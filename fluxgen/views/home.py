"""The landing page."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, send_from_directory

from fluxgen import catalogue, formats, journal, landing, looks
from fluxgen.assets import STATIC
from fluxgen.partials.looks import LookRow, sentence
from fluxgen.partials.ratios import ratio_class
from fluxgen.security import public

home = Blueprint("home", __name__)

POSTS_MAX = 3
"""As many of the journal's newest posts are listed at the end."""


@home.get("/")
@public
def show() -> str:
    """What FluxGen is, for somebody who has never seen it."""
    look, frames = looks.find(landing.SHOWN_LOOK), landing.frames()
    return render_template(
        "pages/landing.html",
        page="home",
        prices=_prices(),
        credit_price=_credit_price(),
        frames=frames,
        has_stand_ins=any(frame.is_stand_in for frame in frames.values()),
        ratio_class=ratio_class,
        look=LookRow(look),
        sentence=sentence(look),
        posts=journal.published()[:POSTS_MAX],
    )


@home.get("/favicon.ico")
@public
def favicon() -> Response:
    """Browsers ask for it whatever the page says."""
    return send_from_directory(STATIC, "icons/favicon.ico", max_age=86_400)


def _prices() -> list[dict[str, object]]:
    """Each tier with the least it costs (credits a picture)."""
    offered = catalogue.load()
    return [
        {
            "tier": tier.title,
            "promise": tier.promise,
            "cost_credits": min(
                model.offers[slug].cost_credits
                for model in offered.models.values()
                if slug in model.offers
            ),
        }
        for slug, tier in offered.tiers.items()
    ]


def _credit_price() -> str:
    """What a credit costs in the smallest pack, to the nearest minor unit."""
    pack = min(catalogue.load().packs.values(), key=lambda pack: pack.credits)
    return formats.money(round(pack.amount_minor / pack.credits), pack.currency)
