"""Looking at generations: one's own, in order, and what is due."""

from __future__ import annotations

import pytest

from fluxgen import archive, generations
from fluxgen.models import Account
from tests.support.life import claimed, done, failed, outlive_the_lease, running, submitted
from tests.support.workers import pass_time


def test_foreign_and_missing_look_the_same(alice: Account, mallory: Account) -> None:
    generation = submitted(alice)
    assert generations.find(alice, generation.public_id) == generation
    assert generations.find(mallory, generation.public_id) is None
    assert generations.find(alice, "x" * 22) is None


def test_named_leaves_out_what_is_foreign_or_deleted(alice: Account, mallory: Account) -> None:
    first, second, gone, foreign = done(alice), submitted(alice), done(alice), done(mallory)
    archive.delete(gone)
    names = [one.public_id for one in (first, second, gone, foreign)]
    assert generations.named(alice, names) == [second, first]


def test_unfinished_and_recent_share_everything_out(alice: Account, mallory: Account) -> None:
    ended, broken, waiting, at_work = done(alice), failed(alice), submitted(alice), running(alice)
    submitted(mallory)
    assert generations.unfinished(alice) == [at_work, waiting]
    assert generations.recent(alice, 10) == [broken, ended]
    assert generations.recent(alice, 1) == [broken]


def test_an_attempt_is_known_by_its_token_only_while_it_is_the_latest(alice: Account) -> None:
    taken = claimed(submitted(alice))
    generations.attempt(taken)
    first = str(taken.attempt_token)
    assert generations.by_attempt(first) == taken
    generations.attempt(taken)
    assert generations.by_attempt(first) is None


def test_a_prediction_has_one_owner(alice: Account) -> None:
    running(alice, "p1")
    assert generations.owned("p1")
    assert not generations.owned("p2")


def test_images_come_in_order_and_only_for_the_done(alice: Account) -> None:
    whole, waiting = done(alice, count=3), submitted(alice)
    found = generations.images_of([whole, waiting])
    assert list(found) == [whole.id]
    assert [image.position for image in found[whole.id]] == [0, 1, 2]


@pytest.mark.both_databases
def test_due_is_what_has_waited_longest_and_nobody_holds(alice: Account) -> None:
    first, second, held, later = (running(alice) for _ in range(4))
    submitted(alice)  # waits for its turn, not for a time
    done(alice)
    claimed(held)
    generations.put_back(claimed(later), 300)
    assert generations.due() == [first.id, second.id]
    assert generations.due(limit=1) == [first.id]
    outlive_the_lease()
    assert generations.due() == [first.id, second.id, held.id]


def test_stuck_is_what_was_asked_for_long_ago(alice: Account) -> None:
    old = submitted(alice)
    done(alice)
    pass_time(601)
    submitted(alice)
    assert generations.stuck(600) == [old]
