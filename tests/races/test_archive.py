"""Many hands on the same pictures in the same moment: what is found is what is there."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from fluxgen import archive
from fluxgen.archive import Wanted, collections
from fluxgen.models import Account, Generation
from tests.support.life import done
from tests.support.races import at_once

pytestmark = pytest.mark.both_databases

HANDS, ROUNDS = 8, 3


def found(account: Account, **wanted: Any) -> list[int]:
    return [tile.number for tile in archive.page(account, Wanted(**wanted)).tiles]


def names(*generations: Generation) -> list[str]:
    return [generation.public_id for generation in generations]


def test_what_is_collected_beside_a_favourite_is_found_as_both(app: Flask, alice: Account) -> None:
    rows = [done(alice) for _ in range(3)]
    into = [collections.create(alice, f"number {n}") for n in range(HANDS)]

    def act(n: int) -> None:
        for row in rows:
            if n % 4 == 3:
                archive.mark(row)
            elif n % 4 == 2:
                archive.mark_many(alice, names(*rows), is_favourite=True)
            collections.put_in(into[n], names(*rows))

    assert at_once(HANDS, act) == [None] * HANDS
    assert found(alice, favourite=True) == [3, 2, 1]
    for collection in into:
        assert found(alice, collection=collection.public_id) == [3, 2, 1]


def test_what_is_collected_beside_its_deletion_is_found_by_nobody(
    app: Flask, alice: Account
) -> None:
    winter = collections.create(alice, "winter")
    for _ in range(ROUNDS):
        row = done(alice)

        def act(n: int, row: Generation = row) -> None:
            if n:
                collections.put_in(winter, names(row))
            else:
                archive.delete(row)

        assert at_once(HANDS, act) == [None] * HANDS
        assert archive.index.newest(alice, Wanted(words="fox").terms(), EVERY, 9) == ([], 0)


EVERY = archive.index.Range(1, archive.NUMBER_MAX)
