"""Whether a model can do what is asked of it, and the words for when it cannot."""

from __future__ import annotations

from fluxgen import formats
from fluxgen.catalogue.image_models import MATCH, ImageModel
from fluxgen.catalogue.shop import load
from fluxgen.errors import Refused
from fluxgen.words import N_, _, ngettext

ANY = "any"
"""A reference whose role nobody has named."""

ROLES = {
    "person": N_("a person"),
    "thing": N_("a thing"),
    "room": N_("a room"),
    "palette": N_("colours"),
    "picture": N_("a picture to work from"),
    "result": N_("one of your own results"),
}
"""What a reference image may serve as, in words."""


def model(slug: str) -> ImageModel:
    """The model of this name, also the upscaler. Raises `Refused` in words for a person."""
    found = find(slug)
    if found is None:
        raise Refused(_("We do not have that model. Choose one of these."), "model")
    return found


def find(slug: str) -> ImageModel | None:
    """The model of this name, also the upscaler; None if it is not (or no longer) there."""
    shop = load()
    return shop.upscaler if slug == shop.upscaler.slug else shop.models.get(slug)


def check(
    slug: str,
    tier: str,
    aspect_ratio: str,
    count: int,
    *,
    reference: str | None = None,
    prompt_length: int = 0,
) -> ImageModel:
    """The model, if it can do all of this. Raises `Refused` naming the field that does not fit.

    `reference` is the role of the reference image (one of `ROLES`, or `ANY`), if there is one.
    """
    found = model(slug)
    _check_reference(found, reference)
    if tier not in found.offers:
        able = formats.either(load().tiers[name].title for name in found.offers)
        raise Refused(
            _(
                "%(title)s makes %(able)s pictures. Choose one of these.",
                title=found.title,
                able=able,
            ),
            "tier",
        )
    _check_shape(found, aspect_ratio, has_reference=reference is not None)
    _check_amounts(found, count, prompt_length)
    return found


def fits(
    found: ImageModel, tier: str, aspect_ratio: str, count: int, *, has_reference: bool = False
) -> bool:
    """Whether the model can do all of this."""
    try:
        check(found.slug, tier, aspect_ratio, count, reference=ANY if has_reference else None)
    except Refused:
        return False
    return True


def _check_amounts(found: ImageModel, count: int, prompt_length: int) -> None:
    if not 1 <= count <= found.max_count:
        words = ngettext(
            "%(title)s makes %(num)s picture at a time.",
            "%(title)s makes 1 to %(num)s pictures at a time.",
            found.max_count,
            title=found.title,
        )
        raise Refused(words, "count")
    if found.prompt_max is not None and prompt_length > found.prompt_max:
        words = _(
            "That is %(length)s characters. %(title)s reads %(most)s. Shorten it, or choose "
            "another model.",
            length=prompt_length,
            title=found.title,
            most=found.prompt_max,
        )
        raise Refused(words, "prompt")


def _check_reference(found: ImageModel, role: str | None) -> None:
    if found.is_upscaler and role != "result":
        raise Refused(
            _("%(title)s enlarges a picture you have made. Choose a model.", title=found.title),
            "model",
        )
    takes = found.reference
    if role is None:
        if takes is not None and takes.is_required:
            raise Refused(
                _("%(title)s needs a reference image. Add one.", title=found.title), "reference"
            )
        return
    if takes is None:
        able = formats.either(other.title for other in load().models.values() if other.reference)
        raise Refused(
            _(
                "%(title)s cannot use a reference image. Remove it, or choose %(able)s.",
                title=found.title,
                able=able,
            ),
            "reference",
        )
    if role != ANY and role not in takes.roles:
        able = formats.either(_(ROLES[name]) for name in takes.roles)
        raise Refused(
            _(
                "%(title)s uses a reference image as %(able)s. Choose another model for this one.",
                title=found.title,
                able=able,
            ),
            "reference",
        )


def _check_shape(found: ImageModel, aspect_ratio: str, *, has_reference: bool) -> None:
    offered = found.ratios(has_reference=has_reference)
    if aspect_ratio in offered:
        return
    if aspect_ratio == MATCH and not has_reference:
        words = _("There is no reference image to take the shape from. Choose a shape.")
    elif offered == (MATCH,):
        words = _(
            "%(title)s keeps the shape of the reference image. Choose “As the reference”.",
            title=found.title,
        )
    else:
        words = _("%(title)s does not make that shape. Choose another.", title=found.title)
    raise Refused(words, "aspect_ratio")
