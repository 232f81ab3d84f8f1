"""The steps of a generation: whoever holds the lease writes, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fluxgen import accounts, credits, generations
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import Account, Entry, Generation, Image, Kind, Status
from tests.support.drawing import checked
from tests.support.life import (
    claimed,
    done,
    failed,
    finished,
    outlive_the_lease,
    running,
    submitted,
)
from tests.support.making import latest
from tests.support.races import at_once
from tests.support.workers import pass_time

pytestmark = pytest.mark.both_databases

Write = Callable[[Generation], None]

WRITES: dict[str, Write] = {
    "renew": generations.renew,
    "attempt": generations.attempt,
    "dismiss_attempt": lambda stale: generations.dismiss_attempt(stale, 1),
    "running": lambda stale: generations.running(stale, "p1", 1),
    "look_again": lambda stale: generations.look_again(stale, 1, begun=True, percent=5),
    "storing": generations.storing,
    "put_back": lambda stale: generations.put_back(stale, 1),
    "put_back after a crash": lambda stale: generations.put_back(stale, 1, crashed=True),
    "finish": lambda stale: generations.finish(stale, [checked()]),
    "end": lambda stale: generations.end(stale, "failed"),
}


def world() -> list[Any]:
    """Every row that a step could change."""
    return [list(table.select().dicts()) for table in (Account, Entry, Generation, Image)]


def test_of_ten_claimers_one_gets_the_lease(alice: Account) -> None:
    generation = submitted(alice)
    outcomes = at_once(10, lambda _: generations.claim(generation.id))
    assert sum(isinstance(one, Generation) for one in outcomes) == 1
    assert outcomes.count(None) == 9


def test_a_lease_is_kept_until_it_runs_out(alice: Account) -> None:
    generation = submitted(alice)
    first = claimed(generation)
    assert generations.claim(generation.id) is None
    outlive_the_lease()
    assert claimed(generation).lease != first.lease


def test_a_renewed_lease_lasts_longer(alice: Account) -> None:
    taken = claimed(submitted(alice))
    pass_time(50)
    generations.renew(taken)
    pass_time(50)
    assert generations.claim(taken.id) is None


@pytest.mark.parametrize("name", WRITES)
def test_a_stale_holder_changes_nothing(alice: Account, name: str) -> None:
    stale = claimed(submitted(alice))
    outlive_the_lease()
    claimed(stale)
    before = world()
    with pytest.raises(LeaseLost):
        WRITES[name](stale)
    assert world() == before


@pytest.mark.parametrize("name", WRITES)
def test_who_was_overtaken_by_the_end_changes_nothing(alice: Account, name: str) -> None:
    stale = claimed(submitted(alice))
    outlive_the_lease()
    finished(stale)
    before = world()
    with pytest.raises(LeaseLost):
        WRITES[name](stale)
    assert world() == before


def test_of_two_who_finish_at_once_one_charges(alice: Account) -> None:
    taken = running(alice, count=2)
    twins = [claimed(taken)]
    outlive_the_lease()
    twins.append(claimed(taken))
    outcomes = at_once(2, lambda n: generations.finish(twins[n], [checked()] * 2))
    assert [type(one) for one in outcomes] == [LeaseLost, type(None)]
    assert Entry.select().where(Entry.kind == Kind.CAPTURE).count() == 1
    assert Image.select().count() == 2
    assert credits.reconcile() == []


def test_what_has_ended_is_not_claimed(alice: Account) -> None:
    for ended in (done(alice), failed(alice)):
        assert generations.claim(ended.id) is None


def test_an_end_by_failure_gives_everything_back(alice: Account) -> None:
    ended = failed(alice, "blocked", count=3)
    assert (ended.status, ended.failure) == (Status.FAILED, "blocked")
    assert ended.finished_at is not None
    assert (accounts.balance(alice).available, accounts.balance(alice).held) == (100, 0)


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ("refused", Status.FAILED),
        ("cancelled", Status.CANCELLED),
        ("unreachable", Status.EXPIRED),
        ("overdue", Status.EXPIRED),
        ("storage", Status.EXPIRED),
    ],
)
def test_a_failure_word_decides_the_end(alice: Account, failure: str, status: Status) -> None:
    assert failed(alice, failure).status is status


@pytest.mark.parametrize(("delivered", "charged"), [(4, 8), (3, 6), (1, 2)])
def test_only_what_was_delivered_is_charged(alice: Account, delivered: int, charged: int) -> None:
    ended = finished(submitted(alice, model="flux-dev", tier="draft", count=4), delivered)
    assert (ended.status, ended.charged_credits) == (Status.DONE, charged)
    assert accounts.balance(alice).available == 100 - charged
    assert [image.position for image in Image.select()] == list(range(delivered))
    assert credits.reconcile() == []


def test_a_crash_is_counted_until_an_orderly_write(alice: Account) -> None:
    generation = submitted(alice)
    for crashes in (1, 2, 3):
        taken = claimed(generation)
        assert taken.crashes == crashes
        outlive_the_lease()
    generations.put_back(claimed(generation), 0)
    assert latest(generation).crashes == 0


def test_a_caught_crash_counts_too(alice: Account) -> None:
    generation = submitted(alice)
    generations.put_back(claimed(generation), 0, crashed=True)
    assert latest(generation).crashes == 1


def test_each_attempt_has_a_token_of_its_own(alice: Account) -> None:
    taken = claimed(submitted(alice))
    generations.attempt(taken)
    first = taken.attempt_token
    generations.attempt(taken)
    assert latest(taken).attempt == 2
    assert latest(taken).attempt_token not in {None, first}


def test_a_put_back_row_is_due_when_it_was_told(alice: Account) -> None:
    generation = submitted(alice)
    generations.attempt(taken := claimed(generation))
    generations.put_back(taken, 30)
    assert generations.due() == []
    pass_time(31)
    assert generations.due() == [generation.id]


def test_the_moment_the_model_began_is_noted_once(alice: Account) -> None:
    taken = running(alice)
    generations.look_again(claimed(taken), 0, begun=False, percent=None)
    assert latest(taken).run_started_at is None
    generations.look_again(claimed(taken), 0, begun=True, percent=10)
    began = latest(taken).run_started_at
    pass_time(5)
    generations.look_again(claimed(taken), 0, begun=True, percent=60)
    assert began is not None
    assert (latest(taken).run_started_at, latest(taken).percent) == (began, 60)


def test_the_wish_to_cancel_is_noted_and_due_at_once(alice: Account) -> None:
    generation = running(alice)
    generations.look_again(claimed(generation), 60, begun=True, percent=None)
    wished = generations.cancel(generation)
    assert wished.cancel_requested_at is not None
    assert generations.due() == [generation.id]


def test_what_is_stored_or_ended_cannot_be_cancelled(alice: Account) -> None:
    storing = claimed(running(alice))
    generations.storing(storing)
    for late in (storing, done(alice), failed(alice)):
        with pytest.raises(Refused, match="cannot be cancelled"):
            generations.cancel(late)
        assert latest(late).cancel_requested_at is None
