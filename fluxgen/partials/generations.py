"""Fragments of generations: cards, and the one polling answer of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request

from fluxgen import formats, generations
from fluxgen.models import Account, Generation, Status
from fluxgen.partials import history
from fluxgen.partials.cards import card, cards
from fluxgen.partials.compose import Form
from fluxgen.presentation import Purse, current_account, reread_account
from fluxgen.security import member, owner
from fluxgen.words import _, ngettext

generation_partials = Blueprint("generation_partials", __name__, url_prefix="/partials")

DELAYS_S = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2)
DELAY_MAX_S = 5
IDS_MAX = 200


@dataclass(frozen=True)
class Unfinished:
    """What a page asks for again: all its unfinished cards in one request."""

    ids: Sequence[str]
    tries: int = 0

    @property
    def url(self) -> str:
        query = urlencode({"ids": ",".join(self.ids), "tries": self.tries + 1})
        return f"/partials/unfinished?{query}"

    @property
    def delay_s(self) -> int:
        return DELAYS_S[self.tries] if self.tries < len(DELAYS_S) else DELAY_MAX_S


def waiting(rows: Sequence[Generation], tries: int = 0) -> Unfinished:
    """The unfinished among these rows."""
    return Unfinished([row.public_id for row in rows if not row.is_finished], tries)


@generation_partials.get("/unfinished")
@member
def unfinished() -> str:
    """Every card the page waits for, and what it is still to wait for.

    The archive (`grid`) gets what is done as the tile that it is from now on.
    """
    account = current_account()
    asked = _ids(request.args.get("ids", ""))
    rows = generations.named(account, asked)
    ended = [row for row in rows if row.is_finished]
    days = history.arrived(account, ended) if request.args.get("grid") else []
    in_grid = {tile.id for day in days for tile in day.tiles}
    if ended:
        generations.looked(account)
    return render_template(
        "partials/unfinished_answer.html",
        unfinished=waiting(rows, max(0, request.args.get("tries", 0, type=int))),
        cards=cards([row for row in rows if row.public_id not in in_grid], fresh=asked),
        days=days,
        account=Purse(reread_account() if ended else account),  # what came back is in it, too
        announcement=_announcement(ended),
    )


@generation_partials.get("/unread")
@member
def unread() -> str:
    """How many pictures were finished while the person is elsewhere."""
    return render_template("partials/unread.html", news=generations.news(current_account()))


@generation_partials.get("/generations/<public_id>")
@owner
def one(public_id: str) -> str:
    """One card."""
    return render_template("partials/generation_card.html", card=card(own(public_id)))


def own(public_id: str) -> Generation:
    """The signed-in account's own generation; foreign, deleted and missing alike are 404."""
    generation = generations.find(current_account(), public_id)
    if generation is None or generation.deleted_at is not None:
        abort(404)
    return generation


def created(generation: Generation, form: Form, account: Account) -> str:
    """The answer to a form that made a generation: its card, the next form, the balance."""
    return render_template(
        "partials/generation_created.html",
        card=card(generation),
        form=form.emptied(account, generation.public_id),
        unfinished=_awaited(account),
        account=Purse(account),
    )


def begun(generation: Generation, account: Account) -> str:
    """The answer to an act that made a generation: its card, the balance, what to wait for."""
    return render_template(
        "partials/result_begun.html",
        card=card(generation),
        unfinished=_awaited(account),
        account=Purse(account),
        announcement=_held(generation),
    )


def changed(generation: Generation, account: Account, notice: str = "") -> str:
    """The answer to an act on a card: the card as it is now, the balance, what to wait for."""
    shown = card(generation, notice)
    done = _("Stopping") if shown.is_cancelling else ""
    if not done and generation.status is Status.HELD:
        done = _held(generation)
    return render_template(
        "partials/generation_changed.html",
        card=shown,
        unfinished=_awaited(account),
        account=Purse(account),
        announcement=notice or done,
    )


def _held(generation: Generation) -> str:
    return ngettext(
        "Waiting. %(num)s credit held.",
        "Waiting. %(num)s credits held.",
        generation.cost_credits,
    )


def rerun(generation: Generation, flawed: Generation, account: Account) -> str:
    """The answer to a free re-run: its card before the flawed one, which has none left."""
    return render_template(
        "partials/generation_rerun.html",
        cards=[card(generation), card(flawed)],
        unfinished=waiting(generations.unfinished(account)),
        account=Purse(account),
        announcement=_("Waiting. This re-run is free."),
    )


def _awaited(account: Account) -> Unfinished:
    """All that is unfinished, and what the page still shows as unfinished (`waits`, see polling.js):
    its question is replaced by this one, which may come after their end."""
    shown = generations.named(account, _ids(request.form.get("waits", "")))
    rows = {row.public_id: row for row in [*generations.unfinished(account), *shown]}
    return Unfinished(list(rows))


def _ids(written: str) -> list[str]:
    return [id_ for id_ in written.split(",") if id_][:IDS_MAX]


def _announcement(ended: Sequence[Generation]) -> str:
    """One short sentence for those who listen."""
    ready = [str(row.number) for row in ended if row.status is Status.DONE]
    stopped = [str(row.number) for row in ended if row.status is Status.CANCELLED]
    failed = [str(row.number) for row in ended if row.status not in {Status.DONE, Status.CANCELLED}]
    sentences = []
    if ready:
        sentences.append(
            ngettext(
                "Picture %(names)s is ready.",
                "Pictures %(names)s are ready.",
                len(ready),
                names=formats.listed(ready),
            )
        )
    if stopped:
        sentences.append(
            ngettext(
                "%(names)s is stopped. The credits are back.",
                "%(names)s are stopped. The credits are back.",
                len(stopped),
                names=formats.listed(stopped),
            )
        )
    if failed:
        sentences.append(
            ngettext(
                "%(names)s did not develop. The credits are back.",
                "%(names)s did not develop. The credits are back.",
                len(failed),
                names=formats.listed(failed),
            )
        )
    return " ".join(sentences)
