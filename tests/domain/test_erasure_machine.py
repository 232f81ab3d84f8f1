"""The money machine again, with an erasure anywhere in it: the books stay exact without the person."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from fluxgen import generations, privacy
from fluxgen.db import database
from fluxgen.errors import LeaseLost, Refused
from fluxgen.models import Account, Cause, Entry, Generation, Scope
from tests.domain.test_money_machine import RUNS, Money
from tests.support import cast
from tests.support.life import claimed


class MoneyAndErasure(Money):
    """After it payments go on being refunded and disputed; nothing is made or bought any more."""

    def __init__(self) -> None:
        super().__init__()
        self.is_erased = False

    @precondition(lambda self: not self.is_erased)
    @rule()
    def erase(self) -> None:
        erasure = privacy.plan(self.account, Scope.ACCOUNT, Cause.PERSON)
        mine = privacy.claim(erasure.id)
        assert mine is not None
        privacy.begin(mine)
        privacy.close(mine)
        for generation in self.living:
            generations.end(claimed(generation), "cancelled")
            self.net += self._unused(generation, generation.count)
            self.held -= generation.count
        self.ended += self.living
        self.living = []
        privacy.delete_rows(mine, lambda: None)
        privacy.unname(mine)
        privacy.finish(mine)
        with pytest.raises(LeaseLost):
            privacy.finish(mine)
        assert Generation.select().where(Generation.account == self.account.id).count() == 0
        self.is_erased = True
        assert Account.get_or_none(Account.public_id == self.account.public_id) is None
        self._go_on_or_begin_anew()

    def _go_on_or_begin_anew(self) -> None:
        """Where nothing was ever paid nothing is left; the next one starts with nothing."""
        if Account.get_or_none(Account.id == self.account.id) is not None:
            return
        assert not self.paid
        assert not Entry.select().where(Entry.account == self.account.id).exists()
        self.net = self.held = 0
        self.open, self.ended, self.free, self.entries = [], [], set(), {}
        self.is_erased = False
        self.account = cast.penniless(secrets.token_hex(6))

    @rule(count=st.integers(1, 4))
    def hold(self, count: int) -> None:
        if not self.is_erased:
            Money.hold(self, count)
            return
        with pytest.raises(Refused):
            Money.hold(self, count)

    @rule(count=st.integers(1, 4))
    def hold_what_is_given_for_it(self, count: int) -> None:
        if not self.is_erased:
            Money.hold_what_is_given_for_it(self, count)
            return
        with pytest.raises(Refused):
            Money.hold_what_is_given_for_it(self, count)

    def teardown(self) -> None:
        """Entries go with an erased account only."""
        living = Entry.account.not_in(Account.select().where(Account.erased_at.is_null(False)))
        for query in (Entry.update(reason="x"), Entry.delete().where(living)):
            if self.entries and not self.is_erased:
                with pytest.raises(Exception, match="entries are never"), database.atomic():
                    query.execute()


@pytest.mark.both_databases
@pytest.mark.usefixtures("app")
def test_money_is_exact_after_any_sequence_with_an_erasure() -> None:
    run_state_machine_as_test(MoneyAndErasure, settings=RUNS)
