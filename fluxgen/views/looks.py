"""The gallery of Looks, and a page for each."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from fluxgen import looks as looks_
from fluxgen.errors import Refused
from fluxgen.partials.looks import LookRow, offers, questions, sentence, tiles
from fluxgen.security import public
from fluxgen.words import _

looks = Blueprint("looks", __name__, url_prefix="/looks")


@looks.get("")
@public
def gallery() -> str:
    """Every Look on offer, by the job it does."""
    jobs = [
        (job, _(looks_.JOBS[job]), [LookRow(look) for look in on_offer])
        for job, on_offer in looks_.gallery().items()
    ]
    painted = any(tile.is_painted for look in looks_.offered() for tile in tiles(look))
    return render_template("pages/looks.html", page="looks", jobs=jobs, painted=painted)


@looks.get("/<slug>")
@public
def show(slug: str) -> str:
    """One Look: its samples, what it asks, what it costs; with `version` also a retired one."""
    try:
        look = looks_.find(slug, request.args.get("version", type=int))
    except Refused:
        abort(404)
    return render_template(
        "pages/look.html",
        page="looks",
        look=look,
        job=_(looks_.JOBS[look.job]),
        samples=tiles(look),
        questions=questions(look),
        sentence=sentence(look),
        offers=offers(look),
    )
