"""Contact sheets: all answers to one question, priced before, laid out whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fluxgen import accounts, credits, generations
from fluxgen.errors import AgainstRules, InsufficientCredits, Refused, TooMany
from fluxgen.generations import Filled, Recipe, sheets
from fluxgen.generations.limits import UNFINISHED_MAX
from fluxgen.models import Account, Entry, Generation, Origin
from tests.support.life import claimed, done, failed, submitted
from tests.support.races import at_once


def sign(**changes: Any) -> Recipe:
    """A Small Sign in Studio quality: 4 credits a picture."""
    plain = {
        "prompt": "",
        "model": "flux-2-pro",
        "tier": "studio",
        "aspect_ratio": "1:1",
        "look": Filled("small-sign", 1, {"thing": "watering can"}),
    }
    return Recipe(**{**plain, **changes})


def nothing_is_there(account: Account) -> None:
    now = accounts.balance(account)
    assert not Generation.select().where(Generation.sheet.is_null(False)).exists()
    assert (now.held, credits.reconcile()) == (0, [])


def rows(account: Account, sheet: str) -> list[Generation]:
    found = sheets.find(account, sheet)
    assert found is not None
    return [row for _, row in found.frames]


def test_a_plan_names_every_answer_and_the_whole_price(alice: Account) -> None:
    plan = sheets.plan(sign(count=3), "tones")
    assert list(plan.recipes) == [option.label for option in plan.slot.options]
    assert len(plan.recipes) == 5
    assert plan.cost_credits == 20
    assert {recipe.count for recipe in plan.recipes.values()} == {1}


@pytest.mark.parametrize(
    ("recipe", "slot", "words"),
    [
        (sign(), "thing", "nothing to choose from"),
        (sign(), "hat", "does not ask that"),
        (sign(look=Filled("small-sign", 1, {})), "tones", "Fill this in first"),
        (sign(look=None, prompt="a fox"), "tones", "Only a Look"),
        (sign(tier="draft"), "tones", "not made for that model"),
    ],
)
def test_what_makes_no_sheet_is_refused_in_words(recipe: Recipe, slot: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        sheets.plan(recipe, slot)


@pytest.mark.both_databases
def test_all_of_a_sheet_differs_in_that_slot_only(alice: Account) -> None:
    parent = done(alice)
    lineage = generations.Lineage(parent, Origin.SHEET)
    plan = sheets.plan(sign(lineage=lineage), "tones")
    laid = rows(alice, sheets.lay_out(alice, plan, "nonce"))
    assert [row.slots["tones"]["name"] for row in laid] == list(plan.recipes)
    assert len({row.seed for row in laid}) == 1
    assert {(row.slots["body"], row.slots["thing"]) for row in laid} == {
        ("soft clay", "watering can")
    }
    assert len({row.prompt for row in laid}) == 5
    assert {(row.parent.id, row.origin) for row in laid} == {(parent.id, Origin.SHEET)}
    assert [entry.held_delta for row in laid for entry in credits.receipt(row)] == [4] * 5
    assert accounts.balance(alice).held == 20
    assert credits.reconcile() == []


def test_a_sheet_of_a_picture_takes_its_seed(alice: Account) -> None:
    parent = done(alice, **vars(sign(model="flux-schnell", tier="draft", seed=77, count=2)))
    base = sheets.base(parent)
    laid = rows(alice, sheets.lay_out(alice, sheets.plan(base, "body"), "nonce"))
    assert {(row.seed, row.count) for row in laid} == {(77, 1)}


def test_a_picture_with_a_reference_makes_no_sheet(alice: Account) -> None:
    parent = done(alice)
    parent.had_reference = True
    with pytest.raises(Refused, match="not kept"):
        sheets.base(parent)


@pytest.mark.both_databases
def test_a_sheet_that_is_not_covered_holds_nothing(alice: Account) -> None:
    for _ in range(21):
        submitted(alice, **vars(sign()))
    before = accounts.balance(alice)
    with pytest.raises(InsufficientCredits) as refusal:
        sheets.lay_out(alice, sheets.plan(sign(), "tones"), "nonce")
    assert refusal.value.words == "This needs 20 credits and you have 16."
    assert refusal.value.missing == 4
    assert not Generation.select().where(Generation.sheet.is_null(False)).exists()
    after = accounts.balance(alice)
    assert (after.available, after.held) == (before.available, before.held)
    assert after.generations_made == before.generations_made


@pytest.mark.both_databases
def test_the_same_form_from_ten_threads_is_one_sheet(alice: Account) -> None:
    plan = sheets.plan(sign(), "tones")
    outcomes = at_once(10, lambda _: sheets.lay_out(alice, plan, "nonce"))
    assert len(set(outcomes)) == 1
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Generation.select().count() == 5
    assert accounts.balance(alice).held == 20
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_of_many_sheets_at_once_only_whole_ones_are_laid_out(alice: Account) -> None:
    plan = sheets.plan(sign(), "tones")
    outcomes = at_once(8, lambda place: sheets.lay_out(alice, plan, f"nonce-{place}"))
    laid = [one for one in outcomes if isinstance(one, str)]
    assert len(laid) == 5  # 100 credits, 20 each
    assert all(isinstance(one, str | InsufficientCredits) for one in outcomes)
    assert {len(rows(alice, sheet)) for sheet in laid} == {5}
    assert Entry.select().count() == 1 + 25
    assert credits.reconcile() == []


def test_a_sheet_keeps_within_the_unfinished_as_a_whole(
    alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations.limits, "UNFINISHED_MAX", 6)
    submitted(alice)
    submitted(alice)
    with pytest.raises(TooMany):
        sheets.lay_out(alice, sheets.plan(sign(), "tones"), "nonce")
    assert Generation.select().count() == 2
    assert accounts.balance(alice).held == 2
    assert UNFINISHED_MAX > 6


def test_a_sheet_keeps_within_the_persons_own_limit_as_a_whole(alice: Account) -> None:
    Account.update(daily_limit_credits=19).execute()
    with pytest.raises(Refused, match="Your own limit a day is 19 credits, and 19 are left"):
        sheets.lay_out(alice, sheets.plan(sign(), "tones"), "nonce")
    nothing_is_there(alice)


def test_a_sheet_of_words_against_the_rules_is_refused_and_counted_once(alice: Account) -> None:
    filled = Filled("small-sign", 1, {"thing": "naked child"})
    with pytest.raises(AgainstRules):
        sheets.lay_out(alice, sheets.plan(sign(look=filled), "tones"), "nonce")
    nothing_is_there(alice)
    assert generations.counted(alice).refused.total() == 1


@pytest.mark.parametrize("nonce", ["", "n" * 62])
def test_a_nonce_that_no_form_has_is_refused(alice: Account, nonce: str) -> None:
    with pytest.raises(Refused):
        sheets.lay_out(alice, sheets.plan(sign(), "tones"), nonce)


@pytest.mark.both_databases
def test_no_form_makes_a_sheet_of_free_re_runs(alice: Account, mallory: Account) -> None:
    for account in (alice, mallory):
        before = accounts.balance(account).available
        frame, *_ = rows(account, sheets.lay_out(account, sheets.plan(sign(), "tones"), "rerun"))
        generations.end(claimed(frame), "failed")
        assert accounts.balance(account).available == before - 16
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_a_sheet_of_which_some_is_purged_is_not_laid_out_twice(alice: Account) -> None:
    plan = sheets.plan(sign(), "tones")
    sheet = sheets.lay_out(alice, plan, "nonce")
    first = rows(alice, sheet)[0]
    generations.end(claimed(first), "failed")
    Generation.delete().where(Generation.id == first.id).execute()
    assert sheets.lay_out(alice, plan, "nonce") == sheet
    assert len(rows(alice, sheet)) == 4


def test_what_an_operator_gives_under_a_name_like_a_forms_is_no_free_re_run(alice: Account) -> None:
    made = failed(alice)
    credits.grant(alice, 5, made.nonce, "for the trouble")
    assert credits.reconcile() == []


def test_what_is_left_of_a_sheet_still_knows_its_answers(alice: Account, mallory: Account) -> None:
    sheet = sheets.lay_out(alice, sheets.plan(sign(), "turn"), "nonce")
    first, *rest = rows(alice, sheet)
    for row in rest:
        Generation.update(deleted_at=row.created_at).where(Generation.id == row.id).execute()
    found = sheets.find(alice, sheet)
    assert found is not None and found.slot is not None
    assert [(answer, row.id) for answer, row in found.frames] == [("front", first.id)]
    assert sheets.find(mallory, sheet) is None
    Generation.update(deleted_at=first.created_at).execute()
    assert sheets.find(alice, sheet) is None


def test_a_sheet_over_what_somebody_wrote_tries_the_options(alice: Account) -> None:
    filled = Filled("felt-friend", 1, {"creature": "owl", "wears": {"other": "a paper crown"}})
    recipe = replace(sign(), look=filled, model="flux-schnell", tier="draft")
    plan = sheets.plan(recipe, "wears")
    assert all(one.look and "other" not in one.look.slots["wears"] for one in plan.recipes.values())
