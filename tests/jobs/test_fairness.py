"""Several accounts at once: places are shared in turns, and a freed one is filled at once."""

from __future__ import annotations

import pytest
from flask import Flask

from fluxgen import generations
from fluxgen import settings as house_settings
from fluxgen.jobs import bell
from fluxgen.jobs.generations import WAIT_WITHIN_S, advance
from fluxgen.jobs.sweep import sweep
from fluxgen.models import Account, Status
from fluxgen.sandbox import Sandbox
from fluxgen.settings import Settings
from tests.jobs.course import predictions
from tests.support.life import submitted
from tests.support.making import latest
from tests.support.workers import Workers, pass_time
from tests.support.world import books_are_exact, nothing_was_charged


@pytest.fixture(autouse=True)
def two_places(app: Flask, settings: Settings) -> None:
    house_settings.use(settings.model_copy(update={"provider_concurrency": 2}))


@pytest.mark.both_databases
def test_one_of_somebody_else_is_sent_before_the_second_of_many(
    alice: Account, mallory: Account, workers: Workers, sandbox: Sandbox
) -> None:
    sandbox.replicate.workshop.pace = 1.0
    many = [submitted(alice) for _ in range(6)]
    one = submitted(mallory)
    workers.step()
    assert latest(one).status is Status.RUNNING
    assert [latest(row).status for row in many] == [Status.RUNNING] + [Status.HELD] * 5
    assert len(predictions(sandbox)) == 2
    workers.work()
    assert {latest(row).status for row in [*many, one]} == {Status.DONE}
    books_are_exact()


@pytest.mark.usefixtures("redis")
def test_a_bell_for_one_whose_turn_it_is_not_leaves_it_waiting(
    alice: Account, sandbox: Sandbox
) -> None:
    first, second = submitted(alice), submitted(alice)
    advance(second.id)
    assert latest(second).status is Status.HELD
    assert [job.args for job in bell.queue().jobs] == [[first.id]]
    advance(first.id)
    advance(second.id)
    assert latest(second).status is Status.HELD
    assert len(predictions(sandbox)) == 1
    assert generations.due() == []


@pytest.mark.usefixtures("redis")
def test_whoever_ends_rings_for_the_next_without_waiting_for_a_sweep(alice: Account) -> None:
    first, second = submitted(alice), submitted(alice)
    advance(first.id)
    assert bell.queue().jobs == []
    pass_time(3)
    advance(first.id)
    assert latest(first).status is Status.DONE
    assert [job.args for job in bell.queue().jobs] == [[second.id]]


def test_whatever_waited_an_hour_for_its_turn_is_given_back(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    pass_time(WAIT_WITHIN_S - 5)
    early = submitted(alice)
    pass_time(6)
    workers.work()
    assert (latest(generation).status, latest(generation).failure) == (Status.EXPIRED, "waited")
    assert latest(early).status is Status.DONE
    assert len(predictions(sandbox)) == 1


def test_a_full_provider_is_no_reason_to_sweep_the_waiting(alice: Account) -> None:
    for _ in range(5):
        submitted(alice)
    sweep(inline=True)
    assert sweep(inline=True) == 0


def test_nobody_is_sent_for_once_the_account_is_suspended(
    alice: Account, workers: Workers, sandbox: Sandbox
) -> None:
    generation = submitted(alice)
    Account.update(standing="suspended").execute()  # between the click and the step
    workers.work()
    assert latest(generation).failure == "suspended"
    assert predictions(sandbox) == []
    nothing_was_charged(alice)
