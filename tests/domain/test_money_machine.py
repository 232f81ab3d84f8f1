"""Any order of buying, spending, refunds and disputes leaves exact books, against a pure model.

The model is arithmetic without a database: what is free is what came in minus what went out, and
below zero it is owed. Erasure is missing: the product has none yet.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fluxgen import accounts, credits, generations, purchases
from fluxgen.credits import AlreadyBooked
from fluxgen.credits.unspent import GIVEN, Stock
from fluxgen.db import database, transaction
from fluxgen.errors import InsufficientCredits
from fluxgen.generations.limits import RERUN
from fluxgen.models import Account, Entry, Generation, Kind, Purchase, PurchaseStatus
from tests.support import cast
from tests.support.life import claimed, finished, recipe, submitted
from tests.support.workers import pass_time

RUNS = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],  # to shorten a failure takes minutes, and it has 25 steps at most
    suppress_health_check=list(HealthCheck),
)
CREDITS, PRICE = 250, 500
T = TypeVar("T")
PARTS = st.sampled_from([1, 100, 250, 333, 500])


@dataclass
class Paid:
    """A paid purchase as Stripe sees it: refunds and disputes, each an amount that counts or not."""

    row: Purchase
    reversals: list[int] = field(default_factory=list)
    booked: int = 0
    refunding: int = 0

    @property
    def credits_taken(self) -> int:
        return CREDITS * min(sum(self.reversals), PRICE) // PRICE


def one_of(data: st.DataObject, among: list[T]) -> T:
    """Any of these."""
    return data.draw(st.sampled_from(among))


class Money(RuleBasedStateMachine):
    """One account, its purchases and generations."""

    def __init__(self) -> None:
        super().__init__()
        self.net = self.held = 0
        self.open: list[Purchase] = []
        self.paid: list[Paid] = []
        self.living: list[Generation] = []
        self.ended: list[Generation] = []
        self.free: set[int] = set()
        self.entries: dict[int, str] = {}

    @initialize()
    def somebody_comes(self) -> None:
        self.account: Account = cast.penniless(secrets.token_hex(6))

    # Buying

    @rule()
    def begin(self) -> None:
        pass_time(3601)
        purchase = purchases.begin(self.account, "small", consented=True)
        purchases.opened(purchase, f"cs_{purchase.public_id}")
        self.open.append(purchase)

    @precondition(lambda self: self.open)
    @rule(data=st.data(), times=st.integers(1, 3))
    def pay(self, data: st.DataObject, times: int) -> None:
        purchase = one_of(data, self.open)
        self.open.remove(purchase)
        counted = [self._told_paid(purchase) for _ in range(times)]
        assert counted == [True] + [False] * (times - 1)
        self.net += CREDITS
        self.paid.append(Paid(purchase))

    def _told_paid(self, purchase: Purchase) -> bool:
        return purchases.paid(
            Purchase.get_by_id(purchase.id),
            session_id=f"cs_{purchase.public_id}",
            payment_id=f"pi_{purchase.public_id}",
            amount_minor=PRICE,
            currency="eur",
        )

    @precondition(lambda self: self.open)
    @rule(data=st.data(), end=st.sampled_from(["expired", "failed", "cancelled"]))
    def expire(self, data: st.DataObject, end: str) -> None:
        """It ends unpaid; it may be paid all the same, later."""
        purchases.ended(one_of(data, self.open), PurchaseStatus(end))

    # Taking back and giving back

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), amount=PARTS, heard=st.booleans())
    def refund_or_dispute(self, data: st.DataObject, amount: int, heard: bool) -> None:
        paid = one_of(data, self.paid)
        paid.reversals.append(amount)
        if heard:
            self._hear(paid)

    @precondition(lambda self: any(paid.reversals for paid in self.paid))
    @rule(data=st.data(), heard=st.booleans())
    def refund_fails_or_dispute_is_won(self, data: st.DataObject, heard: bool) -> None:
        paid = one_of(data, [each for each in self.paid if each.reversals])
        paid.reversals.remove(one_of(data, paid.reversals))
        if heard:
            self._hear(paid)

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def hear_at_last(self, data: st.DataObject) -> None:
        self._hear(one_of(data, self.paid))

    def _hear(self, paid: Paid) -> None:
        for _ in range(3):
            purchases.correct(Purchase.get_by_id(paid.row.id), sum(paid.reversals), "refund")
        aside = paid.booked if paid.refunding else 0
        self.net -= max(paid.credits_taken, aside) - paid.booked
        paid.booked = max(paid.credits_taken, aside)

    # Sending back what is unspent

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def set_aside(self, data: st.DataObject) -> None:
        """A refund is about to be asked for: it takes bought credits only."""
        found = purchases.refundable(self.account)
        assert sum(each[1] for each in found) <= max(0, self.net)
        if not found:
            return
        row, number, amount = one_of(data, found)
        given = self._stock().left[GIVEN]
        purchases.set_aside(row, amount, number)
        assert self._stock().left[GIVEN] == given
        (paid,) = [one for one in self.paid if one.row == row]
        paid.refunding, paid.booked = amount, paid.booked + number
        self.net -= number

    @precondition(lambda self: any(paid.refunding for paid in self.paid))
    @rule(data=st.data(), made=st.booleans())
    def stripe_answers(self, data: st.DataObject, made: bool) -> None:
        paid = one_of(data, [each for each in self.paid if each.refunding])
        paid.reversals += [paid.refunding] if made else []
        purchases.refund_ended(Purchase.get_by_id(paid.row.id))
        paid.refunding = 0
        self._hear(paid)

    @rule(number=st.integers(1, 100))
    def give(self, number: int) -> None:
        before = 0 if self.net < 0 else sum(each[1] for each in purchases.refundable(self.account))
        credits.grant(self.account, number, secrets.token_hex(6), "sorry")
        self.net += number
        assert sum(each[1] for each in purchases.refundable(self.account)) == before

    def _stock(self) -> Stock:
        stock = Stock()
        for entry in credits.every(self.account):
            stock.follow(entry)
        return stock

    # Spending

    @rule(count=st.integers(1, 4))
    def hold(self, count: int) -> None:
        try:
            held = submitted(self.account, count=count)
        except InsufficientCredits:
            assert self.net < count
            return
        assert self.net >= count
        self.net -= count
        self.living, self.held = [*self.living, held], self.held + count

    @rule(count=st.integers(1, 4))
    def hold_what_is_given_for_it(self, count: int) -> None:
        nonce = f"{RERUN}{secrets.token_hex(6)}"
        try:
            with transaction():
                credits.grant(self.account, count, nonce, "its seam shows")
                given = generations.submit(self.account, recipe(count=count), nonce)
        except InsufficientCredits:
            assert self.net < 0
            return
        self.living, self.held = [*self.living, given], self.held + count
        self.free.add(given.id)

    @precondition(lambda self: self.living)
    @rule(data=st.data(), share=st.integers(1, 4))
    def capture(self, data: st.DataObject, share: int) -> None:
        """All of it, or the part that was delivered."""
        generation = self._settled(data)
        delivered = min(share, generation.count)
        finished(generation, pictures=delivered)
        self.net += self._unused(generation, generation.count - delivered)

    @precondition(lambda self: self.living)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        generations.end(claimed(generation := self._settled(data)), "failed")
        self.net += self._unused(generation, generation.count)

    def _unused(self, generation: Generation, count: int) -> int:
        return 0 if generation.id in self.free else count

    def _settled(self, data: st.DataObject) -> Generation:
        generation = one_of(data, self.living)
        self.living.remove(generation)
        self.ended.append(generation)
        self.held -= generation.count
        return generation

    @precondition(lambda self: self.ended)
    @rule(data=st.data())
    def settle_once_more(self, data: st.DataObject) -> None:
        with pytest.raises(AlreadyBooked):
            credits.release(one_of(data, self.ended), "again")

    # What must always be true

    @invariant()
    def the_numbers_are_the_models(self) -> None:
        if hasattr(self, "account"):
            now = accounts.balance(self.account)
            expected = (max(self.net, 0), self.held, max(-self.net, 0))
            assert (now.available, now.held, now.owed) == expected
            assert now.available == 0 or now.owed == 0
            stock = self._stock()
            assert (sum(stock.left.values()), stock.owed) == (now.available, now.owed)

    @invariant()
    def the_books_hold(self) -> None:
        if hasattr(self, "account"):
            assert credits.verify(self.account) is None
            assert [one for one in credits.reconcile() if one.account_id == self.account.id] == []

    @invariant()
    def nothing_is_lost_or_made(self) -> None:
        """What came in is what is there, was spent or was taken back."""
        if hasattr(self, "account"):
            sums = {kind: 0 for kind in Kind}
            for entry in credits.every(self.account):
                sums[entry.kind] += entry.available_delta + entry.held_delta - entry.owed_delta
            assert sums[Kind.HOLD] == sums[Kind.RELEASE] == 0
            assert sum(sums.values()) == self.net + self.held
            assert sums[Kind.BUY] == CREDITS * len(self.paid)

    @invariant()
    def every_hold_is_settled_at_most_once(self) -> None:
        if hasattr(self, "account"):
            mine = list(credits.every(self.account))
            settled = [str(each.generation) for each in mine if each.key.startswith("settle:")]
            assert sorted(settled) == sorted(one.public_id for one in self.ended)

    @invariant()
    def entries_never_change(self) -> None:
        if hasattr(self, "account"):
            now = {entry.id: entry.hash for entry in credits.every(self.account)}
            assert self.entries.items() <= now.items()
            self.entries = now

    def teardown(self) -> None:
        if self.entries:
            for query in (Entry.update(reason="x"), Entry.delete()):
                with pytest.raises(Exception, match="entries are never"), database.atomic():
                    query.execute()


@pytest.mark.both_databases
@pytest.mark.usefixtures("app")
def test_money_is_exact_after_any_sequence() -> None:
    run_state_machine_as_test(Money, settings=RUNS)
