"""Reference images: handed to the provider within the request, deleted there at the end.

Nothing of them is written here but the provider's name of the file, until it is deleted.
Killed between the file and the row, or silent at the end: the sweeps delete what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from fluxgen import adapters, archive, catalogue, clock, generations, references
from fluxgen.errors import MayWorkLater, NeverWill, Refused, Silent, Unreachable
from fluxgen.generations import Recipe, Reference, derivation
from fluxgen.jobs import kept
from fluxgen.models import Account, Generation, Image
from fluxgen.pictures import SIZE_MAX_BYTES as OWN_SIZE_MAX_BYTES
from fluxgen.words import _

ORPHAN_AFTER_S = 3 * 3600
"""A generation has ended long before, so whoever uploaded a file this old needs it no more."""

KNOWN_AT_ONCE = 500
"""Names in one question to the database."""

log = logging.getLogger(__name__)


def submit(
    account: Account, recipe: Recipe, nonce: str, picture: bytes, *, is_own: bool = False
) -> Generation:
    """Put a generation with this reference image on the waiting list, as `generations.submit`.

    What can be refused is refused before anything is handed over, and the same form is handed
    over once. Raises also `Refused` at `reference` and `Unreachable`.
    """
    earlier = generations.sent_before(account, nonce)
    if earlier is not None:
        return earlier
    wanted = generations.admitted(account, replace(recipe, reference=Reference("", "")))
    generations.refuse_uncovered(account, generations.cost_credits(wanted))
    reference = hand_over(picture, wanted.model, is_own=is_own)
    try:
        generation = generations.submit(account, replace(recipe, reference=reference), nonce)
    except BaseException:
        take_back(reference)
        raise
    if generation.reference_file != reference.file_id:  # its twin was faster
        take_back(reference)
    return generation


def submit_own(account: Account, recipe: Recipe, nonce: str, image: Image) -> Generation:
    """The same with one of the account's own pictures as the reference image, read from storage."""
    earlier = generations.sent_before(account, nonce)
    if earlier is not None:
        return earlier
    wanted = replace(recipe, source=image)
    return submit(account, wanted, nonce, _stored(image), is_own=True)


def retry(generation: Generation) -> Generation:
    """The same recipe once more, with the same picture of one's own where that was its
    reference image; as `generations.retry`. Raises also `Unreachable`."""
    image = derivation.source(generation)
    if image is None:
        return generations.retry(generation)
    recipe, nonce = generations.retried(generation)
    return submit_own(generation.account, recipe, nonce, image)


def _stored(image: Image) -> bytes:
    """A picture of ours. Raises `Refused` and `Unreachable` at `reference`."""
    key = archive.key(image.generation, image.position, "original")
    try:
        return kept.whole(key)
    except NeverWill:
        raise Refused(_("That picture is gone. Choose another one."), references.FIELD) from None
    except MayWorkLater as trouble:
        raise Unreachable(
            _(
                "The picture is safe, but its store does not answer. Nothing was charged. "
                "Try again in a minute."
            ),
            references.FIELD,
        ) from trouble


def hand_over(picture: bytes, model: str, *, is_own: bool = False) -> Reference:
    """Draw a picture anew and hand it to the provider, as large as this model makes use of.

    One of somebody's own results may be larger than an upload. Raises `Refused` at
    `reference` and `Unreachable`.
    """
    found = catalogue.find(model)
    takes = found.reference if found else None
    drawn = references.redrawn(
        picture,
        megapixels_max=takes.max_megapixels if takes else references.MEGAPIXELS_MAX,
        size_max_bytes=OWN_SIZE_MAX_BYTES if is_own else references.SIZE_MAX_BYTES,
    )
    try:
        file = adapters.current().reference_files.upload(drawn, references.CONTENT_TYPE)
    except MayWorkLater as trouble:
        log.warning("reference not handed over", extra={"reason": str(trouble)})
        raise Unreachable(
            _(
                "The picture could not be handed over just now. Nothing was charged, and your "
                "words are kept. Try again in a minute."
            ),
            references.FIELD,
        ) from trouble
    return Reference(file.id, file.url)


def take_back(reference: Reference) -> None:
    """Delete what was handed over for nothing; the sweep does it where the provider is silent."""
    _deleted([reference.file_id])


def forget(generation: Generation) -> bool:
    """Delete an ended generation's reference at the provider; whether none is left there."""
    if generation.reference_file is None:
        return True
    if not _deleted([generation.reference_file]):
        return False
    generations.forget_reference(generation)
    return True


def forget_left() -> int:
    """Delete what ended generations left; returns how many went."""
    left = {str(row.reference_file): row for row in generations.with_reference_left()}
    gone = _deleted(list(left))
    for file_id in gone:
        generations.forget_reference(left[file_id])
    return len(gone)


def forget_orphans() -> int:
    """Delete old files that no generation names; returns how many went. Raises `MayWorkLater`
    where they cannot be listed."""
    limit = clock.after(-ORPHAN_AFTER_S)
    listed = adapters.current().reference_files.listed()
    old = [file.id for file in listed if file.created_at < limit]
    known: set[str] = set()
    for start in range(0, len(old), KNOWN_AT_ONCE):
        known |= generations.known_references(old[start : start + KNOWN_AT_ONCE])
    return len(_deleted([file_id for file_id in old if file_id not in known]))


def _deleted(file_ids: Sequence[str]) -> list[str]:
    """Which of these the provider has deleted. It goes on after one that it refuses; where nobody
    answers at all, the rest is for another time."""
    gone = []
    for file_id in file_ids:
        try:
            adapters.current().reference_files.delete(file_id)
        except MayWorkLater as trouble:
            log.warning("reference stays", extra={"reason": str(trouble)})
            if isinstance(trouble, Silent):
                break
        else:
            gone.append(file_id)
    return gone
