"""`sweep`: finds everything that is due, rings for it or takes the steps itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from fluxgen.jobs import bell
from fluxgen.models import Account, HeardWebhook, Status
from fluxgen.settings import Settings
from tests.support.making import Visit, ask, latest
from tests.support.workers import pass_time


@pytest.fixture(autouse=True)
def silence(settings: Settings) -> Iterator[None]:
    """Nothing is in the queue, before and after."""
    yield
    bell._connection(settings.redis_url).flushdb()


def test_it_rings_for_what_is_due(app: Flask, visit: Visit, alice: Account) -> None:
    generation = ask(visit(alice))
    bell.redis().flushdb()
    result = app.test_cli_runner().invoke(args=["sweep"])
    assert (result.exit_code, result.output) == (0, "1 due.\n")
    assert len(bell.queue()) == 1
    assert latest(generation).status is Status.HELD


def test_inline_takes_the_steps_here(app: Flask, visit: Visit, alice: Account) -> None:
    generation = ask(visit(alice))
    bell.redis().flushdb()
    result = app.test_cli_runner().invoke(args=["sweep", "--inline"])
    assert (result.exit_code, result.output) == (0, "1 due.\n")
    assert latest(generation).status is Status.RUNNING
    assert len(bell.queue()) == 0


def test_with_nothing_due_it_says_so(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["sweep"]).output == "0 due.\n"


def test_it_forgets_what_has_had_its_time(app: Flask) -> None:
    HeardWebhook.create(event_id="old")
    pass_time(8 * 24 * 3600)
    app.test_cli_runner().invoke(args=["sweep"])
    assert HeardWebhook.select().count() == 0


class TestWithoutRedis:
    """Nothing answers at Redis's address."""

    @pytest.fixture
    def silence(self) -> None:
        return None

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})

    def test_the_sweep_takes_the_steps_itself(
        self, app: Flask, visit: Visit, alice: Account
    ) -> None:
        generation = ask(visit(alice))
        assert app.test_cli_runner().invoke(args=["sweep"]).output == "1 due.\n"
        assert latest(generation).status is Status.RUNNING
