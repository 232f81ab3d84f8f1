"""Erasing oneself: the plan, the yes, calling it off, and the page that shows it done."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as WerkzeugResponse

from fluxgen import privacy
from fluxgen.errors import MayWorkLater, NeverWill, Refused
from fluxgen.jobs import privacy as jobs
from fluxgen.jobs import purchases as payments
from fluxgen.models import Cause, Erasure, ErasureStatus, Scope
from fluxgen.partials import account as sections
from fluxgen.partials import erasure as partials
from fluxgen.presentation import current_account
from fluxgen.security import member, public
from fluxgen.words import N_, _

erasure = Blueprint("erasure", __name__)

SILENT = N_(
    "Stripe does not answer. What was asked for is set aside and asked for again by itself; "
    "look at your purchases in a minute."
)
REFUSED = N_("Stripe refused a refund; its credits are back. Write to us and we will find a way.")


@erasure.get("/account/erasure")
@member
def show() -> str:
    """What would go and what would stay, and the form that says yes to it."""
    return _plan(_scope(request.args.get("what", "")))


@erasure.post("/account/erasure")
@member
def begin() -> ResponseReturnValue:
    """Plan it: now, or on a day. Nothing happens without the word typed."""
    scope = _scope(request.form.get("what", ""))
    later = request.form.get("when") == "day"
    day = request.form.get("day", "").strip()
    try:
        _confirm(scope, request.form.get("typed", ""))
        begins_at = partials.moment(day) if later else None
        if later and begins_at is None:
            raise Refused(_("Choose a day."), "day")
        planned = privacy.plan(current_account(), scope, Cause.PERSON, begins_at)
    except Refused as refusal:
        return _plan(scope, {refusal.field: refusal.words}, day=day, later=later), 422
    if later:
        return redirect(sections.saved("erasure"), code=303)
    jobs.ring(planned)
    return _forgetting(redirect(url_for("erasure.watch", public_id=planned.public_id), 303), scope)


def _confirm(scope: Scope, typed: str) -> None:
    word = partials.WORD[scope]
    if typed.strip().strip("“”\"'").lower() != word:
        raise Refused(_("Type “%(word)s” to confirm.", word=word), "typed")


@erasure.post("/account/erasure/cancel")
@member
def cancel() -> ResponseReturnValue:
    """Call off what has not begun."""
    found = privacy.under_way(current_account())
    if found is None:
        return redirect(url_for("account.show"), code=303)
    try:
        privacy.cancel(found)
    except Refused as refusal:
        abort(409, refusal.words)
    return redirect(sections.saved("kept"), code=303)


@erasure.post("/account/erasure/refund")
@member
def refund() -> ResponseReturnValue:
    """Send the money for unspent bought credits back to the card, oldest pack first."""
    unspent = privacy.outlook(current_account(), Scope.ACCOUNT).refundable
    try:
        for purchase, credits, amount_minor in unspent:
            payments.refund(purchase, amount_minor, credits)
    except MayWorkLater:
        return _plan(Scope.ACCOUNT, {"refund": _(SILENT)}), 503
    except NeverWill:
        return _plan(Scope.ACCOUNT, {"refund": _(REFUSED)}), 422
    except Refused as refusal:
        return _plan(Scope.ACCOUNT, {"refund": refusal.words}), 422
    refunded = "yes" if unspent else "before"  # by the same click, sent twice at one moment
    return redirect(url_for("erasure.show", refunded=refunded), code=303)


@erasure.get("/erasures/<public_id>")
@public
def watch(public_id: str) -> WerkzeugResponse:
    """How far an erasure is, for whoever has its address: by then nobody can sign in."""
    found = _found(public_id)
    view = partials.view(found)
    page = make_response(render_template("pages/erasure.html", page="erasure", erasure=view))
    return _forgetting(page, found.scope) if found.status is ErasureStatus.DONE else page


def _forgetting(answer: WerkzeugResponse, scope: Scope) -> WerkzeugResponse:
    """Have the browser forget as well: kept pictures, and with the account all that is stored."""
    kept = '"cache"' if scope is Scope.ARCHIVE else '"cache", "storage"'
    answer.headers["Clear-Site-Data"] = kept
    return answer


@erasure.get("/erasures/<public_id>/certificate")
@public
def certificate(public_id: str) -> Response:
    """The signed certificate as a file."""
    document = partials.view(_found(public_id)).certificate
    if document is None:
        abort(404)
    disposition = f'attachment; filename="fluxgen-erasure-{public_id}.json"'
    return Response(
        document, mimetype="application/json", headers={"Content-Disposition": disposition}
    )


def _found(public_id: str) -> Erasure:
    found = privacy.watched(public_id)
    if found is None:
        abort(404)
    return found


def _scope(what: str) -> Scope:
    return Scope.ARCHIVE if what == Scope.ARCHIVE.value else Scope.ACCOUNT


def _plan(
    scope: Scope,
    errors: dict[str, str] | None = None,
    *,
    day: str = "",
    later: bool = False,
) -> str:
    return render_template(
        "pages/erasure_plan.html",
        page="account",
        plan=partials.plan(current_account(), scope),
        errors=errors or {},
        day=day,
        later=later,
        refunded=request.args.get("refunded", ""),
        **partials.section(current_account()),
    )
