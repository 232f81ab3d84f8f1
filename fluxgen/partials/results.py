"""What may be made of a result, with its price, and what came of what: for the lightbox."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fluxgen import catalogue, looks
from fluxgen.errors import Refused
from fluxgen.generations import derivation, images_of
from fluxgen.models import Account, Generation, Image, Origin, Status
from fluxgen.partials import comparison, reference
from fluxgen.partials.picture_view import PictureView, named, picture_view
from fluxgen.words import N_, _

INSTRUCTION_MAX = 2000

DEEDS = {
    Origin.RETRY: (
        N_("Tried again after %(name)s"),
        N_("Tried again after a picture that is deleted"),
    ),
    Origin.REMIX: (N_("Remixed from %(name)s"), N_("Remixed from a picture that is deleted")),
    Origin.VARY: (N_("A variation of %(name)s"), N_("A variation of a picture that is deleted")),
    Origin.SLOT: (N_("Changed from %(name)s"), N_("Changed from a picture that is deleted")),
    Origin.UNPACK: (N_("Unpacked from %(name)s"), N_("Unpacked from a picture that is deleted")),
    Origin.SHEET: (
        N_("On a contact sheet of %(name)s"),
        N_("On a contact sheet of a picture that is deleted"),
    ),
    Origin.REFERENCE: (
        N_("Made with reference %(name)s"),
        N_("Made with reference a picture that is deleted"),
    ),
    Origin.EDIT: (N_("Edited from %(name)s"), N_("Edited from a picture that is deleted")),
    Origin.UPSCALE: (N_("Upscaled from %(name)s"), N_("Upscaled from a picture that is deleted")),
}
"""What it came of: a picture that is there, or one that is gone."""
OUTCOMES = {
    Origin.RETRY: N_("tried again"),
    Origin.REMIX: N_("remixed"),
    Origin.VARY: N_("a variation"),
    Origin.SLOT: N_("one change"),
    Origin.UNPACK: N_("unpacked"),
    Origin.SHEET: N_("contact sheet"),
    Origin.REFERENCE: N_("with this as reference"),
    Origin.EDIT: N_("edited"),
    Origin.UPSCALE: N_("upscaled"),
}


@dataclass(frozen=True)
class Editor:
    """A model that edits by instruction; its price in credits."""

    slug: str
    title: str
    cost_credits: int


@dataclass(frozen=True)
class Acts:
    """What may be done with this picture. Prices are credits, sizes pixels; each form has a
    nonce of its own, so that pressing twice is once."""

    generation: Generation
    position: int
    upscaled_size: tuple[int, int] | None
    instruction: str = ""
    editor: str = ""
    nonces: list[str] = field(
        default_factory=lambda: [secrets.token_urlsafe(16) for __ in range(3)]
    )

    instruction_max = INSTRUCTION_MAX

    @property
    def vary_credits(self) -> int | None:
        """The price of the same once more; None where that cannot be had."""
        model = catalogue.find(self.generation.model)
        made, has_reference = self.generation, self.generation.had_reference
        if model is None or (has_reference and derivation.source(made) is None):
            return None
        fits = catalogue.fits(
            model, made.tier, made.aspect_ratio, made.count, has_reference=has_reference
        )
        return model.cost_credits(made.tier, made.count) if fits else None

    @property
    def editors(self) -> list[Editor]:
        return [
            Editor(model.slug, model.title, model.usual.cost_credits)
            for model in catalogue.editors()
        ]

    @property
    def chosen_editor(self) -> str:
        return self.editor or self.editors[0].slug

    @property
    def edit_credits(self) -> int:
        costs = {editor.slug: editor.cost_credits for editor in self.editors}
        return costs.get(self.chosen_editor, self.editors[0].cost_credits)

    @property
    def upscale_credits(self) -> int:
        return catalogue.upscaler().usual.cost_credits

    @property
    def slots(self) -> list[tuple[str, str]]:
        """The Look's questions, and where each one can be answered anew."""
        filled = self.generation
        if filled.look is None:
            return []
        try:
            look = looks.find(filled.look, filled.look_version)
        except Refused:  # gone for good
            return []
        asked = [slot for slot in look.slots if slot is not look.reference]
        change = f"/studio?change={filled.public_id}"
        return [(slot.label, f"{change}&slot={slot.name}#slot-{slot.name}") for slot in asked]

    @property
    def url_remix(self) -> str:
        return f"/studio?remix={self.generation.public_id}"

    @property
    def url_reference(self) -> str:
        return f"/studio?reference={reference.address(self.generation, self.position)}"

    @property
    def url_vary(self) -> str:
        return f"{self._page}/vary"

    @property
    def url_edit(self) -> str:
        return f"{self._page}/edit"

    @property
    def url_upscale(self) -> str:
        return f"{self._page}/upscale"

    @property
    def _page(self) -> str:
        return f"/generations/{self.generation.public_id}"


@dataclass(frozen=True)
class Relative:
    """A generation that this one came of, or that came of it."""

    words: str
    generation: Generation
    name: str
    n: int = 1
    picture: PictureView | None = None

    @property
    def url(self) -> str:
        return f"/generations/{self.generation.public_id}{self._query}"

    @property
    def fragment(self) -> str:
        return f"/partials/generations/{self.generation.public_id}/lightbox{self._query}"

    @property
    def _query(self) -> str:
        return f"?picture={self.n}" if self.n > 1 else ""


@dataclass(frozen=True)
class LineageView:
    """What it came of: words, and the parent where it still is. What came of it."""

    words: str
    parent: Relative | None
    children: Sequence[Relative]
    compare_url: str | None = None
    """Where it is compared with its parent, if both have pictures."""


def acts(generation: Generation, position: int) -> Acts | None:
    """What may be done with this picture; None where there is none."""
    try:
        image = derivation.picture(generation, position)
    except Refused:
        return None
    size = derivation.enlarged_size(image)
    return Acts(generation, position, size)


def lineage(account: Account, generation: Generation) -> LineageView:
    """Where it comes from and what came of it."""
    parent = derivation.parent_of(generation)
    children = derivation.children_of(account, generation)
    images = images_of([row for row in (parent, *children) if row is not None])
    with_name, without = DEEDS[generation.origin] if generation.origin else ("", "")
    its = _relative("", parent, generation.parent_position, images) if parent else None
    if its and with_name:
        its = replace(its, words=_(with_name, name=its.name))
    return LineageView(
        words=its.words if its else _(without) if without else "",
        parent=its,
        children=[
            _relative(_(OUTCOMES[child.origin]) if child.origin else "", child, None, images)
            for child in children
        ],
        compare_url=_compared(parent, generation),
    )


def _compared(parent: Generation | None, generation: Generation) -> str | None:
    are_done = parent is not None and parent.status is generation.status is Status.DONE
    return comparison.url(parent.public_id, generation.public_id) if parent and are_done else None


def _relative(
    words: str, row: Generation, position: int | None, images: dict[int, list[Image]]
) -> Relative:
    if row.status is not Status.DONE:
        return Relative(words, row, named(row, None))
    shown = [image for image in images.get(row.id, []) if image.position == (position or 0)]
    picture = picture_view(row, shown[0]) if shown else None
    return Relative(words, row, named(row, position), (position or 0) + 1, picture)
