"""Objects larger than memory: put in parts, seen when whole, read from any place."""

from __future__ import annotations

import pytest

from fluxgen.adapters.uploads_in_parts import PART_BYTES
from fluxgen.errors import NeverWill
from tests.adapters.test_storage import Store, folder, r2, store  # noqa: F401  # fixtures

KEY = "exports/aB-_9/fluxgen-export.zip"
FIRST, LAST = b"a" * PART_BYTES, b"b" * 100


def test_an_object_appears_when_all_of_its_parts_are_there(store: Store) -> None:  # noqa: F811
    upload = store.storage.begin(KEY, "application/zip", "x.zip")
    marks = [store.storage.add(KEY, upload, 1, FIRST), store.storage.add(KEY, upload, 2, LAST)]
    with pytest.raises(NeverWill, match="missing"):
        store.storage.get(KEY)
    store.storage.complete(KEY, upload, marks)
    assert store.storage.get(KEY) == FIRST + LAST
    assert store.storage.size(KEY) == PART_BYTES + 100
    assert store.keys() == {KEY}


def test_a_part_may_be_put_again(store: Store) -> None:  # noqa: F811
    upload = store.storage.begin(KEY, "application/zip", "x.zip")
    store.storage.add(KEY, upload, 1, b"z" * PART_BYTES)
    marks = [store.storage.add(KEY, upload, n + 1, part) for n, part in enumerate((FIRST, LAST))]
    store.storage.complete(KEY, upload, marks)
    assert store.storage.get(KEY) == FIRST + LAST


def test_whoever_put_another_part_meanwhile_is_found_out(store: Store) -> None:  # noqa: F811
    upload = store.storage.begin(KEY, "application/zip", "x.zip")
    marks = [store.storage.add(KEY, upload, n + 1, part) for n, part in enumerate((FIRST, LAST))]
    store.storage.add(KEY, upload, 1, b"z" * PART_BYTES)  # a worker that lost its lease
    with pytest.raises(NeverWill, match="upload"):
        store.storage.complete(KEY, upload, marks)
    with pytest.raises(NeverWill, match="missing"):
        store.storage.get(KEY)


def test_an_upload_that_is_not_there_takes_nothing(store: Store) -> None:  # noqa: F811
    with pytest.raises(NeverWill, match="upload"):
        store.storage.add(KEY, "0badc0de", 1, LAST)
    with pytest.raises(NeverWill, match="upload"):
        store.storage.complete(KEY, "0badc0de", ["x"])


def test_any_piece_can_be_read(store: Store) -> None:  # noqa: F811
    store.storage.put(KEY, bytes(range(200)), "application/zip")
    assert store.storage.read(KEY, 10, 5) == bytes(range(10, 15))
    assert store.storage.read(KEY, 198, 50) == bytes((198, 199))
    assert store.storage.read(KEY, 200, 50) == b""
    assert store.storage.read(KEY, 0, 0) == b""
    for act in (lambda: store.storage.read("exports/none", 0, 1), lambda: store.storage.size("no")):
        with pytest.raises(NeverWill, match="missing"):
            act()


def test_clearing_takes_objects_and_uploads_below_and_nothing_else(store: Store) -> None:  # noqa: F811
    store.storage.put(KEY, b"x", "application/zip")
    store.storage.put("exports/aB-_9x/other", b"x", "application/zip")
    upload = store.storage.begin(f"{KEY}2", "application/zip", "x.zip")
    store.storage.add(f"{KEY}2", upload, 1, LAST)
    store.storage.clear("exports/aB-_9/")
    assert store.keys() == {"exports/aB-_9x/other"}
    with pytest.raises(NeverWill, match="upload"):
        store.storage.add(f"{KEY}2", upload, 2, LAST)
    store.storage.clear("exports/never/")
