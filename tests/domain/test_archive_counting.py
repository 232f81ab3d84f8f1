"""How many there are, and where a page ends, whatever the number of hits and whoever deletes."""

from __future__ import annotations

from typing import Any

import pytest

from fluxgen import archive, clock, db
from fluxgen.archive import Wanted, index
from fluxgen.models import Account, Generation
from tests.support.life import done, failed, submitted
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases

DAY_S = 24 * 3600


def test_hits_are_counted_in_their_days_and_places_however_many_there_are(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "MANY", 3)
    for _ in range(4):
        done(alice)
    pass_time(2 * DAY_S)
    newest = done(alice)
    every = Wanted(model=newest.model)
    today = Wanted(model=newest.model, since=clock.now().date())
    assert archive.page(alice, today, count_to=1001).found == 1
    assert archive.total(alice, today) == 1
    assert archive.total(alice, every, up_to=2) == 3, "more than two"
    assert archive.total(alice, every) == 5
    assert archive.page(alice, every, 4, count_to=1001).found == 3
    second = Generation.get(Generation.number == 4)
    place = archive.place(alice, second, wanted=every)
    assert (place.n, place.total) == (2, 5)
    assert [each.tile.number for each in place.newer] == [5]
    assert [each.tile.number for each in place.older] == [3, 2, 1]


def test_a_page_goes_on_although_a_hit_vanishes_while_it_is_gathered(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [done(alice) for _ in range(5)]
    real = db.database.obj.execute_sql
    left = rows[4:]

    def deletes(statement: str, *values: Any, **named: Any) -> Any:
        if "count * charged_credits" in statement:  # the hits are known, the tiles not yet
            while left:
                archive.delete(left.pop())
        return real(statement, *values, **named)

    monkeypatch.setattr(db.database.obj, "execute_sql", deletes)
    fox = Wanted(words="fox")
    first = archive.page(alice, fox, limit=2)
    assert ([tile.number for tile in first.tiles], first.after) == ([4, 3], 3)
    second = archive.page(alice, fox, first.after, limit=2)
    assert ([tile.number for tile in second.tiles], second.after) == ([2, 1], None)
    left += rows[1:4]  # a whole page's, and the one that says that there are more
    assert [tile.number for tile in archive.page(alice, fox, limit=2).tiles] == [1]


def test_a_month_is_one_with_a_picture(alice: Account) -> None:
    failed(alice)
    pass_time(40 * DAY_S)
    there = done(alice)
    pass_time(40 * DAY_S)
    archive.delete(done(alice))
    submitted(alice)
    assert [month.first_day for month in archive.months(alice)] == [
        there.created_at.date().replace(day=1)
    ]
