"""Many pictures at once: downloaded, deleted, made favourites, put into a collection.

The grid's boxes are one form. htmx gets words for the bar below the grid, a plain form a 303.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, abort, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from htmx_flask import request

from fluxgen import archive
from fluxgen.archive import FavouritesAmong, collections
from fluxgen.errors import MayWorkLater, NeverWill, Refused
from fluxgen.jobs import archive as jobs
from fluxgen.jobs import downloads
from fluxgen.models import Collection, Generation
from fluxgen.partials import comparison, search, selection
from fluxgen.partials.selection import News
from fluxgen.presentation import current_account
from fluxgen.security import member
from fluxgen.views import errors
from fluxgen.words import N_, _, ngettext

STARS_MAX = 600
"""Stars that one answer brings up to date on the page."""
IN_WORDS = N_("The pictures are safe, but their store does not answer. Try again in a minute.")

selected = Blueprint("selected", __name__, url_prefix="/history/selected")

View = Callable[[], ResponseReturnValue]


def act(view: View) -> View:
    """A view of the grid's form: with room for many names, and words where it is refused."""

    @wraps(view)
    def acting() -> ResponseReturnValue:
        request.max_content_length = selection.FORM_MAX_BYTES
        try:
            selection.wanted()  # before anything is done
            return view()
        except FavouritesAmong as question:
            return _question(question)
        except Refused as refusal:
            status = errors.status_of(refusal)
            if not request.htmx:
                return errors.page(status, refusal.words, _("Not like this")), status
            return _refused(refusal, status)

    return acting


def _refused(refusal: Refused, status: int) -> tuple[str, int]:
    """What htmx gets beside the bar instead of an act."""
    news = News(refusal.words)
    return render_template("partials/selection_news.html", news=news, is_bad=True), status


@selected.post("/download")
@member
@act
def download() -> ResponseReturnValue:
    """A ZIP of them, made while it is sent; its length is said before."""
    account = current_account()
    files = archive.for_download(account, selection.chosen(account))
    if not files:
        abort(404)
    try:
        stream = downloads.zipped(files)
    except NeverWill:
        abort(404)
    except MayWorkLater:
        abort(503, _(IN_WORDS))
    response = Response(stream, mimetype="application/zip")
    response.content_length = len(stream)
    name = f"fluxgen-{len(files)}-picture{'' if len(files) == 1 else 's'}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@selected.post("/delete")
@member
@act
def delete() -> ResponseReturnValue:
    """Delete them, to be undone together for a minute; favourites need a second yes."""
    account = current_account()
    names = selection.chosen(account)
    gone = archive.delete_many(account, names, sure_of=request.form.get("sure", ""))
    if not gone:
        raise Refused(_("These have been deleted already."))
    jobs.ring_put_away(row.id for row in gone)
    news = selection.deleted(account, gone[0].deleted_at)
    if not request.htmx:
        query = search.query(selection.wanted(), deleted_at=news.moment if news else "")
        return redirect(search.HISTORY + query, code=303)
    return _said("deleted", news or News(_("Deleted.")))


@selected.post("/compare")
@member
@act
def compare() -> ResponseReturnValue:
    """Set two of them side by side, the older one first."""
    names = selection.chosen(current_account())
    if len(names) != 2:
        raise Refused(_("Two pictures are compared, no more and no less. Tick two."))
    newer, older = names
    return redirect(comparison.url(older, newer), code=303)


@selected.post("/undo")
@member
@act
def undo() -> ResponseReturnValue:
    """Bring back what was deleted together."""
    moment = selection.moment(request.form.get("moment", ""))
    if moment is None:
        raise Refused(_("This form does not say what to bring back. Go back and try once more."))
    try:
        back = archive.undo_many(current_account(), moment)
    except Refused as refusal:
        if not request.htmx:
            abort(410, refusal.words)
        return _refused(refusal, 410)
    if not request.htmx:
        return redirect(search.HISTORY + search.query(selection.wanted()), code=303)
    return _said("undone", News(ngettext("%(num)s is back.", "%(num)s are back.", len(back))))


