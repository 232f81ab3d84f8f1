"""What a Look's own check finds wrong with a picture, and the one free re-run for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from peewee import IntegrityError

from fluxgen import catalogue, credits, looks, pictures
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.generations import limits, submission
from fluxgen.generations.limits import IMPORTED, RERUN
from fluxgen.generations.submission import create, permitted, recipe_of, sent_before
from fluxgen.looks import seam
from fluxgen.models import UNFINISHED, Generation, Image, Origin, Status
from fluxgen.pictures import Picture
from fluxgen.words import N_, _

SEAM = "seam"
MADE = N_("Its free re-run was made already. It can be tried again at its price.")


def flaw_of(generation: Generation, picture: Picture) -> str | None:
    """What the Look's check finds wrong; None where nothing is, or the Look checks nothing."""
    if generation.look is None:
        return None
    try:
        check = looks.find(generation.look, generation.look_version).after_check
    except Refused:
        return None
    if check != SEAM:
        return None
    tile = pictures.opened(picture.data, enough_px=seam.SIDE_PX)
    return None if seam.is_seamless(tile) else SEAM


def rerun(generation: Generation) -> Generation:
    """As many as are flawed once more, with a seed of their own: their price is given, then held.

    Once a chain: what a re-run brings has none; one that brings nothing is free again, and
    what was given for it is taken back. Asking twice is one generation.
    Raises `Refused`, `TooMany`, and then nothing was given.
    """
    account, nonce = generation.account, _nonce_of_next(generation)
    if (earlier := sent_before(account, nonce)) is not None:
        return earlier
    flawed = _flawed_count(generation)
    if not flawed or not _may_have_one(generation):
        raise Refused(_("There is no free re-run of this one. It can be tried again at its price."))
    recipe = replace(recipe_of(generation, Origin.RETRY), count=flawed).checked()
    recipe = permitted(account, recipe)
    price = catalogue.model(recipe.model).cost_credits(recipe.tier, recipe.count)
    reason = f"Free re-run of picture {generation.number}: its seam shows."
    try:
        with transaction():
            credits.grant(account, price, nonce, reason)  # whose lock makes others wait here
            limits.refuse_too_many_reruns(account)
            return create(account, recipe, nonce)
    except (credits.AlreadyBooked, IntegrityError, Refused) as refusal:
        if (twin := sent_before(account, nonce)) is not None:
            return twin
        if isinstance(refusal, credits.AlreadyBooked):  # that one was deleted since
            raise Refused(_(MADE)) from None
        raise


def retry(generation: Generation) -> Generation:
    """The same recipe once more, as `submission.retry`; a free re-run that brought nothing is
    free again, as long as what it was made for is there."""
    flawed = _free_again(generation)
    return submission.retry(generation) if flawed is None else rerun(flawed)


def retry_credits(generation: Generation) -> int | None:
    """What a retry costs now; None where it is not offered any more, which the retry says."""
    if _free_again(generation) is not None:
        return 0
    model = catalogue.find(generation.model)
    if model is None or generation.tier not in model.offers:
        return None
    return model.cost_credits(generation.tier, generation.count)


def _free_again(generation: Generation) -> Generation | None:
    """The flawed one that a re-run in vain may be made of once more for nothing; None where it
    is no such re-run, or the flawed one is gone, or another re-run of it has brought something."""
    is_rerun = generation.nonce.startswith(RERUN) and generation.is_finished
    if not is_rerun or generation.charged_credits:
        return None
    flawed: Generation | None = generation.parent
    if flawed is None or not _flawed_count(flawed) or not _may_have_one(flawed):
        return None
    nonce = _nonce_of_next(flawed)
    twin = sent_before(flawed.account, nonce)
    is_made = twin.is_finished if twin else credits.was_given(flawed.account, nonce)
    return None if is_made else flawed


def _nonce_of_next(flawed: Generation) -> str:
    """The nonce of the one re-run that it has left, or of the one that was it."""
    nonce = f"{RERUN}{flawed.public_id}"
    in_vain = credits.withdrawn(flawed.account, nonce)
    return f"{nonce}:{in_vain}" if in_vain else nonce


def _flawed_count(generation: Generation) -> int:
    flaws = Image.select().where(Image.generation == generation, Image.flaw.is_null(False))
    return int(flaws.count())


def with_rerun_left(flawed: Collection[Generation]) -> set[int]:
    """Ids of those that still have their free re-run: one query for all of them."""
    able = {row.id for row in flawed if _may_have_one(row)}
    if not able:
        return set()
    alive = Generation.status.in_((*UNFINISHED, Status.DONE))
    made = Generation.select(Generation.parent).where(
        Generation.parent.in_(able) & Generation.nonce.startswith(RERUN) & alive
    )
    return able - {row.parent_id for row in made}


def _may_have_one(generation: Generation) -> bool:
    """Not what is a free re-run itself, nor what was tried again after one; nor what needs a
    reference image, which was not kept; nor what was brought in, whose flaw is a file's word."""
    if generation.nonce.startswith(IMPORTED):
        return False
    tried: Generation | None = generation
    while tried is not None:
        if tried.had_reference or tried.nonce.startswith(RERUN):
            return False
        tried = tried.parent if tried.origin is Origin.RETRY else None
    return True
