"""The lightbox: a picture large, with all that is known about it, as a page and in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request

from fluxgen import archive, credits
from fluxgen.archive import Neighbour, Picture, Place, Tile, Wanted
from fluxgen.models import Entry, Generation, Kind, Status
from fluxgen.partials import looks, results, search, sheets, wording
from fluxgen.partials.cards import Card, card
from fluxgen.partials.collections import collecting
from fluxgen.partials.generations import own, waiting
from fluxgen.partials.picture_addresses import address_at, fallback
from fluxgen.partials.picture_view import LETTERS, PictureView
from fluxgen.presentation import current_account
from fluxgen.security import owner
from fluxgen.words import _, ngettext

lightbox_partials = Blueprint("lightbox_partials", __name__, url_prefix="/partials")

PAGE_FROM = 60
"""From so many newer pictures on, the archive is opened again where this one is."""


@dataclass(frozen=True)
class Step:
    """The way to one picture, as a page and in place."""

    name: str
    url: str
    fragment: str
    url_320: str
    url_original: str
    lasting: str
    width: int
    height: int
    is_current: bool = False


@lightbox_partials.get("/generations/<public_id>/lightbox")
@owner
def lightbox(public_id: str) -> str:
    """The picture large, with all that is known about it."""
    return render_template("partials/lightbox.html", **context(own(public_id)))


def page(generation: Generation, position: int | None = None, **said: Any) -> str:
    """A generation's page; `said` are words about what was refused, and what was typed."""
    shown = _saying(generation, position, **said)
    if shown["acts"] is None:  # no buttons to say it beside
        shown["card"] = card(generation, shown["notice"])
    return render_template(
        "pages/generation.html",
        page="history",
        unfinished=waiting([generation]),
        refreshes=not generation.is_finished,
        **shown,
    )


def deeds(generation: Generation, position: int, **said: Any) -> str:
    """The buttons of what can be made of a picture, with the same words beside them."""
    return render_template("partials/result_acts.html", **_saying(generation, position, **said))


def _saying(generation: Generation, position: int | None, **said: Any) -> dict[str, Any]:
    instruction, editor = said.pop("instruction", ""), said.pop("editor", "")
    shown = context(generation, position) | said
    if shown["acts"] is not None:
        shown["acts"] = replace(shown["acts"], instruction=instruction, editor=editor)
    return shown


def context(generation: Generation, position: int | None = None) -> dict[str, Any]:
    """What the lightbox shows; `?picture=` counts from 1, the rest says what is looked for."""
    shown, wanted = card(generation), search.read(request.args)
    picture = _chosen(shown, asked() if position is None else position)
    at = picture.position if picture else 0
    place = archive.place(current_account(), generation, at, wanted) if picture else Place()
    look = looks.answered(generation)
    query = search.query(wanted, picture=at + 1 if at else "")
    return {
        "card": shown,
        "shown": picture,
        "name": _("Picture %(name)s", name=name(shown, picture)),
        "query": query,
        "siblings": [_sibling(shown, each, at, wanted) for each in shown.pictures],
        "acts": results.acts(generation, at) if picture else None,
        "collecting": collecting(generation, query) if picture else None,
        "lineage": results.lineage(current_account(), generation),
        "look": look,
        "recipe": _recipe(shown, look),
        "notice": "",
        "missing": 0,
        "url_favourite": f"{shown.page_url}/favourite",
        "is_favourite": generation.favourite_at is not None,
        "n_of_m": _n_of_m(place),
        "sheets": sheets.entries(generation),
        "family_url": sheets.family_url(generation),
        "receipt": [_receipt_line(entry) for entry in credits.receipt(generation)],
        **steps(place, wanted),
        "url_close": _close(generation, place, wanted),
    }


def steps(place: Place, wanted: Wanted) -> dict[str, Any]:
    """The strip of neighbours, and the pictures before and after."""
    newer = [_step(each, wanted) for each in place.newer]
    older = [_step(each, wanted) for each in place.older]
    here = [replace(_step(place.own, wanted), is_current=True)] if place.own else []
    return {
        "previous": newer[-1] if newer else None,
        "next": older[0] if older else None,
        "strip": [*newer, *here, *older],
    }


