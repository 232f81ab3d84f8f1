"""The patterns page: every component with sample data. Not there in production."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from fluxgen import settings
from fluxgen.assets import STATIC
from fluxgen.partials import patterns as patterns_
from fluxgen.security import public

patterns = Blueprint("patterns", __name__)


def init_app(app: Flask) -> None:
    if not settings.current().is_production:
        app.register_blueprint(patterns)


@patterns.get("/-/patterns")
@public
def show() -> str:
    """Each component in each of its states, in groups, with the style sheets of all."""
    return render_template(
        "pages/patterns.html",
        page="patterns",
        groups=list(patterns_.groups()),
        answers=patterns_.ANSWERS,
        unseen=patterns_.UNSEEN,
        sheets=sorted(file.stem for file in STATIC.glob("css/*.css")),
    )
