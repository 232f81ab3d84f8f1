"""Contact sheets: what one costs, asking for it, and looking at it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fluxgen import generations
from fluxgen.errors import InsufficientCredits, PriceChanged, Refused
from fluxgen.generations import Lineage
from fluxgen.generations import sheets as sheets_
from fluxgen.jobs import generations as jobs
from fluxgen.models import Account, Origin
from fluxgen.partials import compose, drafts
from fluxgen.partials import generations as partials
from fluxgen.partials.cards import Card, card, cards
from fluxgen.partials.compose import Form
from fluxgen.partials.sheets import PlanView
from fluxgen.presentation import current_account, reread_account
from fluxgen.security import member, owner
from fluxgen.views import errors
from fluxgen.words import N_, _

NO_SHEET = N_("That makes no contact sheet")

sheets = Blueprint("sheets", __name__, url_prefix="/generations/sheets")


@sheets.get("/new")
@member
def new() -> ResponseReturnValue:
    """What a sheet would be and cost: of the picture `from`, else of the studio's form."""
    account = current_account()
    try:
        return _plan_page(account, _form(account), request.args.get("slot", ""))
    except Refused as refusal:
        return errors.page(422, refusal.words, _(NO_SHEET)), 422


@sheets.post("")
@member
def create() -> ResponseReturnValue:
    """Ask for all of it. Nothing is charged when it is refused; the same form is one sheet."""
    account = current_account()
    form, slot = compose.read(request.form, account), request.form.get("slot", "")
    try:
        plan = sheets_.plan(replace(form.recipe(), lineage=_lineage(account, form)), slot)
    except Refused as refusal:
        return errors.page(422, refusal.words, _(NO_SHEET)), 422
    try:
        if form.shown_credits not in {"", str(plan.cost_credits)}:
            raise PriceChanged(form.shown_credits, plan.cost_credits)
        sheet = sheets_.lay_out(account, plan, form.nonce)
    except Refused as refusal:
        body = _plan_page(reread_account(), form, slot, refusal)
        return errors.patient(make_response(body, errors.status_of(refusal)), refusal)
    laid_out = sheets_.find(account, sheet)
    for __, generation in laid_out.frames if laid_out else ():
        jobs.ring(generation)
    return redirect(url_for("sheets.show", sheet_id=sheet), code=303)


@sheets.get("/<sheet_id>")
@owner
def show(sheet_id: str) -> str:
    """A sheet: each answer with its picture, as far as they are."""
    account = current_account()
    found = sheets_.find(account, sheet_id)
    if found is None:
        abort(404)
    generations.looked(account)
    answers, rows = zip(*found.frames, strict=True)
    parent = rows[0].parent
    return render_template(
        "pages/contact_sheet.html",
        page="history",
        sheet=found,
        frames=list(zip(answers, cards(rows), strict=True)),
        parent=card(parent) if parent is not None and parent.deleted_at is None else None,
        unfinished=partials.waiting(rows),
        refreshes=any(not row.is_finished for row in rows),
    )


def _form(account: Account) -> Form:
    """The studio's form as it was left, or as a picture would fill it. Raises `Refused`."""
    if "from" not in request.args:
        return compose.restored(drafts.kept(), account)
    recipe = sheets_.base(partials.own(request.args["from"]))
    return compose.of_recipe(recipe, account)


def _plan_page(account: Account, form: Form, slot: str, refusal: Refused | None = None) -> str:
    """The plan, with the words that say why not. Raises `Refused` where there is none."""
    view = PlanView(
        sheets_.plan(form.recipe(), slot),
        replace(form, count=1, available_credits=account.available),
    )
    return render_template(
        "pages/contact_sheet_new.html",
        page="studio",
        plan=view,
        error=refusal.words if refusal else "",
        is_short=view.leaves_credits < 0 or isinstance(refusal, InsufficientCredits),
        parent=_parent_card(account, form),
    )


def _parent_card(account: Account, form: Form) -> Card | None:
    lineage = _lineage(account, form)
    return card(lineage.parent) if lineage and lineage.parent.deleted_at is None else None


def _lineage(account: Account, form: Form) -> Lineage | None:
    """Which of the person's own pictures it comes of; anybody else's is none."""
    parent = generations.find(account, form.parent) if form.parent else None
    return Lineage(parent, Origin.SHEET) if parent is not None else None
