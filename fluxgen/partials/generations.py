"""Fragments of generations: cards, the one polling answer of a page, the lightbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request

from fluxgen import archive, credits, generations
from fluxgen.models import Account, Entry, Generation, Kind, Status
from fluxgen.partials import looks, results, sheets, wording
from fluxgen.partials.cards import Card, card, cards
from fluxgen.partials.compose import Form
from fluxgen.presentation import Purse, current_account, plural, reread_account
from fluxgen.security import member, owner

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


@dataclass(frozen=True)
class Deleted:
    """A card that has just been deleted and can come back."""

    public_id: str
    number: int
    ratio_class: str
    url_undo: str
    undo_s: int = archive.UNDO_S


def waiting(rows: Sequence[Generation], tries: int = 0) -> Unfinished:
    """The unfinished among these rows."""
    return Unfinished([row.public_id for row in rows if not row.is_finished], tries)


@generation_partials.get("/unfinished")
@member
def unfinished() -> str:
    """Every card the page waits for, and what it is still to wait for."""
    account = current_account()
    asked = _ids(request.args.get("ids", ""))
    rows = generations.named(account, asked)
    ended = [row for row in rows if row.is_finished]
    if ended:
        generations.looked(account)
    return render_template(
        "partials/unfinished_answer.html",
        unfinished=waiting(rows, max(0, request.args.get("tries", 0, type=int))),
        cards=cards(rows, fresh=asked),
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


@generation_partials.get("/generations/<public_id>/lightbox")
@owner
def lightbox(public_id: str) -> str:
    """The picture large, with all that is known about it."""
    return render_template("partials/lightbox.html", **lightbox_context(own(public_id)))


def own(public_id: str) -> Generation:
    """The signed-in account's own generation; foreign, deleted and missing alike are 404."""
    generation = generations.find(current_account(), public_id)
    if generation is None or generation.deleted_at is not None:
        abort(404)
    return generation


def page(generation: Generation, position: int | None = None, **said: Any) -> str:
    """A generation's page; `said` are words about what was refused, and what was typed."""
    instruction, editor = said.pop("instruction", ""), said.pop("editor", "")
    context = lightbox_context(generation, position) | said
    if context["acts"] is None:  # no buttons to say it beside
        context["card"] = card(generation, context["notice"])
    else:
        context["acts"] = replace(context["acts"], instruction=instruction, editor=editor)
    return render_template(
        "pages/generation.html",
        page="history",
        unfinished=waiting([generation]),
        refreshes=not generation.is_finished,
        **context,
    )


def lightbox_context(generation: Generation, position: int | None = None) -> dict[str, Any]:
    """What the lightbox shows, as a page and in place; `?picture=` counts from 1."""
    shown = card(generation)
    asked = request.args.get("picture", 1, type=int) - 1 if position is None else position
    picture = asked if 0 <= asked < len(shown.pictures) else 0
    place = archive.place(generation) if generation.status is Status.DONE else archive.Place()
    return {
        "card": shown,
        "picture": picture,
        "acts": results.acts(generation, picture) if shown.pictures else None,
        "lineage": results.lineage(current_account(), generation),
        "look": looks.answered(generation),
        "notice": "",
        "missing": 0,
        "previous_url": Card(place.newer).page_url if place.newer else None,
        "previous_fragment": Card(place.newer).url_lightbox if place.newer else None,
        "next_url": Card(place.older).page_url if place.older else None,
        "next_fragment": Card(place.older).url_lightbox if place.older else None,
        "n": place.n,
        "total": place.total,
        "sheets": sheets.entries(generation),
        "family_url": sheets.family_url(generation),
        "receipt": [_receipt_line(entry) for entry in credits.receipt(generation)],
    }


def created(generation: Generation, form: Form, account: Account) -> str:
    """The answer to a form that made a generation: its card, the next form, the balance."""
    return render_template(
        "partials/generation_created.html",
        card=card(generation),
        form=form.emptied(account),
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
        announcement=f"Waiting. {plural(int(generation.cost_credits), 'credit')} held.",
    )


def changed(generation: Generation, account: Account, notice: str = "") -> str:
    """The answer to an act on a card: the card as it is now, the balance, what to wait for."""
    return render_template(
        "partials/generation_changed.html",
        card=card(generation, notice),
        unfinished=_awaited(account),
        account=Purse(account),
        announcement=notice,
    )


def rerun(generation: Generation, flawed: Generation, account: Account) -> str:
    """The answer to a free re-run: its card before the flawed one, which has none left."""
    return render_template(
        "partials/generation_rerun.html",
        cards=[card(generation), card(flawed)],
        unfinished=waiting(generations.unfinished(account)),
        account=Purse(account),
        announcement="Waiting. This re-run is free.",
    )


def deleted(generation: Generation) -> str:
    """The place of a card that has just been deleted, with its undo."""
    return render_template("partials/generation_deleted.html", deleted=as_deleted(generation))


def as_deleted(generation: Generation) -> Deleted:
    """A deleted generation as its crossed frame shows it."""
    shown = Card(generation)
    return Deleted(
        public_id=shown.public_id,
        number=shown.number,
        ratio_class=shown.ratio_class,
        url_undo=shown.url_undo,
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
    ready = [row.number for row in ended if row.status is Status.DONE]
    failed = [row.number for row in ended if row.status is not Status.DONE]
    sentences = []
    if ready:
        numbers = ", ".join(str(number) for number in ready)
        sentences.append(
            f"Picture {numbers} is ready." if len(ready) == 1 else f"Pictures {numbers} are ready."
        )
    if failed:
        numbers = ", ".join(str(number) for number in failed)
        sentences.append(f"{numbers} did not develop. The credits are back.")
    return " ".join(sentences)


def _receipt_line(entry: Entry) -> dict[str, Any]:
    """One movement of a generation: what, how much, and why where there is a why."""
    back = entry.available_delta - entry.owed_delta
    match entry.kind:
        case Kind.HOLD:
            words = f"Held: {plural(-back, 'credit')}"
        case Kind.CAPTURE:
            returned = f", {plural(back, 'credit')} back" if back else ""
            words = f"Captured: {plural(-entry.held_delta - back, 'credit')}{returned}"
        case _:
            words = f"Released: {plural(back, 'credit')}. {wording.reason(entry.reason)}"
    return {"words": words, "credits": back, "when": entry.created_at}
