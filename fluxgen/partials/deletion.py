"""What a page shows where something was deleted: its undo, and how long that is still there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from htmx_flask import request

from fluxgen import archive, generations
from fluxgen.models import DeletedImage, Generation
from fluxgen.partials import history, lightbox, search
from fluxgen.partials.cards import Card, card
from fluxgen.partials.picture_view import LETTERS
from fluxgen.partials.ratios import nearest_ratio, ratio_class
from fluxgen.presentation import current_account


@dataclass(frozen=True)
class Deleted:
    """What has just been deleted and can come back; `left_s` are seconds."""

    id: str
    key: str
    """The generation's name; the picture's own where it was deleted alone."""
    name: str
    css: str
    url_undo: str
    left_s: int
    is_alone: bool = False
    """Whether it is one picture, whose siblings are still there."""


def as_deleted(generation: Generation) -> Deleted:
    """A deleted generation as its crossed frame shows it."""
    images = generations.images_of([generation]).get(generation.id, [])
    shown = Card(generation)
    css = shown.ratio_class
    if images:  # the space that it took, so that nothing around it moves
        css = ratio_class(nearest_ratio(images[0].width, images[0].height))
        css += f" n-{len(images)}" if len(images) > 1 else ""
    return Deleted(
        id=shown.public_id,
        key=shown.public_id,
        name=f"{shown.number}",
        css=css,
        url_undo=f"{shown.url_undo}{search.query(search.read(request.args))}",
        left_s=archive.undo_left_s(generation.deleted_at) if generation.deleted_at else 0,
    )


def as_deleted_picture(gone: DeletedImage) -> Deleted:
    """One picture of several that was deleted alone."""
    position = int(gone.facts["position"])
    query = search.query(search.read(request.args), picture=position + 1 if position else "")
    return Deleted(
        id=gone.generation.public_id,
        key=gone.public_id,
        name=f"{gone.generation.number}{LETTERS[position]}",
        css=ratio_class(nearest_ratio(gone.facts["width"], gone.facts["height"])),
        url_undo=f"/pictures/{gone.public_id}/undo{query}",
        left_s=archive.undo_left_s(gone.deleted_at),
        is_alone=True,
    )


def deleted(generation: Generation) -> str:
    """The place of what has just been deleted, with its undo; in the lightbox, too."""
    gone = as_deleted(generation)
    if not _from_lightbox():
        return render_template("partials/generation_deleted.html", deleted=gone)
    view = _without(generation, lightbox.asked(), gone)
    return render_template(
        "partials/lightbox_deleted.html",
        beneath=_beneath(),
        rest=False,
        tiles=[],
        card=None,
        **view,
    )


def picture_deleted(gone: DeletedImage) -> str:
    """The rest of its generation, and the undo beside it; in the lightbox, too."""
    generation, shown = gone.generation, as_deleted_picture(gone)
    if not _from_lightbox():
        return render_template("partials/picture_deleted.html", deleted=shown, **grid(generation))
    view = _without(generation, int(gone.facts["position"]), shown) | {"rest": True}
    return render_template("partials/lightbox_deleted.html", **view, **grid(generation))


def back(generation: Generation, position: int) -> str:
    """What was deleted, as it was."""
    under = grid(generation)
    if not _from_lightbox():
        return render_template("partials/generation_back.html", from_toast=_from_toast(), **under)
    return render_template(
        "partials/lightbox_back.html", **{**lightbox.context(generation, position), **under}
    )


def question(words: str, generation: Generation) -> str:
    """Whether a favourite is to go: a dialog, or a page where there are no scripts."""
    return render_template(
        "partials/delete_question_answer.html" if request.htmx else "pages/delete_question.html",
        page="history",
        words=words,
        url_delete=request.full_path.rstrip("?"),
        url_cancel=f"/generations/{generation.public_id}{_query()}",
        from_lightbox=_from_lightbox(),
        beneath=_beneath(),
        target=".lightbox__view" if _from_lightbox() else f"#generation-{generation.public_id}",
        frame=f"#generation-{generation.public_id}",
    )


def too_late(words: str, generation: Generation) -> str:
    """Where the undo was: that it is gone for good."""
    gone = as_deleted(generation)
    return render_template(
        "partials/deleted_for_good.html",
        deleted=gone,
        words=words,
        from_lightbox=_from_lightbox(),
        from_toast=_from_toast(),
        url_close=search.HISTORY,
    )


def grid(generation: Generation) -> dict[str, Any]:
    """The generation as the page's grid shows it: a tile of the archive, or a card."""
    beneath = _beneath()
    tile = archive.tile(generation) if beneath == "tile" else None
    wanted = search.read(request.args)
    return {
        "tiles": [history.view(tile, search.query(wanted))] if tile else [],
        "card": card(generation),
        "beneath": beneath,
    }


def _without(generation: Generation, position: int, gone: Deleted) -> dict[str, Any]:
    """The lightbox with nothing on its stage but the undo; its neighbours stay."""
    wanted = search.read(request.args)
    place = archive.place(current_account(), generation, position, wanted)
    return {"deleted": gone, "url_close": search.HISTORY, **lightbox.steps(place, wanted)}


def _query() -> str:
    which = request.args.get("picture", "")
    return search.query(search.read(request.args), picture=which if which.isdecimal() else "")


def _from_lightbox() -> bool:
    return bool(request.form.get("from") == "lightbox")


def _from_toast() -> bool:
    return bool(request.form.get("from") == "toast")


def _beneath() -> str:
    """What the page shows of the generation, under the lightbox if one is open."""
    return str(request.form.get("beneath", ""))
