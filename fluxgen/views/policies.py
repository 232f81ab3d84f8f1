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
    "off": "At present nothing is counted.",
    "builtin": "The counting is done by ourselves.",
    "vercel": "The counting is done by Vercel, our host, who gets the page without its query, "
    "tells visitors apart for one day by a hash of the request, and sets no cookie.",
}


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
    """What depends on this installation: who receives something, and how pages are counted."""
    listed = "\n".join(f"- {one.sentence}" for one in processors.listed())
    counting = ANALYTICS[settings.current().analytics]
    return markdown.replace("{processors}", listed).replace("{analytics}", counting)
