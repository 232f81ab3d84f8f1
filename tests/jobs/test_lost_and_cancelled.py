"""Orders whose answer was lost are found again; wishes to cancel reach the provider."""

from __future__ import annotations

import pytest

from fluxgen import generations
from fluxgen.models import Account, Status
from fluxgen.sandbox import Sandbox
from tests.jobs.course import ended, faults, predictions
from tests.support.life import claimed, outlive_the_lease, submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time
from tests.support.world import books_are_exact, nothing_was_charged


@pytest.mark.both_databases
@pytest.mark.parametrize("fault", ["create_lost", "create_dropped"])
def test_a_lost_answer_is_found_and_not_sent_again(
    alice: Account, workers: Workers, sandbox: Sandbox, fault: str
) -> None:
    faults(sandbox, **{fault: 1})
    done = ended(alice, workers)
    (prediction,) = predictions(sandbox)
    assert (done.status, done.prediction_id) == (Status.DONE, prediction.id)
    assert done.attempt == 1
    books_are_exact()


def test_two_equal_lost_orders_each_find_their_own(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_lost=2)
    first, second = submitted(alice, seed=7), submitted(alice, seed=7)
    workers.work()
    found = {latest(one).prediction_id for one in (first, second)}
    assert found == {one.id for one in predictions(sandbox)}
    assert len(found) == 2


def test_an_order_that_never_arrived_is_sent_once_more_after_a_while(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_error=1)
    done = ended(alice, workers)
    assert (done.status, done.attempt) == (Status.DONE, 2)
    assert len(predictions(sandbox)) == 1


@pytest.mark.both_databases
def test_a_worker_that_died_after_sending_is_no_reason_to_send_again(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_lost=1)
    generation = submitted(alice)
    workers.step()  # sent, no answer heard
    claimed_by_the_dead = latest(generation)
    pass_time(3)
    claimed(claimed_by_the_dead)
    outlive_the_lease()
    workers.work()
    assert latest(generation).status is Status.DONE
    assert len(predictions(sandbox)) == 1


def test_cancelled_before_it_was_sent_it_never_is(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    generations.cancel(generation)
    workers.work()
    assert latest(generation).status is Status.CANCELLED
    assert predictions(sandbox) == []
    nothing_was_charged(alice)


def test_cancelled_while_running_it_is_stopped_at_the_provider(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 1.0
    generation = submitted(alice)
    workers.step()
    generations.cancel(generation)
    workers.work()
    assert (latest(generation).status, latest(generation).failure) == (
        Status.CANCELLED,
        "halted",
    )
    assert predictions(sandbox)[0].cancelled_at is not None
    nothing_was_charged(alice)


def test_cancelled_too_late_it_is_a_picture_and_charged(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    workers.step()
    generations.cancel(generation)  # at the provider it has succeeded already
    workers.work()
    assert (latest(generation).status, latest(generation).charged_credits) == (Status.DONE, 1)
    books_are_exact()


def test_cancelled_while_its_answer_was_lost_it_is_found_and_stopped(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 1.0
    faults(sandbox, create_lost=1)
    generation = submitted(alice)
    workers.step()
    generations.cancel(generation)
    workers.work()
    assert latest(generation).status is Status.CANCELLED
    assert predictions(sandbox)[0].cancelled_at is not None
