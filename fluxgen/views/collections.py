"""Collections: the page on which they are made, renamed and discarded, and one picture's own."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen.archive import collections as collections_
from fluxgen.errors import Refused
from fluxgen.models import Collection
from fluxgen.partials import collections as partials
from fluxgen.partials import lightbox, search
from fluxgen.partials.generations import own
from fluxgen.presentation import current_account
from fluxgen.security import member, owner
from fluxgen.views import errors
from fluxgen.words import _

collections = Blueprint("collections", __name__, url_prefix="/collections")
collected = Blueprint("collected", __name__, url_prefix="/generations")


@collections.get("")
@member
def show() -> str:
    """All of them, with how much is in each."""
    return _page()


@collections.post("")
@member
def create() -> ResponseReturnValue:
    """A new one; where the name is taken, that one."""
    name = request.form.get("name", "")
    try:
        made = collections_.create(current_account(), name)
    except Refused as refusal:
        return _page(refusal.words, name), errors.status_of(refusal)
    return redirect(f"{url_for('collections.show')}#collection-{made.public_id}", code=303)


@collections.post("/<public_id>/rename")
@owner
def rename(public_id: str) -> ResponseReturnValue:
    """Call it something else."""
    try:
        collections_.rename(_own(public_id), request.form.get("name", ""))
    except Refused as refusal:
        return _page(refusal.words), errors.status_of(refusal)
    return redirect(f"{url_for('collections.show')}#collection-{public_id}", code=303)


@collections.post("/<public_id>/delete")
@owner
def discard(public_id: str) -> ResponseReturnValue:
    """Remove the collection; its pictures stay."""
    collections_.discard(_own(public_id))
    return redirect(url_for("collections.show"), code=303)


@collected.post("/<public_id>/collections")
@owner
def change(public_id: str) -> ResponseReturnValue:
    """Be in these instead of those that the form showed, and in a new one where a name is written.
    What was collected elsewhere meanwhile stays."""
    generation, account, query = own(public_id), current_account(), _query()
    wanted, name = set(request.form.getlist("collection")), request.form.get("name", "")
    try:
        made = collections_.create(account, name) if name.strip() else None
    except Refused as refusal:
        if not request.htmx:
            return errors.page(422, refusal.words, _("Not this name")), 422
        view = partials.collecting(generation, query, typed=name, error=refusal.words)
        return render_template("partials/collections_of.html", collecting=view), 422
    was = set(request.form.getlist("was"))
    for each in collections_.all_of(account):
        if each == made or each.public_id in wanted - was:
            collections_.put_in(each, [public_id])
        elif each.public_id in was - wanted:
            collections_.take_out(each, [public_id])
    if not request.htmx:
        page = url_for("generations.show", public_id=public_id)
        return redirect(f"{page}{query}#collections-of-{public_id}", code=303)
    view = partials.collecting(generation, query)
    return render_template("partials/collections_of.html", collecting=view)


def _query() -> str:
    """What was looked for, and which picture was shown, as the form's address says it."""
    at = lightbox.asked()
    return search.query(search.read(request.args), picture=at + 1 if at > 0 else "")


def _own(public_id: str) -> Collection:
    found = collections_.find(current_account(), public_id)
    if found is None:
        abort(404)
    return found


def _page(notice: str = "", name: str = "") -> str:
    return render_template(
        "pages/collections.html",
        page="history",
        collections=collections_.counted(current_account()),
        notice=notice,
        name=name,
    )
