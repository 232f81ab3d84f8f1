"""Privacy and terms, from their dated texts."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from fluxgen.accounts import TERMS_VERSION
from fluxgen.security import public

policies = Blueprint("policies", __name__)

TEXTS = Path(__file__).parent.parent / "data" / "policies"


@policies.get("/privacy")
@public
def privacy() -> str:
    """What we hold, why, and how long."""
    return _page("privacy", "Privacy")


@policies.get("/terms")
@public
def terms() -> str:
    """What one agrees to."""
    return _page("terms", "Terms")


def _page(name: str, title: str) -> str:
    return render_template(
        "pages/policy.html", page=name, title=title, dated=TERMS_VERSION, body_html=_body(name)
    )


@cache
def _body(name: str) -> Markup:
    """Our own text as HTML; raw HTML in it stays text."""
    text = (TEXTS / f"{name}.md").read_text(encoding="utf-8")
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))
