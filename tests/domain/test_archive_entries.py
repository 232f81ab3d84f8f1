"""What finds a picture besides its prompt: descriptions, and how it ended."""

from __future__ import annotations

import pytest

from fluxgen import archive
from fluxgen.archive import Wanted
from fluxgen.models import Account, Image
from tests.domain.test_archive_finding import found
from tests.support.life import done, failed

pytestmark = pytest.mark.both_databases


def test_what_somebody_says_is_to_be_seen_is_found(alice: Account) -> None:
    row, other = done(alice, count=2), done(alice)
    first, second = Image.select().where(Image.generation == row).order_by(Image.position)
    archive.describe(first, "Ein Öltanker im Dock")
    archive.describe(second, "a lighthouse keeper")
    assert found(alice, words="oltanker lighthouse") == [1]
    archive.mark(other), archive.mark(row)
    assert found(alice, words="tanker") == []
    assert found(alice, words="oltan", favourite=True) == [1]
    archive.delete_picture(first, with_favourite=True)
    assert (found(alice, words="dock"), found(alice, words="keeper")) == ([], [1])
    gone = archive.deleted_picture(alice, first.public_id)
    assert gone is not None
    archive.undo_picture(gone)
    assert found(alice, words="dock") == [1]
    archive.delete(row, with_favourite=True)
    archive.describe(second, "a mermaid")  # from a page of before
    assert found(alice, words="mermaid") == found(alice, words="fox snow dock") == []
    archive.undo(row)
    archive.describe(second, "")
    assert found(alice, words="mermaid") == []
    assert found(alice, words="fox dock") == [1]


def test_what_ended_is_told_apart_by_how(alice: Account) -> None:
    for failure in ("blocked", "cancelled", "failed", "overdue", "halted"):
        failed(alice, failure)
    kinds = {
        "ended": [5, 4, 3, 2, 1],
        "blocked": [1],
        "cancelled": [5, 2],
        "failed": [4, 3],
        "none such": [],
    }
    for kind, numbers in kinds.items():
        rows = archive.ended(alice, Wanted(status=kind), 10)
        assert [row.number for row in rows] == numbers, kind
        assert archive.matching(alice, Wanted(status=kind)) == []