@selected.post("/favourite")
@member
@act
def favourite() -> ResponseReturnValue:
    """Make them favourites; with `favourite=no` they are none any more."""
    account, is_favourite = current_account(), request.form.get("favourite") != "no"
    names = selection.chosen(account)
    changed = archive.mark_many(account, names, is_favourite=is_favourite)
    if not request.htmx:
        return redirect(search.HISTORY + search.query(selection.wanted()), code=303)
    here = set(request.form.getlist("id"))
    stars = [row for row in changed if row.public_id in here][:STARS_MAX]
    return _said("marked", News(_marked(len(changed), is_favourite)), stars)


def _marked(count: int, is_favourite: bool) -> str:
    if is_favourite:
        return ngettext("%(num)s made a favourite.", "%(num)s made favourites.", count)
    return ngettext("%(num)s no favourite any more.", "%(num)s no favourites any more.", count)


@selected.post("/collect")
@member
@act
def collect() -> ResponseReturnValue:
    """Put them into a collection, a new one where a name is written."""
    account = current_account()
    names = selection.chosen(account)
    if name := request.form.get("name", "").strip():
        collection = collections.create(account, name)
    else:
        collection = _collection(_("Choose a collection, or write a new one’s name."))
    count = collections.put_in(collection, names)
    url = search.HISTORY + search.query(archive.Wanted(collection=collection.public_id))
    if not request.htmx:
        return redirect(url, code=303)
    words = ngettext(
        "%(num)s in “%(name)s”.", "%(num)s in “%(name)s”.", count, name=collection.name
    )
    return _said("collected", News(words, url=url))


@selected.post("/uncollect")
@member
@act
def uncollect() -> ResponseReturnValue:
    """Take them out of a collection; the pictures stay."""
    account = current_account()
    names = selection.chosen(account)
    collection = _collection(_("Choose a collection."))
    count = collections.take_out(collection, names)
    wanted = selection.wanted()
    if not request.htmx:
        return redirect(search.HISTORY + search.query(wanted), code=303)
    is_here = wanted.collection == collection.public_id
    words = ngettext(
        "%(num)s taken out of “%(name)s”.",
        "%(num)s taken out of “%(name)s”.",
        count,
        name=collection.name,
    )
    return _said("removed" if is_here else "collected", News(words))


def _collection(words: str) -> Collection:
    """The one that the form names. Raises `Refused`."""
    found = collections.find(current_account(), request.form.get("collection", ""))
    if found is None:
        raise Refused(words)
    return found


def _said(event: str, news: News, stars: list[Generation] | None = None) -> Response:
    """Words for the bar, and what the page's script is to know."""
    body = render_template(
        "partials/selection_answer.html",
        news=news,
        is_bad=False,
        matching=request.form.get("matching", ""),
        stars=stars or [],
        event=event,
        collections=collections.all_of(current_account()),
    )
    answer = make_response(body)
    which = {"moment": news.moment} if news.moment else {}
    answer.headers["HX-Trigger"] = json.dumps({"fluxgen:selected": {"act": event} | which})
    return answer


def _question(question: FavouritesAmong) -> ResponseReturnValue:
    """Whether favourites, too: beside the bar, or as a page with the same selection in its form."""
    if request.htmx:
        return render_template(
            "partials/selection_question.html", words=question.words, what=question.what
        )
    is_all = request.form.get("all") == "yes"
    body = render_template(
        "pages/selection_question.html",
        words=question.words,
        what=question.what,
        until=request.form.get("until", ""),
        names=[] if is_all else request.form.getlist("id"),
        is_all=is_all,
        matching=request.form.get("matching", ""),
        back=search.HISTORY + search.query(selection.wanted()),
    )
    return body, 409
