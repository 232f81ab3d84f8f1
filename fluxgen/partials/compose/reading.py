"""The form as it was sent, as it was kept, or as an address asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import MultiDict

from fluxgen import catalogue, looks
from fluxgen.catalogue import ImageModel
from fluxgen.errors import Refused
from fluxgen.generations.limits import IMPORTED
from fluxgen.generations.submission import Recipe
from fluxgen.generations.working_copies import WorkingCopy
from fluxgen.looks import Look
from fluxgen.models import Account
from fluxgen.partials import reference
from fluxgen.partials.compose import choices
from fluxgen.partials.compose.form import DRAFT_FIELDS, Form, is_number
from fluxgen.words import _

PLAIN = (
    *("look", "look_version", "shuffle", "shuffled", "seed"),
    *("parent", "origin", "position", "reference_person", "reference_from"),
    "shown_credits",
)


def read(values: MultiDict[str, str], account: Account | None) -> Form:
    """The form as it was sent, unchanged: what does not fit is refused in words later.

    Nobody's form is one that waits for its person to sign in.
    """
    count = values.get("count", "1")
    plain: dict[str, Any] = {name: values.get(name, "").replace("\x00", "") for name in PLAIN}
    plain["nonce"] = nonce_of(values)
    return Form(
        prompt=values.get("prompt", ""),
        **plain,
        slots={name: values.getlist(name) for name in values if name.startswith("slot.")},
        locked=values.getlist("locked"),
        has_reference=values.get("has_reference") == "yes" or bool(values.get("reference_from")),
        model=values.get("model", catalogue.DEFAULT_MODEL),
        tier=values.get("tier", catalogue.DEFAULT_TIER),
        aspect_ratio=values.get("aspect_ratio", catalogue.DEFAULT_ASPECT_RATIO),
        count=int(count) if is_number(count) else 0,
        lost_reference=values.get("lost_reference") == "yes",
        available_credits=account.available if account else 0,
    )


def nonce_of(values: Mapping[str, str]) -> str:
    """The form's nonce; names with a colon, and those of imports, are the house's own, and none
    from a form."""
    nonce = values.get("nonce", "").replace("\x00", "")
    return "" if ":" in nonce or nonce.startswith(IMPORTED) else nonce


def restored(draft: Mapping[str, Any], account: Account) -> Form:
    """The form that was kept as this draft; what is not in it is as in an empty form."""
    known = {name: draft[name] for name in DRAFT_FIELDS if name in draft}
    has_reference = bool(known.get("reference_from"))
    return fitted(Form(**known, has_reference=has_reference, available_credits=account.available))


def asked(values: Mapping[str, str], account: Account) -> Form:
    """A new form for `?look=`, with the answers of its `sample` where one is named.

    What is unknown is said on the form.
    """
    form = Form(
        look=values.get("look", ""),
        look_version=values.get("version", ""),
        seed=values.get("seed", ""),
        available_credits=account.available,
    )
    try:
        look = form.chosen_look
    except Refused as refusal:
        return fitted(form).refused(refusal)
    sample = values.get("sample", "")
    if look is None or not is_number(sample) or not 1 <= int(sample) <= len(look.samples):
        return fitted(form)
    shown = look.samples[int(sample) - 1]
    return fitted(
        replace(
            form,
            slots=looks.fields(look, shown.values),
            tier=shown.tier,
            aspect_ratio=shown.aspect_ratio,
        )
    )


def of_recipe(recipe: Recipe, account: Account, reference_from: str = "") -> Form:
    """A new form that asks for this again; its seed only where the recipe fixes one.

    `reference_from` names the person's own picture that is its reference image, if one is.
    """
    lineage, filled = recipe.lineage, recipe.look
    form = Form(
        prompt="" if filled else recipe.prompt,
        model=recipe.model,
        tier=recipe.tier,
        aspect_ratio=recipe.aspect_ratio,
        count=recipe.count,
        seed="" if recipe.seed is None else str(recipe.seed),
        parent=lineage.parent.public_id if lineage else "",
        origin=lineage.origin.value if lineage else "",
        position="" if lineage is None or lineage.position is None else str(lineage.position),
        reference_from=reference_from,
        has_reference=bool(reference_from),
        available_credits=account.available,
    )
    if filled is None:
        return fitted(form)
    try:
        look = looks.find(filled.slug, filled.version)
    except Refused:  # a Look that is gone for good: its text is still the record's prompt
        return fitted(replace(form, prompt=recipe.prompt))
    slots = looks.fields(look, filled.slots)
    return fitted(replace(form, look=look.slug, look_version=str(look.version), slots=slots))


def of_working_copy(found: WorkingCopy, account: Account) -> Form:
    """A new form that says what a working copy says, as far as it can still be made.

    What is not offered any more is said in words.
    """
    form = Form(**vars(found), available_credits=account.available)
    try:
        is_look = form.chosen_look is not None
    except Refused:
        is_look = _is_offered(found.look)
    if is_look:
        return fitted(replace(form, prompt=""))
    shown = fitted(replace(form, look="", look_version="", slots={}))
    if found.look:
        gone = _("That Look is not offered any more. Its text is here as a prompt.")
    elif found.model == catalogue.upscaler().slug:
        gone = _(
            "That picture was enlarged, and its file does not say what made it. Choose a model."
        )
    elif shown.model != found.model:
        gone = _("The model of that picture is not offered any more. Choose another.")
    else:
        return shown
    return shown.refused(Refused(gone, "model"))


def _is_offered(slug: str) -> bool:
    """Whether there is a Look of this name, in whatever version."""
    try:
        return bool(slug) and looks.find(slug) is not None
    except Refused:
        return False


def fitted(form: Form) -> Form:
    """The nearest form that can be made; what still fits is kept, with the words about it."""
    look = _look(form)
    if look is not None:
        tier = form.tier if form.tier in look.tiers else _nearest_tier(look.tiers)
        model = look.model(tier)
        form = replace(form, look=look.slug, look_version=str(look.version))
    else:
        model = catalogue.load().models.get(form.model) or catalogue.model(catalogue.DEFAULT_MODEL)
        tier = form.tier if form.tier in model.offers else _nearest_tier(model.offers)
        prompt = form.prompt or _answers(form)
        form = replace(form, look="", look_version="", prompt=prompt, model=model.slug)
    return replace(
        form,
        tier=tier,
        aspect_ratio=_nearest_shape(form, look, model),
        count=min(max(1, form.count), model.max_count),
    )


def _answers(form: Form) -> str:
    """What was answered to a Look that there is none of, as the beginning of a prompt."""
    asked = reference.without_ticks(form.slots) if form.look else {}
    return ", ".join(words for given in asked.values() for words in given if words.strip())


def _look(form: Form) -> Look | None:
    """The form's Look, or its current version where there is no such one."""
    try:
        return form.chosen_look
    except Refused:
        try:
            return replace(form, look_version="").chosen_look
        except Refused:
            return None


def _nearest_tier(offered: Mapping[str, object]) -> str:
    """Studio where there is one, else the first on offer."""
    default = catalogue.DEFAULT_TIER
    return default if default in offered else next(iter(offered))


def _nearest_shape(form: Form, look: Look | None, model: ImageModel) -> str:
    """The same where it is offered, else what comes nearest; a Look's own where it was made for
    no such shape, and a square for what is no shape."""
    offered = choices.shapes(look, model, has_reference=form.has_reference)
    if form.aspect_ratio in offered:
        return form.aspect_ratio
    fallback = offered[0] if look or "1:1" not in offered else "1:1"
    if look and form.aspect_ratio not in look.ratios:
        return fallback
    return choices.nearest(offered, form.aspect_ratio) or fallback
