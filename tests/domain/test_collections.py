"""Collections: made, named, filled, emptied, looked through."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import IntegrityError

from fluxgen import archive, db
from fluxgen.archive import Wanted, collections, entries
from fluxgen.errors import Refused
from fluxgen.models import Account, Collection, CollectionItem, Generation
from tests.support.life import done, failed
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def names(*generations: Generation) -> list[str]:
    return [generation.public_id for generation in generations]


def found(account: Account, **wanted: Any) -> list[int]:
    return [tile.number for tile in archive.page(account, Wanted(**wanted)).tiles]


def test_a_name_is_there_once_whatever_its_case(alice: Account, bob: Account) -> None:
    winter = collections.create(alice, "  Winter \n walks ")
    assert winter.name == "Winter walks"
    assert collections.create(alice, "WINTER WALKS") == winter
    assert collections.create(bob, "Winter walks") != winter
    strasse = collections.create(alice, "Straße")
    assert collections.create(alice, "STRASSE") == strasse
    with pytest.raises(IntegrityError):
        Collection.create(account=alice, name="x", folded=winter.folded)
    with pytest.raises(Refused, match="another collection"):
        collections.rename(strasse, "winter WALKS")
    assert collections.rename(winter, "winter walks").name == "winter walks"


@pytest.mark.parametrize(
    "name", ["", "  \n", "\x00", "\u2028", "\u200b\ufeff", "\u3164", "a\u202eb", "x" * 61]
)
def test_what_is_no_name_is_refused(alice: Account, name: str) -> None:
    with pytest.raises(Refused):
        collections.create(alice, name)
    assert collections.all_of(alice) == []


def test_there_is_a_limit(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "COLLECTIONS_MAX", 2)
    for name in ("one", "two"):
        collections.create(alice, name)
    with pytest.raises(Refused, match="2 collections"):
        collections.create(alice, "three")
    assert collections.create(alice, "ONE").name == "one"


def test_a_picture_is_in_many_and_a_collection_has_many(alice: Account) -> None:
    first, second, third = (done(alice) for _ in range(3))
    winter, snow = (collections.create(alice, name) for name in ("winter", "snow"))
    assert collections.put_in(winter, names(first, second, second)) == 2
    assert collections.put_in(winter, names(second)) == 1
    assert collections.put_in(snow, names(second, third)) == 2
    assert found(alice, collection=winter.public_id) == [2, 1]
    assert found(alice, collection=snow.public_id) == [3, 2]
    assert found(alice, collection=snow.public_id, words="fox") == [3, 2]
    assert found(alice, collection=snow.public_id, words="cat") == []
    assert collections.of(second) == [snow, winter]
    assert [(each.collection.name, each.count) for each in collections.counted(alice)] == [
        ("snow", 2),
        ("winter", 2),
    ]
    collections.take_out(winter, names(second))
    assert found(alice, collection=winter.public_id) == [1]
    assert found(alice) == [3, 2, 1]


def test_pages_of_a_collection_go_on_where_the_last_ended(alice: Account) -> None:
    rows = [done(alice) for _ in range(5)]
    winter = collections.create(alice, "winter")
    collections.put_in(winter, names(*rows[::2]))
    wanted = Wanted(collection=winter.public_id)
    first = archive.page(alice, wanted, limit=2)
    assert [tile.number for tile in first.tiles] == [5, 3]
    collections.put_in(winter, names(rows[3]))
    rest = archive.page(alice, wanted, first.after, limit=2)
    assert [tile.number for tile in rest.tiles] == [1]


def test_a_discarded_collection_takes_no_picture_with_it(alice: Account) -> None:
    kept = done(alice)
    winter = collections.create(alice, "winter")
    collections.put_in(winter, names(kept))
    collections.discard(winter)
    assert found(alice) == [1]
    assert collections.all_of(alice) == []
    assert found(alice, collection=winter.public_id) == [], "its old address finds nothing"
    assert archive.matching(alice, Wanted(collection=winter.public_id)) == []
    assert archive.total(alice, Wanted(collection=winter.public_id)) == 0
    again = collections.create(alice, "winter")
    assert found(alice, collection=again.public_id) == []


def test_only_ones_own_finished_pictures_go_in(alice: Account, mallory: Account) -> None:
    winter = collections.create(alice, "winter")
    foreign, broken, gone = done(mallory), failed(alice), archive.delete(done(alice))
    assert collections.put_in(winter, [*names(foreign, broken, gone), "nothing"]) == 0
    assert CollectionItem.select().count() == 0
    collections.put_in(winter, names(done(alice)))
    assert found(mallory, collection=winter.public_id) == []
    assert collections.find(mallory, winter.public_id) is None
    assert collections.find(alice, "a\0b") is None


def test_a_deleted_picture_leaves_and_an_undo_brings_it_back(alice: Account) -> None:
    kept = done(alice)
    winter = collections.create(alice, "winter")
    collections.put_in(winter, names(kept))
    archive.delete(kept)
    assert found(alice, collection=winter.public_id) == []
    assert collections.counted(alice)[0].count == 0
    archive.undo(kept)
    assert found(alice, collection=winter.public_id) == [1]
    archive.delete(kept)
    pass_time(archive.GONE_AFTER_S + 1)
    taken = archive.claim_purge(kept.id)
    assert taken is not None
    archive.purge(taken)
    assert CollectionItem.select().count() == 0


def test_everything_that_matches_is_meant(alice: Account, mallory: Account) -> None:
    rows = [done(alice, prompt="a fox" if at % 2 else "a cat") for at in range(5)]
    done(mallory), failed(alice), archive.delete(done(alice))
    assert archive.matching(alice, Wanted()) == names(*reversed(rows))
    assert sorted(archive.matching(alice, Wanted(words="fox"))) == sorted(names(*rows[1::2]))
    assert len(archive.matching(alice, Wanted(), limit=2)) == 3, "one more says that there are"
    assert archive.matching(alice, Wanted(status="ended")) == []
    assert archive.matching(alice, Wanted(words="?!")) == []


def test_many_become_favourites_and_none(alice: Account, mallory: Account) -> None:
    rows, foreign = [done(alice) for _ in range(3)], done(mallory)
    archive.mark(rows[0])
    first = Generation.get_by_id(rows[0].id).favourite_at
    changed = archive.mark_many(alice, names(*rows, foreign), is_favourite=True)
    assert {row.number for row in changed} == {2, 3}
    assert found(alice, favourite=True) == [3, 2, 1]
    assert Generation.get_by_id(rows[0].id).favourite_at == first
    archive.mark_many(alice, names(*rows), is_favourite=False)
    assert found(alice, favourite=True) == []
    assert found(mallory, favourite=True) == []


def test_files_have_names_that_sort_and_never_collide(
    alice: Account, mallory: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [done(alice, count=2) for _ in range(3)]
    files = archive.for_download(alice, names(*reversed(rows), done(mallory)))
    assert [file.name for file in files] == [
        f"fluxgen-00000{number}-{place}.png" for number in (1, 2, 3) for place in (1, 2)
    ]
    Generation.update(number=12345678).where(Generation.id == rows[0].id).execute()
    files = archive.for_download(alice, names(*rows))
    assert [file.name for file in files] == sorted({file.name for file in files})
    monkeypatch.setattr(archive.selecting, "PICTURES_MAX", 5)
    with pytest.raises(Refused, match="at most 5 pictures"):
        archive.for_download(alice, names(*rows))


def test_a_collection_is_found_by_the_index(alice: Account, engine: str) -> None:
    kept = done(alice)
    winter = collections.create(alice, "winter")
    collections.put_in(winter, names(kept))
    explain = "EXPLAIN QUERY PLAN" if engine == "sqlite" else "EXPLAIN"
    asked = f"{explain} {entries.IN_COLLECTIONS.format('?')}"
    with db.transaction():
        if engine == "postgres":
            db.database.execute_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(str(row[-1]) for row in db.tuples(asked, kept.id))
    assert "SCAN collection" not in plan and "Seq Scan" not in plan
