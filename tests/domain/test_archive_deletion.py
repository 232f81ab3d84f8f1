"""Deleting many at once, and one picture of several."""

from __future__ import annotations

from typing import Any

import pytest
from playhouse.shortcuts import model_to_dict

from fluxgen import archive, db
from fluxgen.archive import FavouritesAmong, Wanted, deletion
from fluxgen.errors import Refused
from fluxgen.models import Account, DeletedImage, Generation, Image
from tests.support.life import done, running
from tests.support.making import latest
from tests.support.races import at_once
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def test_many_are_deleted_and_come_back_together(alice: Account, mallory: Account) -> None:
    mine, kept, foreign = [done(alice) for _ in range(3)], done(alice), done(mallory)
    unfinished = running(alice)
    names = [row.public_id for row in (*mine, foreign, unfinished)]
    gone = archive.delete_many(alice, names)
    assert {row.id for row in gone} == {row.id for row in mine}
    assert len({row.deleted_at for row in gone}) == 1
    assert [tile.number for tile in archive.page(alice).tiles] == [kept.number]
    assert latest(foreign).deleted_at is None
    assert archive.delete_many(alice, names) == []
    with pytest.raises(Refused, match="nothing to bring back"):
        archive.undo_many(mallory, gone[0].deleted_at)
    assert len(archive.undo_many(alice, gone[0].deleted_at)) == 3
    with pytest.raises(Refused, match="may be back already"):
        archive.undo_many(alice, gone[0].deleted_at)
    assert archive.total(alice) == 4


def test_others_write_between_one_batch_of_many_and_the_next(
    alice: Account, mallory: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "TOGETHER", 2)
    mine, foreign = [done(alice) for _ in range(5)], done(mallory)
    between: list[int] = []

    def begun() -> Any:
        with db.transaction():  # on SQLite this waits while another transaction is open
            archive.mark(foreign)
        between.append(archive.total(alice))
        return db.transaction()

    monkeypatch.setattr(deletion, "transaction", begun)
    gone = archive.delete_many(alice, [row.public_id for row in mine])
    assert (between, archive.total(alice)) == ([5, 3, 1], 0)
    back = archive.undo_many(alice, gone[0].deleted_at)
    assert (between[3:], len(back)) == ([0, 2, 4], 5)
    found = archive.page(alice, Wanted(words="fox")).tiles
    assert [tile.number for tile in found] == [5, 4, 3, 2, 1]


def test_many_with_favourites_need_a_second_yes(alice: Account) -> None:
    rows = [done(alice) for _ in range(4)]
    archive.mark(rows[0]), archive.mark(rows[2])
    names = [row.public_id for row in rows]
    with pytest.raises(FavouritesAmong, match="2 are favourites. Delete all 4") as asked:
        archive.delete_many(alice, names)
    assert asked.value.favourites == 2
    archive.mark(rows[1])
    with pytest.raises(FavouritesAmong, match="3 are favourites") as again:
        archive.delete_many(alice, names, sure_of=asked.value.what)
    assert archive.total(alice) == 4
    assert len(archive.delete_many(alice, names, sure_of=again.value.what)) == 4


def test_many_come_back_within_the_minute_only(alice: Account) -> None:
    gone = archive.delete_many(alice, [done(alice).public_id])
    pass_time(archive.UNDO_S + 1)
    with pytest.raises(Refused, match="too late"):
        archive.undo_many(alice, gone[0].deleted_at)


def test_of_two_who_delete_the_last_two_pictures_one_takes_the_generation(alice: Account) -> None:
    generation = done(alice, count=2)
    first, second = Image.select().order_by(Image.position)
    at_once(2, lambda n: archive.delete_picture(second if n else first))
    assert latest(generation).deleted_at is not None
    assert Image.select().count() == DeletedImage.select().count() == 1


def test_a_picture_comes_back_as_it_was(alice: Account) -> None:
    done(alice, count=2)
    first = Image.select().order_by(Image.position).get()
    archive.describe(first, "a kettle")
    before = known_of(first.public_id)
    archive.delete_picture(first)
    assert archive.total(alice) == 1
    gone = archive.deleted_picture(alice, first.public_id)
    assert gone is not None
    archive.undo_picture(gone)
    assert known_of(first.public_id) == before
    assert DeletedImage.select().count() == 0


def test_a_picture_comes_back_although_others_came_meanwhile(alice: Account) -> None:
    """SQLite gives the highest id away again."""
    done(alice, count=2)
    newest = Image.select().order_by(Image.id.desc()).get()
    archive.delete_picture(newest)
    done(alice, count=2)
    archive.delete_picture(newest)  # a second press, which finds nothing any more
    gone = archive.deleted_picture(alice, newest.public_id)
    assert gone is not None
    archive.undo_picture(gone)
    assert Image.select().count() == 4


def known_of(name: str) -> dict[str, object]:
    """All that is known of a picture, but for the id of its row."""
    row = Image.get(Image.public_id == name)
    return dict(model_to_dict(row, recurse=False, exclude=[Image.id]))


def test_a_deleted_generation_takes_its_deleted_picture_along(alice: Account) -> None:
    generation = done(alice, count=2)
    archive.delete_picture(Image.select().order_by(Image.position).get())
    archive.delete(generation)
    pass_time(archive.GONE_AFTER_S + 1)
    taken = archive.claim_purge(generation.id)
    assert taken is not None
    archive.purge(taken)
    assert Generation.select().count() == Image.select().count() == 0
    assert DeletedImage.select().count() == 0
