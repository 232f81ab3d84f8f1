"""Whose turn it is: places at the provider are shared between accounts, never given away twice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from fluxgen import credits, db, generations
from fluxgen import settings as house_settings
from fluxgen.generations import turns
from fluxgen.models import Account, Generation, Status
from fluxgen.settings import Settings
from tests.support.life import claimed, done, outlive_the_lease, running, submitted
from tests.support.making import latest
from tests.support.races import at_once
from tests.support.workers import pass_time


@dataclass(frozen=True)
class Places:
    """Sets how many generations the provider may have at once."""

    settings: Settings

    def __call__(self, count: int) -> None:
        house_settings.use(self.settings.model_copy(update={"provider_concurrency": count}))


@pytest.fixture
def places(app: Flask, settings: Settings) -> Places:
    return Places(settings)


def taken(generation: Generation) -> bool:
    return generations.take(claimed(generation))


@pytest.mark.both_databases
def test_whoever_has_one_waiting_passes_whoever_has_many(
    places: Places, alice: Account, mallory: Account
) -> None:
    many = [submitted(alice) for _ in range(5)]
    one = submitted(mallory)
    places(20)
    assert generations.up_next(3) == [many[0].id, one.id, many[1].id]


@pytest.mark.both_databases
def test_what_is_at_the_provider_counts_for_the_turn(
    places: Places, alice: Account, mallory: Account
) -> None:
    running(alice)
    running(alice)
    third, first = submitted(alice), submitted(mallory)
    places(20)
    assert generations.up_next(9) == [first.id, third.id]


@pytest.mark.both_databases
def test_one_account_never_has_more_than_half_of_all_places(
    places: Places, alice: Account, mallory: Account
) -> None:
    places(4)
    mine = [submitted(alice) for _ in range(4)]
    assert [taken(one) for one in mine] == [True, True, False, False]
    assert taken(submitted(mallory))


def test_no_more_are_sent_than_there_are_places(
    places: Places, alice: Account, mallory: Account, bob: Account
) -> None:
    places(2)
    assert taken(submitted(alice))
    assert taken(submitted(mallory))
    waiting = submitted(alice)
    assert not taken(waiting)
    assert generations.up_next(9) == []


@pytest.mark.both_databases
def test_of_ten_who_take_the_last_place_one_gets_it(
    places: Places, alice: Account, mallory: Account
) -> None:
    places(2)
    running(mallory)
    claims = [claimed(submitted(alice)) for _ in range(10)]
    got = at_once(10, lambda n: generations.take(claims[n]))
    assert sorted(map(str, got)) == ["False"] * 9 + ["True"]
    sent = Generation.select().where(Generation.status == Status.SUBMITTING)
    assert sent.count() == 1


def test_a_freed_place_goes_to_the_next_in_turn(places: Places, alice: Account) -> None:
    places(2)
    first = running(alice)
    second = submitted(alice)
    assert generations.up_next(9) == []
    generations.storing(claimed(first))
    assert generations.up_next(9) == [second.id]


def test_who_was_told_to_wait_or_is_in_other_hands_keeps_nobody(
    places: Places, alice: Account
) -> None:
    places(20)
    told, held, third, unwanted = (submitted(alice) for _ in range(4))
    generations.put_back(claimed(told), 300)
    claimed(held)
    generations.cancel(unwanted)
    assert generations.up_next(9) == [third.id]
    assert generations.due() == [unwanted.id]
    outlive_the_lease()
    assert generations.up_next(9) == [held.id, third.id]


def test_the_moment_of_its_turn_is_kept_however_often_it_is_sent(alice: Account) -> None:
    generation = claimed(submitted(alice))
    pass_time(50)
    assert generations.take(generation)
    first = latest(generation).turn_at
    generations.dismiss_attempt(generation, 0)
    pass_time(50)
    assert taken(generation)
    assert latest(generation).turn_at == first


@pytest.mark.both_databases
def test_the_place_in_the_queue_follows_the_same_order(alice: Account, mallory: Account) -> None:
    first, second, third = (submitted(mallory) for _ in range(3))
    mine = submitted(alice)
    done(alice)
    assert generations.ahead([mine]) == {mine.id: 1}
    assert generations.ahead([third, first, second]) == {first.id: 0, second.id: 2, third.id: 3}
    assert generations.ahead([running(alice)]) == {}


@pytest.mark.parametrize("statement", [turns.NEXT, turns.AHEAD], ids=["next", "ahead"])
def test_asking_whose_turn_it_is_reads_no_finished_rows(app: Flask, statement: str) -> None:
    plan = db.tuples(f"EXPLAIN QUERY PLAN {statement}", *([1] * statement.count("?")))
    scans = [step for *_, step in plan if "SCAN" in step and "generation" in step.lower()]
    scans += [step for *_, step in plan if "SCAN held" in step]
    assert plan
    assert [step for step in scans if "generation_unfinished" not in step] == []


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 2])
def test_with_a_place_or_two_nobody_waits_for_all_of_somebody_else(
    places: Places, alice: Account, bob: Account, mallory: Account, count: int
) -> None:
    """Two who have many never keep the places between them."""
    places(count)
    credits.grant(bob, 10, "for this", "for this")
    many = [submitted(person) for _ in range(4) for person in (alice, bob)]
    first = many[:count]
    assert generations.up_next(9) == [row.id for row in first]
    for row in first:
        assert taken(row)
    one = submitted(mallory)
    pass_time(1)
    done_with(first[0])
    if count == 1:  # Bob, who came before, and then her
        assert generations.up_next(9) == [many[1].id]
        assert taken(many[1])
        done_with(many[1])
    assert generations.up_next(9) == [one.id]


def done_with(generation: Generation) -> None:
    """It leaves the provider."""
    row = latest(generation)
    generations.end(row, "failed")
