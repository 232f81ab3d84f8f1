"""Privacy and terms: the versions in force, and every older one."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from fluxgen import policies as policies_
from fluxgen import processors, settings
from fluxgen.partials.prose import prose
from fluxgen.policies import Version
from fluxgen.security import public

policies = Blueprint("policies", __name__)

ANALYTICS = {
    "off": "Nothing is counted.",
    "builtin": "We count how often each public page is seen a day. A count is a day, a page and a "
    "number, kept for two years: no cookie, no address, no browser, nothing of what you searched "
    "for, and nothing of pages seen while signed in. Who asks not to be tracked (Do Not Track, "
    "Global Privacy Control) is not counted at all. The counting is done by ourselves.",
    "vercel": "How often public pages are seen is counted by Vercel, our host, with a script that "
    "comes from our own address. Vercel gets the page without its query, the page that led to it, "
    "and what your browser sends with any request; it makes a hash of the request, tells visitors "
    "apart by it for one day at most, and sets no cookie. What is left are numbers: by day, page, "
    "country, kind of device and browser. Nothing is counted while you are signed in, and who asks "
    "not to be tracked (Do Not Track, Global Privacy Control) is not counted at all.",
}
NAMELESS = "whoever runs it"


@policies.get("/privacy")
@public
def privacy() -> str:
    """What we hold, why, and how long."""
    return _page(policies_.current("privacy"))


@policies.get("/terms")
@public
def terms() -> str:
    """What one agrees to."""
    return _page(policies_.current("terms"))


@policies.get("/privacy/<version>")
@public
def privacy_version(version: str) -> str:
    """The privacy page as it is, was, or will be from a day on."""
    return _page(_find("privacy", version))


@policies.get("/terms/<version>")
@public
def terms_version(version: str) -> str:
    """The terms as they are, were, or will be from a day on."""
    return _page(_find("terms", version))


def _find(policy: str, version: str) -> Version:
    return policies_.find(policy, version) or abort(404)


def _page(shown: Version) -> str:
    return render_template(
        "pages/policy.html",
        page=shown.policy,
        shown=shown,
        body=prose(_filled(shown.markdown)),
        versions=policies_.versions(shown.policy),
        current=policies_.current(shown.policy),
        coming=policies_.coming(shown.policy),
    )


def _filled(markdown: str) -> str:
    """What depends on this installation: who runs it, who receives something, and how pages are
    counted."""
    chosen = settings.current()
    facts = {
        "controller": f"**{chosen.controller}**" if chosen.controller else NAMELESS,
        "processors": "\n".join(f"- {one.sentence}" for one in processors.listed()),
        "analytics": ANALYTICS[chosen.analytics],
    }
    for name, words in facts.items():
        markdown = markdown.replace(f"{{{name}}}", words)
    return markdown
