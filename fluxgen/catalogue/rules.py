"""Whether a model can do what is asked of it, and the words for when it cannot."""

from __future__ import annotations

from fluxgen.catalogue.image_models import MATCH, ImageModel
from fluxgen.catalogue.shop import load
from fluxgen.errors import Refused

ANY = "any"
"""A reference whose role nobody has named."""

ROLES = {
    "person": "a person",
    "thing": "a thing",
    "room": "a room",
    "palette": "colours",
    "picture": "a picture to work from",
    "result": "one of your own results",
}
"""What a reference image may serve as, in words."""


def model(slug: str) -> ImageModel:
    """The model of this name, also the upscaler. Raises `Refused` in words for a person."""
    found = find(slug)
    if found is None:
        raise Refused("We do not have that model. Choose one of these.", "model")
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
        able = " or ".join(load().tiers[name].title for name in found.offers)
        raise Refused(f"{found.title} makes {able} pictures. Choose one of these.", "tier")
    _check_shape(found, aspect_ratio, has_reference=reference is not None)
    if not 1 <= count <= found.max_count:
        most = "1 picture" if found.max_count == 1 else f"1 to {found.max_count} pictures"
        raise Refused(f"{found.title} makes {most} at a time.", "count")
    if found.prompt_max is not None and prompt_length > found.prompt_max:
        raise Refused(
            f"That is {prompt_length:,} characters. {found.title} reads {found.prompt_max:,}.",
            "prompt",
        )
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


def _check_reference(found: ImageModel, role: str | None) -> None:
    if found.is_upscaler and role != "result":
        raise Refused(f"{found.title} enlarges a picture you have made. Choose a model.", "model")
    takes = found.reference
    if role is None:
        if takes is not None and takes.is_required:
            raise Refused(f"{found.title} needs a reference image. Add one.", "reference")
        return
    if takes is None:
        able = _listed([other.title for other in load().models.values() if other.reference])
        raise Refused(
            f"{found.title} cannot use a reference image. Remove it, or choose {able}.",
            "reference",
        )
    if role != ANY and role not in takes.roles:
        able = _listed([ROLES[name] for name in takes.roles])
        raise Refused(
            f"{found.title} uses a reference image as {able}. Choose another model for this one.",
            "reference",
        )


def _check_shape(found: ImageModel, aspect_ratio: str, *, has_reference: bool) -> None:
    offered = found.ratios(has_reference=has_reference)
    if aspect_ratio in offered:
        return
    if aspect_ratio == MATCH and not has_reference:
        words = "There is no reference image to take the shape from. Choose a shape."
    elif offered == (MATCH,):
        words = f"{found.title} keeps the shape of the reference image. Choose “As the reference”."
    else:
        words = f"{found.title} does not make that shape. Choose another."
    raise Refused(words, "aspect_ratio")


def _listed(names: list[str]) -> str:
    """A, B or C."""
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
