"""One picture of several, deleted without its siblings: its row moves out of the way, whole.

So nothing that reads pictures can show it, and an undo within the minute moves it back.
"""

from __future__ import annotations

from playhouse.shortcuts import model_to_dict

from fluxgen import clock, db
from fluxgen.archive import deletion, index
from fluxgen.archive.deletion import GONE_AFTER_S, PURGE_MAX, TOO_LATE, UNDO_S, FavouritesAmong
from fluxgen.archive.keys import keys_of
from fluxgen.db import transaction
from fluxgen.errors import Refused
from fluxgen.models import Account, DeletedImage, Generation, Image
from fluxgen.pictures import THUMBNAILS_PX
from fluxgen.words import _


def delete_picture(image: Image, *, with_favourite: bool = False) -> None:
    """Hide this picture now; the last one takes its generation along. Raises `FavouritesAmong`."""
    with transaction():
        generation = _locked(image.generation_id)
        if generation.favourite_at is not None and not with_favourite:
            raise FavouritesAmong(1)
        if Image.select().where(Image.generation == generation).count() < 2:
            deletion.delete(generation, with_favourite=with_favourite)
            return
        found = Image.get_or_none(Image.public_id == image.public_id)
        if found is None:
            return
        facts = model_to_dict(found, recurse=False, exclude=[Image.id])
        DeletedImage.create(
            public_id=found.public_id, generation=generation, facts=facts, deleted_at=clock.now()
        )
        found.delete_instance()
        if generation.deleted_at is None:  # not found by what was said of this one any more
            index.enter(generation)
        Generation.update(shelved_at=None).where(Generation.id == generation.id).execute()


def undo_picture(gone: DeletedImage) -> Image:
    """Bring it back to its siblings, and with it its generation where that went since.

    Its row is a new one: SQLite may have given its old id away. Raises `Refused`.
    """
    same = (DeletedImage.id == gone.id) & DeletedImage.purged_from_at.is_null()
    with transaction():
        generation = _locked(gone.generation_id)
        in_time = DeletedImage.deleted_at > clock.after(-UNDO_S)  # after whatever it waited for
        if not DeletedImage.delete().where(same & in_time).execute():
            back: Image | None = Image.get_or_none(Image.public_id == gone.public_id)
            if back is None:
                raise Refused(_(TOO_LATE))
            return back  # by the same button, pressed twice at once
        if generation.deleted_at is not None:
            deletion.undo(generation)
        image = Image.create(**gone.facts)
        index.enter(generation)
        return image


def deleted_picture(account: Account, image_public_id: str) -> DeletedImage | None:
    """The account's own picture of this name that was deleted alone and is not gone yet."""
    if "\0" in image_public_id:  # which Postgres takes in no text
        return None
    found: DeletedImage | None = (
        DeletedImage.select(DeletedImage, Generation)
        .join(Generation)
        .where((DeletedImage.public_id == image_public_id) & (Generation.account == account))
        .first()
    )
    return found


def pictures_to_purge() -> list[DeletedImage]:
    """Pictures deleted alone whose undo has passed."""
    old = DeletedImage.deleted_at <= clock.after(-GONE_AFTER_S)
    rows = DeletedImage.select(DeletedImage, Generation).join(Generation).where(old)
    return list(rows.order_by(DeletedImage.deleted_at).limit(PURGE_MAX))


def claim_picture(gone: DeletedImage) -> bool:
    """Begin to purge it: from here on there is no undo. False where it is back already."""
    old = DeletedImage.deleted_at <= clock.after(-GONE_AFTER_S)
    begun = DeletedImage.update(purged_from_at=clock.now())
    return bool(begun.where((DeletedImage.id == gone.id) & old).execute())


def keys_of_picture(gone: DeletedImage) -> list[str]:
    """Where its bytes are."""
    every, each = keys_of(gone.generation), len(THUMBNAILS_PX) + 1
    at = int(gone.facts["position"]) * each
    return every[at : at + each]


def is_of_picture(gone: DeletedImage, key: str) -> bool:
    """Whether one of its generation's keys is this picture's, on whatever shelf."""
    return key.split("/")[-2] == str(gone.facts["position"])


def purge_picture(gone: DeletedImage) -> None:
    """Forget it; its objects must be gone already."""
    DeletedImage.delete().where(DeletedImage.id == gone.id).execute()


def _locked(generation_id: int) -> Generation:
    """The generation, its pictures held still to the end of the transaction."""
    found: Generation = db.locked(Generation.select().where(Generation.id == generation_id)).get()
    return found
