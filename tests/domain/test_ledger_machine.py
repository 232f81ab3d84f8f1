"""Any order of grants, holds and settlements leaves the books exact."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from fluxgen import accounts, credits, generations
from fluxgen.credits import AlreadyBooked
from fluxgen.errors import InsufficientCredits
from fluxgen.models import Account, Entry, Generation
from tests.support import cast
from tests.support.life import claimed, finished, submitted

RUNS = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class Ledger(RuleBasedStateMachine):
    """One account against a model of it: two numbers."""

    living: Bundle[Generation] = Bundle("living")
    ended: Bundle[Generation] = Bundle("ended")

    @initialize(credits_given=st.integers(0, 12))
    def somebody_comes(self, credits_given: int) -> None:
        self.account: Account = cast.penniless(secrets.token_hex(6))
        self.available, self.held = 0, 0
        if credits_given:
            self.give(credits_given)

    @rule(amount=st.integers(1, 9))
    def give(self, amount: int) -> None:
        credits.grant(self.account, amount, secrets.token_hex(6), "test")
        self.available += amount

    @rule(target=living, count=st.integers(1, 4))
    def hold(self, count: int) -> Generation | MultipleResults[Generation]:
        try:
            generation = submitted(self.account, count=count)
        except InsufficientCredits:
            assert self.available < count
            return multiple()
        assert self.available >= count
        self.available -= count
        self.held += count
        return generation

    @rule(target=ended, generation=consumes(living), delivered=st.integers(1, 4))
    def finish(self, generation: Generation, delivered: int) -> Generation:
        share = min(delivered, generation.count)
        self._settled(generation.count, share)
        return finished(generation, pictures=share)

    @rule(target=ended, generation=consumes(living))
    def fail(self, generation: Generation) -> Generation:
        self._settled(generation.count, 0)
        generations.end(claimed(generation), "failed")
        return generation

    @rule(generation=ended, share=st.integers(0, 1))
    def settle_once_more(self, generation: Generation, share: int) -> None:
        with pytest.raises(AlreadyBooked):
            credits.capture(generation, share)

    def _settled(self, cost: int, charged: int) -> None:
        self.held -= cost
        self.available += cost - charged

    @invariant()
    def the_numbers_are_right(self) -> None:
        if not hasattr(self, "account"):
            return
        now = accounts.balance(self.account)
        assert (now.available, now.held) == (self.available, self.held)
        latest = Entry.select().where(Entry.account == self.account).order_by(Entry.id.desc())
        if (entry := latest.first()) is not None:
            assert (entry.available_after, entry.held_after) == (self.available, self.held)
        assert credits.verify(now) is None
        assert credits.reconcile() == []


@pytest.mark.both_databases
@pytest.mark.usefixtures("app")
def test_the_books_are_exact_after_any_sequence() -> None:
    run_state_machine_as_test(Ledger, settings=RUNS)
