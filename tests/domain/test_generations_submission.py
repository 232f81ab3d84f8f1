"""Where a generation begins: row and hold or neither, once a form, within limits."""

from __future__ import annotations

import pytest

from fluxgen import accounts, credits, generations
from fluxgen.errors import InsufficientCredits, Refused, TooMany
from fluxgen.generations.limits import UNFINISHED_MAX
from fluxgen.generations.submission import PROMPT_MAX, SEED_MAX
from fluxgen.models import Account, Entry, Generation, Origin, Status
from tests.support.life import done, failed, finished, recipe, submitted
from tests.support.races import at_once
from tests.support.workers import pass_time


def nothing_happened(account: Account, entries: int = 1) -> None:
    """No row, no hold, no number used up."""
    now = accounts.balance(account)
    assert Generation.select().count() == 0
    assert Entry.select().count() == entries
    assert (now.held, now.generations_made) == (0, 0)


@pytest.mark.both_databases
def test_the_row_and_its_hold_come_together(alice: Account) -> None:
    generation = generations.submit(alice, recipe(prompt="  a red fox\r\nin snow "), "nonce")
    assert generation.status is Status.HELD
    assert generation.prompt == "a red fox\nin snow"
    assert [entry.held_delta for entry in credits.receipt(generation)] == [1]
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_without_enough_credits_there_is_neither(bob: Account) -> None:
    with pytest.raises(InsufficientCredits) as refusal:
        submitted(bob, count=3)
    assert refusal.value.missing == 3
    assert refusal.value.words == "This needs 3 credits and you have 0."
    nothing_happened(bob, entries=0)


@pytest.mark.both_databases
def test_the_same_nonce_is_the_same_generation(alice: Account) -> None:
    first = generations.submit(alice, recipe(), "nonce")
    again = generations.submit(alice, recipe(prompt="something else"), "nonce")
    assert again == first
    assert accounts.balance(alice).held == 1


@pytest.mark.both_databases
def test_the_same_form_from_twenty_threads_is_one_generation(alice: Account) -> None:
    outcomes = at_once(20, lambda _: generations.submit(alice, recipe(), "nonce"))
    assert {one.id for one in outcomes if isinstance(one, Generation)} == {Generation.get().id}
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert accounts.balance(alice).held == 1
    assert credits.reconcile() == []


def fill_the_table(account: Account, count: int) -> list[Generation]:
    """So many waiting ones, asked for slowly enough."""
    waiting = []
    for _ in range(count):
        waiting.append(submitted(account))
        pass_time(2)
    return waiting


@pytest.mark.both_databases
def test_the_same_form_twice_at_the_limit_is_one_generation(alice: Account) -> None:
    fill_the_table(alice, UNFINISHED_MAX - 1)
    credits.grant(alice, 5, "more", "enough for a second one, were it one")
    outcomes = at_once(6, lambda _: generations.submit(alice, recipe(), "nonce"))
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Generation.select().count() == UNFINISHED_MAX


def test_a_nonce_is_its_persons_own(alice: Account, mallory: Account) -> None:
    mine = generations.submit(alice, recipe(), "nonce")
    assert generations.submit(mallory, recipe(), "nonce") != mine


@pytest.mark.parametrize("nonce", ["", "n" * 65])
def test_a_form_without_a_usable_nonce_is_out_of_date(alice: Account, nonce: str) -> None:
    with pytest.raises(Refused, match="out of date"):
        generations.submit(alice, recipe(), nonce)
    nothing_happened(alice)


def test_a_full_table_takes_nothing_more(alice: Account) -> None:
    credits.grant(alice, 10, "more", "so that credits are not the reason")
    first, *_others = fill_the_table(alice, UNFINISHED_MAX)
    with pytest.raises(TooMany) as refusal:
        submitted(alice)
    assert refusal.value.retry_after_s > 0
    finished(first)
    assert submitted(alice).status is Status.HELD


@pytest.mark.both_databases
def test_numbers_count_without_gaps_even_in_a_crowd(alice: Account, mallory: Account) -> None:
    at_once(10, lambda n: submitted((alice, mallory)[n % 2]))
    for account in (alice, mallory):
        mine = Generation.select().where(Generation.account == account)
        assert sorted(one.number for one in mine) == [1, 2, 3, 4, 5]


def test_a_refused_form_uses_up_no_number(bob: Account) -> None:
    with pytest.raises(InsufficientCredits):
        submitted(bob)
    credits.grant(bob, 1, "one", "one")
    assert submitted(bob).number == 1


def test_a_chosen_seed_is_kept_and_others_are_drawn(alice: Account) -> None:
    assert submitted(alice, seed=0).seed == 0
    assert submitted(alice, seed=SEED_MAX).seed == SEED_MAX
    drawn = {submitted(alice).seed for _ in range(5)}
    assert len(drawn) == 5
    assert all(0 <= seed <= SEED_MAX for seed in drawn)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"prompt": " \r\n "}, "prompt", "Write what the picture should show"),
        ({"prompt": "\x00"}, "prompt", "hidden control characters"),
        ({"prompt": "x" * (PROMPT_MAX + 1)}, "prompt", "2,001 characters"),
        ({"seed": -1}, "seed", "from 0 to"),
        ({"seed": SEED_MAX + 1}, "seed", "from 0 to"),
        ({"model": "dall-e"}, "model", "do not have that model"),
        ({"tier": "print"}, "tier", "makes Draft pictures"),
        ({"tier": "free"}, "tier", "makes Draft pictures"),
        ({"aspect_ratio": "7:1"}, "aspect_ratio", "does not make that shape"),
        ({"count": 0}, "count", "1 to 4 pictures"),
        ({"count": 5}, "count", "1 to 4 pictures"),
        ({"model": "flux-2-pro", "count": 2}, "count", "1 picture at a time"),
    ],
)
def test_a_recipe_that_does_not_fit_is_refused_at_its_field(
    alice: Account, changes: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        submitted(alice, **changes)
    assert refusal.value.field == field
    nothing_happened(alice)


def test_the_longest_prompt_is_taken_whole(alice: Account) -> None:
    assert len(submitted(alice, prompt="ü" * PROMPT_MAX).prompt) == PROMPT_MAX


def test_the_expected_time_is_the_median_of_recent_runs_once_there_are_three(
    alice: Account,
) -> None:
    assert submitted(alice).expected_s == 2  # the catalogue's guess
    for seconds in (10, 20, 90):
        run = done(alice)
        moment = run.submitted_at.timestamp() + seconds
        Generation.update(stored_from_at=int(moment * 1_000_000)).where(
            Generation.id == run.id
        ).execute()
    assert submitted(alice).expected_s == 20


@pytest.mark.both_databases
def test_a_retry_is_the_same_recipe_with_another_seed(alice: Account) -> None:
    first = failed(alice, count=2, seed=7)
    second = generations.retry(first)
    assert second.id != first.id
    assert second.seed != 7
    for name in ("prompt", "model", "tier", "aspect_ratio", "count"):
        assert getattr(second, name) == getattr(first, name)
    assert (second.parent, second.origin) == (first, Origin.RETRY)


def test_retrying_twice_is_one_generation(alice: Account) -> None:
    first = failed(alice)
    assert generations.retry(first) == generations.retry(first)


def test_what_has_not_ended_is_not_retried(alice: Account) -> None:
    with pytest.raises(Refused):
        generations.retry(submitted(alice))
