"""What may come of a result: the recipes for it, and which results came of which.

Each recipe names its parent and the deed. Sizes are pixels, positions count from 0.
"""

from __future__ import annotations

from dataclasses import replace

from fluxgen import catalogue, looks, references, typed
from fluxgen.errors import Refused
from fluxgen.generations import reading
from fluxgen.generations.references import why_gone
from fluxgen.generations.submission import Lineage, Recipe, recipe_of
from fluxgen.models import UNFINISHED, Account, Generation, Image, Origin, Status
from fluxgen.words import N_, _

CHILDREN_MAX = 24
REFERENCE_MODEL = "flux-2-pro"
"""What a picture is a reference for, where the model that made it takes none."""

NOT_DONE = N_("There is no picture to work from yet. Wait until this one is done.")
NO_SUCH_PICTURE = N_("That picture is gone. Choose another one.")
LARGE_ALREADY = N_("This picture is as large already as upscaling would make it.")
SAY_WHAT = N_("Say what should be different in the picture first.")


def varied(generation: Generation) -> Recipe:
    """The same with another seed, and of its reference image where that is ours still.

    Raises `Refused`.
    """
    _refuse_unless_done(generation)
    if generation.had_reference and source(generation) is None:
        raise Refused(why_gone(generation))
    return recipe_of(generation, Origin.VARY)


def remixed(generation: Generation) -> Recipe:
    """The same to be changed at will; what was uploaded for it is not part of it any more."""
    return _without_reference(_recipe(generation, Origin.REMIX))


def with_slot_open(generation: Generation) -> Recipe:
    """The same, seed and all, so that one answer can be changed and nothing else changes."""
    made = made_as(generation)
    model = catalogue.find(made.model)
    seed = made.seed if model and model.has_seed else None
    return replace(_without_reference(_recipe(generation, Origin.SLOT)), seed=seed)


def of_family(generation: Generation) -> Recipe:
    """The same Look for another thing of its family: all answers but that one."""
    recipe = _without_reference(_recipe(generation, Origin.SLOT))
    filled = recipe.look
    if filled is None:
        return recipe
    family_slot = looks.find(filled.slug, filled.version).family_slot
    kept = {name: value for name, value in filled.slots.items() if name != family_slot}
    return replace(recipe, look=replace(filled, slots=kept))


def with_reference(generation: Generation, position: int) -> Recipe:
    """An empty recipe for a model that can take this picture as its reference image.

    Raises `Refused` at `reference`.
    """
    picture(generation, position)
    made_by = catalogue.find(generation.model)
    takes = made_by is not None and not made_by.is_upscaler and made_by.takes("thing")
    model = made_by if made_by is not None and takes else catalogue.model(REFERENCE_MODEL)
    is_offered = generation.tier in model.offers
    return Recipe(
        prompt="",
        model=model.slug,
        tier=generation.tier if is_offered else next(iter(model.offers)),
        aspect_ratio=generation.aspect_ratio,
        lineage=Lineage(generation, Origin.REFERENCE, position),
    )


def edited(generation: Generation, position: int, instruction: str, model: str = "") -> Recipe:
    """This picture, changed as the instruction says. Raises `Refused`."""
    picture(generation, position)
    able = {editor.slug: editor for editor in catalogue.editors()}
    editor = able.get(model) if model else next(iter(able.values()), None)
    if editor is None:
        raise Refused(_("That model does not edit pictures. Choose one of these."), "model")
    if typed.is_blank(instruction):
        raise Refused(_(SAY_WHAT), "prompt")
    return Recipe(
        prompt=instruction,
        model=editor.slug,
        tier=next(iter(editor.offers)),
        aspect_ratio=catalogue.MATCH,
        lineage=Lineage(generation, Origin.EDIT, position),
    )


