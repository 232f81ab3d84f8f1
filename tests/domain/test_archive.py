"""The archive: pages that hold still, places, and deletion that can be undone for a while."""

from __future__ import annotations

import pytest

from fluxgen import archive, generations
from fluxgen.archive import GONE_AFTER_S
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import Account, Entry, Generation, Image
from tests.support.life import claimed, done, failed, outlive_the_lease, running, submitted
from tests.support.making import image, latest
from tests.support.races import at_once
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases


def numbers(account: Account, after: int | None = None) -> tuple[list[int], int | None]:
    """The frame numbers of a page of two, and where the next begins."""
    page = archive.page(account, after=after, limit=2)
    return [tile.number for tile in page.tiles], page.after


def deleted_for_good(account: Account) -> Generation:
    """Deleted, and past the undo."""
    gone = archive.delete(done(account))
    pass_time(GONE_AFTER_S + 1)
    return gone


def test_pages_follow_each_other_newest_first(alice: Account) -> None:
    for _ in range(5):
        done(alice)
    assert numbers(alice) == ([5, 4], 4)
    assert numbers(alice, 4) == ([3, 2], 2)
    assert numbers(alice, 2) == ([1], None)


def test_a_page_that_is_just_full_has_no_next(alice: Account) -> None:
    done(alice), done(alice)
    assert numbers(alice) == ([2, 1], None)


def test_the_next_page_holds_still_while_pictures_come_and_go(alice: Account) -> None:
    made = [done(alice) for _ in range(4)]
    _shown, after = numbers(alice)
    done(alice)
    archive.delete(made[3])
    assert numbers(alice, after) == ([2, 1], None)


def test_only_ones_own_finished_pictures_are_kept(alice: Account, mallory: Account) -> None:
    kept = done(alice)
    failed(alice), submitted(alice), running(alice), done(mallory)
    archive.delete(done(alice))
    assert numbers(alice)[0] == [kept.number]
    assert archive.total(alice) == 1


def test_a_place_tells_neighbours_and_n_of_m(alice: Account, mallory: Account) -> None:
    first, _failed, second, foreign, third = (
        done(alice),
        failed(alice),
        done(alice),
        done(mallory),
        done(alice),
    )
    assert beside(second) == ([third.number], [first.number], 2, 3)
    assert beside(third) == ([], [second.number, first.number], 1, 3)
    assert beside(first) == ([third.number, second.number], [], 3, 3)
    assert archive.place(mallory, foreign).total == 1


def beside(generation: Generation) -> tuple[list[int], list[int], int | None, int | None]:
    """The numbers of the newer and the older ones beside it, and n of total."""
    place = archive.place(generation.account, generation)
    newer, older = ([each.tile.number for each in side] for side in (place.newer, place.older))
    return newer, older, place.n, place.total


def test_an_image_is_shown_to_its_owner_only(alice: Account, mallory: Account) -> None:
    generation = done(alice)
    name = image(generation).public_id
    assert archive.image(alice, name) == image(generation)
    assert archive.image(mallory, name) is None
    assert archive.image(alice, "x" * 22) is None
    archive.delete(generation)
    assert archive.image(alice, name) is None


def test_a_deletion_hides_at_once_and_an_undo_brings_back(alice: Account) -> None:
    generation = done(alice)
    gone = archive.delete(generation)
    assert archive.total(alice) == 0
    assert archive.undo(gone).deleted_at is None
    assert numbers(alice)[0] == [generation.number]


def test_deleting_twice_does_not_lengthen_the_undo(alice: Account) -> None:
    first = archive.delete(done(alice))
    pass_time(GONE_AFTER_S - 30)
    assert archive.delete(first).deleted_at == first.deleted_at


def test_what_has_not_ended_is_not_deleted(alice: Account) -> None:
    for unfinished in (submitted(alice), running(alice)):
        with pytest.raises(Refused, match="Cancel it first"):
            archive.delete(unfinished)
        assert latest(unfinished).deleted_at is None


def test_within_the_undo_nothing_is_purged(alice: Account) -> None:
    gone = archive.delete(done(alice))
    assert archive.to_purge() == []
    assert archive.claim_purge(gone.id) is None


def test_what_is_not_deleted_is_never_purged(alice: Account) -> None:
    kept = done(alice)
    pass_time(GONE_AFTER_S + 1)
    assert archive.to_purge() == []
    assert archive.claim_purge(kept.id) is None


def test_a_purge_takes_rows_and_leaves_the_books(alice: Account) -> None:
    gone = deleted_for_good(alice)
    assert archive.to_purge() == [gone.id]
    taken = archive.claim_purge(gone.id)
    assert taken is not None
    archive.purge(taken)
    assert Generation.select().count() == Image.select().count() == 0
    assert Entry.select().where(Entry.generation == gone.public_id).count() == 2


def test_an_undo_that_comes_while_purging_is_too_late(alice: Account) -> None:
    gone = deleted_for_good(alice)
    archive.claim_purge(gone.id)
    with pytest.raises(Refused, match="too late"):
        archive.undo(gone)
    outlive_the_lease()  # the purger died, perhaps with half the files gone
    with pytest.raises(Refused, match="too late"):
        archive.undo(gone)
    assert latest(gone).deleted_at is not None


def test_an_undo_after_the_purge_is_too_late(alice: Account) -> None:
    gone = deleted_for_good(alice)
    taken = archive.claim_purge(gone.id)
    assert taken is not None
    archive.purge(taken)
    with pytest.raises(Refused, match="too late"):
        archive.undo(gone)


def test_of_eight_purgers_one_gets_it(alice: Account) -> None:
    gone = deleted_for_good(alice)
    outcomes = at_once(8, lambda _: archive.claim_purge(gone.id))
    assert outcomes.count(None) == 7


def test_an_undo_and_a_purge_at_once_agree(alice: Account) -> None:
    for _ in range(5):
        gone = deleted_for_good(alice)

        def race(n: int, gone: Generation = gone) -> Generation | None:
            return archive.undo(gone) if n else archive.claim_purge(gone.id)

        claim, undone = at_once(2, race)
        assert isinstance(undone, Refused) == isinstance(claim, Generation)
        assert (latest(gone).deleted_at is None) == isinstance(undone, Generation)


def test_a_purger_that_lost_its_lease_removes_nothing(alice: Account) -> None:
    gone = deleted_for_good(alice)
    stale = archive.claim_purge(gone.id)
    outlive_the_lease()
    fresh = archive.claim_purge(gone.id)
    assert stale is not None
    assert fresh is not None
    with pytest.raises(LeaseLost):
        archive.purge(stale)
    assert Image.select().where(Image.generation == gone).count() == 1
    archive.purge(fresh)
    assert Generation.select().count() == 0


def test_a_failure_that_was_deleted_goes_too(alice: Account) -> None:
    gone = archive.delete(failed(alice))
    assert generations.recent(alice, 10) == []
    pass_time(GONE_AFTER_S + 1)
    assert archive.to_purge() == [gone.id]


def test_every_key_a_generation_can_have_is_named(alice: Account) -> None:
    generation = claimed(submitted(alice, count=2))
    start = f"pictures/{generation.public_id}"
    assert archive.keys_of(generation) == [
        f"{start}/{position}/{variant}"
        for position in (0, 1)
        for variant in ("original", "640", "320")
    ]
