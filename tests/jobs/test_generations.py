"""The whole life, from the form to its end, with each failure that a provider is capable of."""

from __future__ import annotations

import pytest

from fluxgen import accounts
from fluxgen.generations.life import CRASHES_MAX
from fluxgen.jobs.generations import SUBMIT_WITHIN_S, advance
from fluxgen.jobs.storing import STORE_WITHIN_S
from fluxgen.models import Account, Entry, Generation, Image, Kind, Status
from fluxgen.sandbox import Sandbox
from tests.jobs.course import ended, faults, predictions, wait_out
from tests.support.life import claimed, outlive_the_lease, submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time
from tests.support.world import books_are_exact, nothing_was_charged, stored_files


@pytest.mark.both_databases
def test_a_picture_is_made_stored_and_charged(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    done = ended(alice, workers, count=2, seed=7)
    assert (done.status, done.failure, done.charged_credits) == (Status.DONE, None, 2)
    assert len(predictions(sandbox)) == 1
    assert Image.select().count() == 2
    assert len(stored_files()) == 6
    assert accounts.balance(alice).available == 98
    books_are_exact()


@pytest.mark.parametrize("model", ["flux-schnell", "flux-2-pro"])
def test_a_model_may_change_the_shape_of_its_answer(
    alice: Account, workers: Workers, sandbox: Sandbox, model: str
) -> None:
    faults(sandbox, output_swapped=True)
    assert ended(alice, workers, model=model).status is Status.DONE
    books_are_exact()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("create_refuse", "refused"),
        ("create_unauthorised", "unavailable"),
        ("create_no_credit", "unavailable"),
        ("predict_fail", "failed"),
        ("predict_nsfw", "blocked"),
        ("predict_abort", "stopped"),
        ("output_null", "nothing"),
        ("output_empty", "nothing"),
        ("output_fewer", "nothing"),  # one was asked for
        ("output_expired", "lost"),
        ("output_not_image", "not_a_picture"),
        ("output_truncated", "not_a_picture"),
        ("output_huge", "too_large"),
    ],
)
def test_a_failure_ends_with_its_word_and_costs_nothing(
    alice: Account, workers: Workers, sandbox: Sandbox, fault: str, failure: str
) -> None:
    faults(sandbox, **{fault: True})
    broken = ended(alice, workers)
    assert (broken.status, broken.failure) == (Status.FAILED, failure)
    assert broken.charged_credits == 0
    nothing_was_charged(alice)
    assert stored_files() == set()


def test_fewer_pictures_than_asked_are_charged_as_fewer(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, output_fewer=True)
    done = ended(alice, workers, model="flux-dev", tier="studio", count=4)
    assert (done.status, done.charged_credits) == (Status.DONE, 12)
    assert accounts.balance(alice).available == 88
    books_are_exact()


def test_an_unknown_status_is_waited_out(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 1.0
    faults(sandbox, predict_unknown_status=True)
    assert ended(alice, workers).status is Status.DONE


@pytest.mark.parametrize(
    ("fault", "times"),
    [("create_throttle", 3), ("create_error", 1), ("create_bad_gateway", 1), ("down", 3)],
)
def test_a_provider_that_stumbles_is_asked_again(
    alice: Account, workers: Workers, sandbox: Sandbox, fault: str, times: int
) -> None:
    faults(sandbox, **{fault: times})
    done = ended(alice, workers)
    assert done.status is Status.DONE
    assert len(predictions(sandbox)) == 1
    books_are_exact()


def test_a_throttled_order_is_not_sent_before_its_time(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    faults(sandbox, create_throttle=1, retry_after=25)
    generation = submitted(alice)
    workers.step()
    assert latest(generation).status is Status.HELD
    pass_time(12)
    assert workers.step() == 0
    pass_time(14)
    assert workers.step() == 1
    assert latest(generation).status is Status.RUNNING


@pytest.mark.parametrize("fault", ["create_throttle", "create_error", "down"])
def test_a_provider_that_never_answers_is_given_up(
    alice: Account, workers: Workers, sandbox: Sandbox, fault: str
) -> None:
    faults(sandbox, **{fault: True})
    generation = submitted(alice)
    wait_out(workers, max(SUBMIT_WITHIN_S, STORE_WITHIN_S) + 60)
    assert (latest(generation).status, latest(generation).failure) == (
        Status.EXPIRED,
        "unreachable",
    )
    nothing_was_charged(alice)


def test_a_provider_that_goes_silent_while_it_runs_is_given_up(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    workers.step()
    faults(sandbox, down=True)
    wait_out(workers, 600)
    assert latest(generation).status is Status.RUNNING  # it may come back
    wait_out(workers, STORE_WITHIN_S)
    assert latest(generation).failure == "unreachable"
    nothing_was_charged(alice)


def test_a_provider_that_comes_back_in_time_delivers(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    workers.step()
    faults(sandbox, down=True)
    wait_out(workers, 1500)
    faults(sandbox, down=0)
    workers.work()
    assert latest(generation).status is Status.DONE


def test_a_run_without_end_is_stopped_and_given_up(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 100.0
    generation = submitted(alice)
    workers.step()
    prediction = predictions(sandbox)[0]
    prediction.ends_at = prediction.deadline_at = prediction.created_at + 1e6
    wait_out(workers, 960)
    assert (latest(generation).status, latest(generation).failure) == (Status.EXPIRED, "overdue")
    assert prediction.cancelled_at is not None
    nothing_was_charged(alice)


@pytest.mark.both_databases
def test_a_row_that_kills_its_workers_is_ended(alice: Account) -> None:
    generation = submitted(alice)
    for _ in range(CRASHES_MAX):
        claimed(generation)
        outlive_the_lease()
    advance(generation.id)
    assert (latest(generation).status, latest(generation).failure) == (Status.FAILED, "internal")
    nothing_was_charged(alice)


def test_a_step_that_crashes_is_tried_again_and_then_ended(
    alice: Account, workers: Workers
) -> None:
    generation = submitted(alice)
    Generation.update(model="no-such-model").where(Generation.id == generation.id).execute()
    workers.work(rounds=2000)
    assert latest(generation).failure == "internal"
    nothing_was_charged(alice)


def test_a_held_lease_is_respected(alice: Account, sandbox: Sandbox) -> None:
    generation = submitted(alice)
    claimed(generation)
    advance(generation.id)
    assert predictions(sandbox) == []


def test_an_ended_generation_is_left_alone(alice: Account, workers: Workers) -> None:
    done = ended(alice, workers)
    advance(done.id)
    advance(4711)
    assert latest(done) == done
    assert Entry.select().where(Entry.kind == Kind.CAPTURE).count() == 1