def upscaled(generation: Generation, position: int) -> Recipe:
    """This picture, larger; it stays what it is, so its Look and answers come along.

    Raises `Refused`, also where it would not become larger.
    """
    if enlarged_size(picture(generation, position)) is None:
        raise Refused(_(LARGE_ALREADY))
    upscaler = catalogue.upscaler()
    return replace(
        recipe_of(generation, Origin.UPSCALE),
        model=upscaler.slug,
        tier=next(iter(upscaler.offers)),
        aspect_ratio=catalogue.MATCH,
        count=1,
        lineage=Lineage(generation, Origin.UPSCALE, position),
    )


def enlarged_size(image: Image) -> tuple[int, int] | None:
    """Width and height of this picture after upscaling; None where that is no gain.

    A large picture is made smaller before it is sent, so it gains less than the factor.
    """
    upscaler = catalogue.upscaler()
    assert upscaler.reference is not None
    factor = int(next(iter(upscaler.offers.values())).input["scale"])
    limit = upscaler.reference.max_megapixels
    width, height = references.size_within(image.width, image.height, limit)
    return (width * factor, height * factor) if width * factor > image.width else None


def picture(generation: Generation, position: int) -> Image:
    """The picture at this position. Raises `Refused` at `reference`."""
    if generation.deleted_at is not None:
        raise Refused(_(NO_SUCH_PICTURE), references.FIELD)
    _refuse_unless_done(generation)
    images = reading.images_of([generation])[generation.id]
    found = next((image for image in images if image.position == position), None)
    if found is None:
        raise Refused(_(NO_SUCH_PICTURE), references.FIELD)
    return found


def source(generation: Generation) -> Image | None:
    """The person's own picture that was this one's reference image, if it is still there."""
    from_: Generation | None = generation.source
    if from_ is None or from_.account_id != generation.account_id:
        return None
    try:
        return picture(from_, generation.source_position or 0)
    except Refused:
        return None


def made_as(generation: Generation) -> Generation:
    """The one whose recipe made what is to be seen: of an enlargement the one that was enlarged,
    as far back as they are there."""
    while is_enlarged(generation) and (before := source(generation)) is not None:
        generation = before.generation
    return generation


def is_enlarged(generation: Generation) -> bool:
    """Whether it is another picture made larger."""
    return bool(generation.model == catalogue.upscaler().slug)


def is_edited(generation: Generation) -> bool:
    """Whether it is another picture changed by words, or that tried again."""
    made: Generation | None = generation
    while made is not None and made.origin in (Origin.RETRY, Origin.VARY):
        made = made.parent
    return made is not None and made.origin is Origin.EDIT


def parent_of(generation: Generation) -> Generation | None:
    """What it came of, unless that is deleted."""
    parent: Generation | None = generation.parent
    if parent is None or parent.account_id != generation.account_id:
        return None
    return parent if parent.deleted_at is None else None


def children_of(account: Account, generation: Generation) -> list[Generation]:
    """What came of it and is there or under way, the newest first, `CHILDREN_MAX` at most."""
    is_there = Generation.status.in_((*UNFINISHED, Status.DONE)) & Generation.deleted_at.is_null()
    return list(
        Generation.select()
        .where((Generation.parent == generation) & (Generation.account == account) & is_there)
        .order_by(Generation.id.desc())
        .limit(CHILDREN_MAX)
    )


def _refuse_unless_done(generation: Generation) -> None:
    if generation.status is not Status.DONE:
        raise Refused(_(NOT_DONE))


def _recipe(generation: Generation, origin: Origin) -> Recipe:
    """What is to be seen, as a recipe that comes of this one."""
    lineage = Lineage(generation, origin)
    return replace(recipe_of(made_as(generation), origin), lineage=lineage)


def _without_reference(recipe: Recipe) -> Recipe:
    """The same without the mark that a reference image was attached to its Look."""
    filled = recipe.look
    if filled is None:
        return recipe
    kept = {name: value for name, value in filled.slots.items() if value is not True}
    return replace(recipe, look=replace(filled, slots=kept))
