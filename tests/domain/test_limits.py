"""What one account may do within a minute or a day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fluxgen import archive, clock, generations
from fluxgen import settings as house_settings
from fluxgen.errors import AgainstRules, Refused, TooMany
from fluxgen.generations import limits
from fluxgen.models import Account, Generation, Refusal
from fluxgen.settings import Settings
from tests.support.life import claimed, failed, running, submitted
from tests.support.making import latest
from tests.support.races import at_once
from tests.support.workers import pass_time

DAY_S = 24 * 3600


@pytest.fixture(autouse=True)
def noon(alice: Account) -> None:
    """Far from midnight, so that a day has time left."""
    now = datetime.now(UTC)
    clock.offset = now.replace(hour=12, minute=0) - now


def halted(account: Account) -> Generation:
    taken = claimed(running(account))
    generations.end(taken, limits.HALTED)
    return taken


def test_so_many_a_minute_and_then_a_little_later_again(
    settings: Settings, alice: Account, mallory: Account
) -> None:
    house_settings.use(settings.model_copy(update={"generations_a_minute": 3}))
    for _ in range(3):
        submitted(alice)
        pass_time(1)
    with pytest.raises(TooMany) as refusal:
        submitted(alice)
    assert 30 <= refusal.value.retry_after_s <= 57
    submitted(mallory)
    pass_time(refusal.value.retry_after_s)
    submitted(alice)


@pytest.mark.both_databases
def test_blocked_requests_have_an_allowance_a_day_that_deleting_does_not_renew(
    monkeypatch: pytest.MonkeyPatch, alice: Account, mallory: Account
) -> None:
    monkeypatch.setattr(limits, "BLOCKED_A_DAY", 3)
    archive.delete(failed(alice, "blocked"))
    failed(alice, "blocked")
    failed(alice, "failed")
    submitted(alice)
    failed(alice, "blocked")
    with pytest.raises(TooMany, match="after midnight") as refusal:
        submitted(alice)
    assert 11 * 3600 < refusal.value.retry_after_s <= 12 * 3600
    submitted(mallory)
    pass_time(refusal.value.retry_after_s)
    submitted(alice)


def test_requests_against_our_own_rules_count_as_well_and_keep_only_the_rule(
    monkeypatch: pytest.MonkeyPatch, alice: Account
) -> None:
    monkeypatch.setattr(limits, "BLOCKED_A_DAY", 2)
    for _ in range(2):
        with pytest.raises(AgainstRules):
            submitted(alice, prompt="a nude child")
    assert [row.rule for row in Refusal.select()] == ["minors", "minors"]
    assert Generation.select().count() == 0
    with pytest.raises(TooMany):
        submitted(alice)


def test_running_ones_may_be_stopped_so_often_a_day_and_waiting_ones_always(
    monkeypatch: pytest.MonkeyPatch, alice: Account
) -> None:
    monkeypatch.setattr(limits, "STOPS_A_DAY", 2)
    archive.delete(halted(alice))
    under_way, next_one, waiting = running(alice), running(alice), submitted(alice)
    generations.cancel(under_way)
    with pytest.raises(Refused, match="runs to its end"):
        generations.cancel(latest(next_one))
    generations.cancel(latest(under_way))  # twice is once
    generations.cancel(waiting)
    generations.end(claimed(under_way), limits.HALTED)
    pass_time(DAY_S)
    generations.cancel(latest(next_one))


@pytest.mark.both_databases
def test_no_more_are_stopped_where_all_are_asked_for_at_once(
    monkeypatch: pytest.MonkeyPatch, alice: Account
) -> None:
    monkeypatch.setattr(limits, "STOPS_A_DAY", 3)
    under_way = [running(alice) for _ in range(8)]
    outcomes = at_once(8, lambda place: generations.cancel(under_way[place]))
    assert len([one for one in outcomes if isinstance(one, Refused)]) == 5
    wished = Generation.cancel_requested_at.is_null(False)
    assert Generation.select().where(wished).count() == 3