def asked() -> int:
    """Which picture the address asks for, from 0."""
    return request.args.get("picture", 1, type=int) - 1


def name(shown: Card, picture: PictureView | None) -> str:
    """41; or 41B, where there were several."""
    letter = LETTERS[picture.position] if picture and shown.asked > 1 else ""
    return f"{shown.number}{letter}"


def _chosen(shown: Card, position: int) -> PictureView | None:
    """The picture at this position, or the first there is."""
    found = [picture for picture in shown.pictures if picture.position == position]
    return next(iter(found or shown.pictures), None)


def _step(neighbour: Neighbour, wanted: Wanted) -> Step:
    tile, picture = neighbour.tile, neighbour.picture
    address = f"/generations/{tile.public_id}"
    query = search.query(wanted, picture=picture.position + 1 if picture.position else "")
    return Step(
        name=f"{tile.number}{LETTERS[picture.position] if tile.asked > 1 else ''}",
        url=f"{address}{query}",
        fragment=f"/partials{address}/lightbox{query}",
        url_320=_address(tile, picture, "320"),
        url_original=_address(tile, picture, "original"),
        lasting=fallback(picture.public_id),
        width=picture.width,
        height=picture.height,
    )


def _address(tile: Tile, picture: Picture, variant: str) -> str:
    return address_at(tile.public_id, tile.shelf, picture.position, picture.public_id, variant)


def _sibling(shown: Card, picture: PictureView, at: int, wanted: Wanted) -> dict[str, Any]:
    """The way to another picture of the same generation."""
    query = search.query(wanted, picture=picture.position + 1)
    return {
        "name": name(shown, picture),
        "url": f"{shown.page_url}{query}",
        "fragment": f"{shown.url_lightbox}{query}",
        "is_current": picture.position == at,
    }


def _n_of_m(place: Place) -> str:
    if place.n is None:
        return ""
    if not place.total:
        return _("%(place)s of more than %(all)s", place=place.n, all=archive.PLACE_MAX)
    return _("%(place)s of %(all)s", place=place.n, all=place.total)


def _close(generation: Generation, place: Place, wanted: Wanted) -> str:
    """Back to the page of the archive that has it."""
    is_far = place.n is None or place.n > PAGE_FROM
    after = generation.number + 1 if generation.status is Status.DONE and is_far else ""
    return f"{search.HISTORY}{search.query(wanted, after=after)}#generation-{generation.public_id}"


def _recipe(shown: Card, look: looks.Answered | None) -> str:
    """All that makes the picture, as text to be kept elsewhere."""
    lines = [shown.prompt, ""]
    if look:
        lines.append(
            _("Look: %(look)s, version %(version)s", look=look.title, version=look.version)
        )
        lines += [f"  {label}: {answer}" for label, answer in look.answers]
    lines.append(_("Model: %(model)s", model=shown.model_title))
    lines.append(_("Quality: %(quality)s", quality=shown.tier_title))
    lines.append(_("Shape: %(shape)s", shape=shown.shape_title))
    if shown.generation.had_reference:
        lines.append(_("Reference image: used, not kept"))
    if shown.seed is not None:
        lines.append(_("Seed: %(id)s", id=shown.seed))
    return "\n".join(lines)


def _receipt_line(entry: Entry) -> dict[str, Any]:
    """One movement of a generation: what, how much, and why where there is a why."""
    back = entry.available_delta - entry.owed_delta
    match entry.kind:
        case Kind.HOLD:
            words = ngettext("Held: %(num)s credit", "Held: %(num)s credits", -back)
        case Kind.CAPTURE:
            words = _captured(-entry.held_delta - back, back)
        case _:
            words = ngettext(
                "Released: %(num)s credit. %(reason)s",
                "Released: %(num)s credits. %(reason)s",
                back,
                reason=wording.reason(entry.reason),
            )
    return {"words": words, "credits": back, "when": entry.created_at}


def _captured(taken: int, back: int) -> str:
    words = ngettext("Captured: %(num)s credit", "Captured: %(num)s credits", taken)
    if not back:
        return words
    returned = ngettext("%(num)s credit back", "%(num)s credits back", back)
    return _("%(captured)s, %(returned)s", captured=words, returned=returned)
