"""The ledger: held once, settled once, exact whatever happens at the same time."""

from __future__ import annotations

import pytest

from fluxgen import accounts, credits
from fluxgen.credits import AlreadyBooked, Difference
from fluxgen.errors import InsufficientCredits, Refused
from fluxgen.models import Account, Entry, Generation, Kind
from tests.support.life import submitted
from tests.support.races import at_once

pytestmark = pytest.mark.both_databases

FOUR = {"model": "flux-dev", "tier": "studio"}  # costs 4 credits


def numbers(account: Account) -> tuple[int, int]:
    now = accounts.balance(account)
    return now.available, now.held


def settled(generation: Generation) -> Entry:
    return Entry.get(Entry.key == f"settle:{generation.public_id}")


def test_a_hold_sets_the_price_aside(alice: Account) -> None:
    generation = submitted(alice, **FOUR)
    assert numbers(alice) == (96, 4)
    entry = Entry.get(Entry.key == f"hold:{generation.public_id}")
    assert (entry.available_delta, entry.held_delta) == (-4, 4)
    assert (entry.available_after, entry.held_after) == (96, 4)


def test_a_capture_keeps_all_of_the_hold(alice: Account) -> None:
    credits.capture(submitted(alice, **FOUR), 4)
    assert numbers(alice) == (96, 0)


def test_a_capture_of_a_share_gives_the_rest_back(alice: Account) -> None:
    generation = submitted(alice, **FOUR)
    credits.capture(generation, 1)
    assert numbers(alice) == (99, 0)
    assert settled(generation).available_delta == 3


def test_a_release_gives_all_of_it_back_and_says_why(alice: Account) -> None:
    generation = submitted(alice, **FOUR)
    credits.release(generation, "refused")
    assert numbers(alice) == (100, 0)
    entry = settled(generation)
    assert (entry.kind, entry.reason) == (Kind.RELEASE, "refused")


@pytest.mark.parametrize("share", [-1, 5])
def test_no_more_than_the_hold_can_be_charged(alice: Account, share: int) -> None:
    generation = submitted(alice, **FOUR)
    with pytest.raises(ValueError, match="cannot charge"):
        credits.capture(generation, share)
    assert numbers(alice) == (96, 4)


def test_settling_twice_is_refused_and_moves_nothing(alice: Account) -> None:
    generation, _still_held = submitted(alice, **FOUR), submitted(alice, **FOUR)
    credits.capture(generation, 4)
    with pytest.raises(AlreadyBooked):
        credits.release(generation, "too late")
    assert numbers(alice) == (92, 4)


def test_settling_twice_is_known_as_such_when_nothing_is_held_any_more(alice: Account) -> None:
    generation = submitted(alice)
    credits.capture(generation, 1)
    with pytest.raises(AlreadyBooked):
        credits.capture(generation, 1)
    assert numbers(alice) == (99, 0)


def test_of_ten_who_settle_at_once_one_does(alice: Account) -> None:
    generation = submitted(alice, **FOUR)
    for _ in range(4):
        submitted(alice, **FOUR)  # other holds, which a second settlement could eat into

    def settle(n: int) -> Entry:
        return credits.capture(generation, 4) if n % 2 else credits.release(generation, "race")

    outcomes = at_once(10, settle)

    assert sum(isinstance(one, Entry) for one in outcomes) == 1
    assert sum(isinstance(one, AlreadyBooked) for one in outcomes) == 9
    assert numbers(alice)[1] == 16
    (left,) = credits.reconcile()
    assert left.what.startswith("hold of unfinished generation")


def test_twelve_holds_at_once_never_take_more_than_there_is(bob: Account) -> None:
    credits.grant(bob, 10, "race", "seven will not fit")
    outcomes = at_once(12, lambda _: submitted(bob, model="flux-dev", tier="draft"))
    assert sum(isinstance(one, Generation) for one in outcomes) == 5
    assert sum(isinstance(one, InsufficientCredits) for one in outcomes) == 7
    assert numbers(bob) == (0, 10)
    assert credits.reconcile() == []


def test_a_grant_counts_once_under_its_key(alice: Account) -> None:
    credits.grant(alice, 5, "sorry-17", "sorry")
    with pytest.raises(AlreadyBooked):
        credits.grant(alice, 5, "sorry-17", "sorry")
    assert numbers(alice) == (105, 0)


def test_of_eight_equal_grants_at_once_one_counts(alice: Account) -> None:
    outcomes = at_once(8, lambda _: credits.grant(alice, 5, "sorry-17", "sorry"))
    assert sum(isinstance(one, Entry) for one in outcomes) == 1
    assert numbers(alice) == (105, 0)


@pytest.mark.parametrize("amount", [0, -3])
def test_a_grant_gives_something(alice: Account, amount: int) -> None:
    with pytest.raises(Refused):
        credits.grant(alice, amount, "nothing", "nothing")
    assert numbers(alice) == (100, 0)


def test_nothing_is_held_while_something_is_owed(alice: Account) -> None:
    Account.update(owed=1).where(Account.id == alice.id).execute()
    with pytest.raises(InsufficientCredits):
        submitted(alice)
    assert numbers(alice) == (100, 0)


def test_a_receipt_tells_one_generation_only(alice: Account) -> None:
    generation, _other = submitted(alice), submitted(alice)
    credits.release(generation, "stopped")
    assert [entry.kind for entry in credits.receipt(generation)] == [Kind.HOLD, Kind.RELEASE]


def test_entries_are_the_accounts_own_newest_first(alice: Account, mallory: Account) -> None:
    submitted(alice)
    assert [entry.kind for entry in credits.entries(alice)] == [Kind.HOLD, Kind.GRANT]
    assert [entry.kind for entry in credits.entries(mallory)] == [Kind.GRANT]


def test_exact_books_have_no_differences(alice: Account, bob: Account) -> None:
    submitted(alice)
    assert credits.reconcile() == []


@pytest.mark.parametrize(("column", "planted"), [("available", 101), ("held", 2)])
def test_reconcile_finds_a_changed_balance_and_leaves_it(
    alice: Account, column: str, planted: int
) -> None:
    Account.update(**{column: planted}).where(Account.id == alice.id).execute()
    found = [one for one in credits.reconcile() if one.what == column]
    assert [one.account_id for one in found] == [alice.id]
    assert getattr(accounts.balance(alice), column) == planted


def test_reconcile_finds_an_ended_generation_that_still_holds(alice: Account) -> None:
    generation = submitted(alice, **FOUR)
    Generation.update(status="failed").where(Generation.id == generation.id).execute()
    (found,) = credits.reconcile()
    what = f"hold without a living generation {generation.public_id}"
    assert found == Difference(alice.id, what, 0, 4)
    assert numbers(alice) == (96, 4)


def test_a_long_ledger_is_read_a_batch_at_a_time_and_whole(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxgen.credits.books.BATCH", 3)
    for number in range(8):
        credits.grant(alice, 1, f"k{number}", "sorry")
    listed = [entry.id for entry in credits.every(alice)]
    assert listed == [entry.id for entry in Entry.select().order_by(Entry.id)]
    assert len(listed) == 9
    assert credits.verify(alice) is None
