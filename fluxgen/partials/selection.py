"""What is selected in the archive: read from a form, counted, and what came of an act on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from fluxgen import archive, clock
from fluxgen.archive import PICTURES_MAX, TOGETHER_MAX, Wanted
from fluxgen.errors import Refused
from fluxgen.models import Account
from fluxgen.models.fields import EPOCH, MICROSECOND
from fluxgen.partials import search
from fluxgen.presentation import current_account
from fluxgen.security import member
from fluxgen.words import N_, _, ngettext

FORM_MAX_BYTES = 400 * 1024
"""Room for as many names as one act takes."""
FILTERS_MAX = 40
NOTHING = N_("Nothing is selected. Tick some pictures first.")
TOO_MANY = N_("That is more than %(most)s at once. Narrow the search, and take them in parts.")

selection_partials = Blueprint("selection_partials", __name__, url_prefix="/partials/history")
UNREADABLE = N_("What you looked for did not reach us whole. Go back, search anew, and try again.")


@dataclass(frozen=True)
class News:
    """What an act did, and how long it can be undone."""

    words: str
    moment: int = 0
    left_s: int = 0
    url: str = ""


@selection_partials.get("/matching")
@member
def matching() -> str:
    """How many pictures match, counted for the box that selects them all, and when: what comes
    afterwards was not meant."""
    until = now()
    found = archive.total(current_account(), search.read(request.args), up_to=PICTURES_MAX)
    words = ngettext("All %(num)s picture", "All %(num)s pictures", found)
    if found > PICTURES_MAX:
        words = ngettext(
            "All, more than %(num)s picture", "All, more than %(num)s pictures", PICTURES_MAX
        )
    return render_template("partials/selection_matching.html", words=words, until=until)


def now() -> int:
    """This moment as a form carries it."""
    return _written(clock.now())


def wanted() -> Wanted:
    """What was looked for on the page that the form stands on. Raises `Refused`."""
    given = request.form.get("matching", "").removeprefix("?")
    try:
        pairs = parse_qsl(given, max_num_fields=FILTERS_MAX)
    except ValueError:  # read as nothing, it would mean everything
        raise Refused(_(UNREADABLE)) from None
    return search.read(MultiDict(pairs))


def chosen(account: Account) -> list[str]:
    """The names of what is selected; where all are meant, of everything that matched when they were
    counted, and what has come since and is ticked.

    Raises `Refused` where it is nothing, or too much at once.
    """
    names = [name for name in dict.fromkeys(request.form.getlist("id")) if "\0" not in name]
    if request.form.get("all") == "yes":
        ticked, until = names, moment(request.form.get("until", ""))
        names = archive.matching(account, wanted(), until=until)
        if since := set(ticked) - set(names):
            names += [name for name in archive.matching(account, wanted()) if name in since]
    if not names:
        raise Refused(_(NOTHING))
    if len(names) > TOGETHER_MAX:
        raise Refused(_(TOO_MANY, most=TOGETHER_MAX))
    return names


def deleted(account: Account, moment: datetime) -> News | None:
    """What was deleted at this moment, while it can still be undone."""
    left_s = archive.undo_left_s(moment)
    count = archive.deleted_together(account, moment) if left_s else 0
    if not count:
        return None
    words = ngettext("%(num)s deleted.", "%(num)s deleted.", count)
    return News(words, _written(moment), left_s)


def _written(moment: datetime) -> int:
    """A moment in microseconds, as forms and addresses say it."""
    return (moment - EPOCH) // MICROSECOND


def moment(written: str) -> datetime | None:
    """A moment as an address says it."""
    if not (written.isascii() and written.isdecimal() and len(written) <= 16):
        return None
    return EPOCH + int(written) * MICROSECOND
