"""When a re-run is free again, when it has its price, and what it counts against."""

from __future__ import annotations

import pytest

from fluxgen import accounts, credits, generations
from fluxgen.errors import Refused
from fluxgen.models import Account, Generation, Image, Status
from tests.jobs.tiles import finish, grants, plain, rerun, tile
from tests.support.cast import Browser
from tests.support.drawing import drawn
from tests.support.life import claimed
from tests.support.making import Visit


def test_what_is_free_counts_against_no_limit_of_ones_own(alice: Account) -> None:
    first, second = finish(tile(alice), drawn()), finish(tile(alice), drawn())
    Account.update(daily_limit_credits=6).execute()  # lowered after 8 were spent
    generations.end(claimed(generations.rerun(first)), "failed")
    finish(generations.rerun(second), drawn())
    Account.update(daily_limit_credits=12).execute()
    assert tile(alice).status is Status.HELD
    with pytest.raises(Refused, match="and 0 are left"):
        tile(alice)


def again_at_its_price(browser: Browser, ended: Generation) -> Generation:
    """Tried again as its page offers it: at 4 credits, not for nothing."""
    page = browser.get(f"/generations/{ended.public_id}").text
    assert "Try again · 4 credits" in page
    answer = browser.post(f"/generations/{ended.public_id}/retry", data={"shown_credits": "0"})
    assert answer.status_code == 409 and "the button said 0" in answer.text
    answer = browser.post(f"/generations/{ended.public_id}/retry", data={"shown_credits": "4"})
    assert answer.status_code == 303
    name = (answer.location or "").rpartition("/")[2]
    return Generation.get(Generation.public_id == name)


def test_a_re_run_whose_flawed_picture_is_gone_costs_what_its_button_says(
    visit: Visit, alice: Account
) -> None:
    browser = visit(alice)
    generation = finish(tile(alice), drawn())
    again = rerun(browser, generation)
    generations.end(claimed(again), "failed")
    assert "Try again, free" in browser.get(f"/generations/{again.public_id}").text
    before = accounts.balance(alice).available
    Generation.delete().where(Generation.id == generation.id).execute()  # as the purge does
    retried = again_at_its_price(browser, again)
    assert accounts.balance(alice).available == before - retried.cost_credits
    assert len(grants(alice)) == 1
    assert credits.reconcile() == []


def test_a_re_run_of_which_only_the_good_picture_is_left_has_its_price(
    visit: Visit, alice: Account
) -> None:
    browser = visit(alice)
    generation = finish(tile(alice, count=2), plain(), drawn())
    again = rerun(browser, generation)
    generations.end(claimed(again), "failed")
    flawed = Image.get(Image.flaw == "seam")
    browser.post(f"/pictures/{flawed.public_id}/delete")
    again_at_its_price(browser, again)
    assert len(grants(alice)) == 1


def test_what_failed_before_a_re_run_came_has_its_price(visit: Visit, alice: Account) -> None:
    browser = visit(alice)
    generation = finish(tile(alice), drawn())
    in_vain = rerun(browser, generation)
    generations.end(claimed(in_vain), "failed")
    came = finish(rerun(browser, generation), drawn())
    retried = again_at_its_price(browser, in_vain)
    generations.end(claimed(retried), "failed")
    Generation.delete().where(Generation.id == came.id).execute()
    again_at_its_price(browser, in_vain)
    assert len(grants(alice)) == 2
    assert credits.reconcile() == []
