"""What search engines ask for: which pages there are, and which are nobody's business."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from fluxgen import journal, looks, settings
from fluxgen.security import public

crawlers = Blueprint("crawlers", __name__)

KEPT_S = 3600
PUBLIC_PAGES = (
    "home.show",
    "looks.gallery",
    "billing.pricing",
    "policies.privacy",
    "policies.terms",
    "promises.show",
    "promises.contact",
    "journal.index",
)


@crawlers.get("/robots.txt")
@public
def robots() -> Response:
    """Public pages may be read; what belongs to somebody is behind the sign-in anyway."""
    sitemap = settings.current().origin + url_for("crawlers.sitemap")
    return _kept(render_template("robots.txt", sitemap=sitemap), "text/plain")


@crawlers.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """Every public page (sitemaps.org, protocol 0.9)."""
    paths = [url_for(endpoint) for endpoint in PUBLIC_PAGES]
    paths += [url_for("looks.show", slug=look.slug) for look in looks.offered()]
    paths += [url_for("journal.post", slug=one.post.slug) for one in journal.published()]
    addresses = [settings.current().origin + path for path in paths]
    return _kept(render_template("sitemap.xml", addresses=addresses), "application/xml")


def _kept(body: str, content_type: str) -> Response:
    headers = {"Cache-Control": f"public, max-age={KEPT_S}"}
    return Response(body, mimetype=content_type, headers=headers)
