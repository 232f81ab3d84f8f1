"""Tiles whose seam shows: found when they are stored, said, and made once more for nothing."""

from __future__ import annotations

import pytest

from fluxgen import accounts, archive, credits, generations
from fluxgen.errors import Refused, TooMany
from fluxgen.generations import Filled
from fluxgen.generations.limits import RERUNS_A_DAY
from fluxgen.models import Account, Entry, Generation, Image, Kind, Origin, Standing, Status
from tests.jobs.tiles import finish, flawed, grants, plain, rerun, tile
from tests.support.cast import HTMX
from tests.support.drawing import drawn
from tests.support.life import claimed, failed
from tests.support.making import Visit, latest
from tests.support.pages import parse
from tests.support.races import at_once
from tests.support.workers import Workers, pass_time
from tests.support.world import books_are_exact

DAY_S = 24 * 3600


def test_a_tile_whose_seam_shows_is_flagged_and_charged(alice: Account, workers: Workers) -> None:
    generation = flawed(alice, workers)
    assert generation.status is Status.DONE
    assert Image.get().flaw == "seam"
    assert generation.charged_credits == generation.cost_credits


def test_only_looks_that_promise_a_tile_are_measured(alice: Account, workers: Workers) -> None:
    sign = Filled("small-sign", 1, {"thing": "bell"})
    flawed(alice, workers, look=sign, model="flux-schnell", tier="draft")
    flawed(alice, workers, look=None, model="flux-schnell", tier="draft")
    assert [image.flaw for image in Image.select()] == [None, None]


def test_a_tile_that_goes_on_is_not_flagged(alice: Account) -> None:
    generation = finish(tile(alice, count=2), plain(), drawn())
    images = Image.select().order_by(Image.position)
    assert [image.flaw for image in images] == [None, "seam"]
    assert generation.status is Status.DONE


def test_card_and_lightbox_say_so_and_offer_one_more(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    generation = flawed(alice, workers)
    browser = visit(alice)
    for address in ("/studio", f"/generations/{generation.public_id}"):
        page = browser.get(address).text
        assert "The seam shows." in page
        assert f'action="/generations/{generation.public_id}/rerun"' in page
    assert rerun(browser, generation).status is Status.HELD
    page = browser.get(f"/generations/{generation.public_id}").text
    assert "The seam shows." in page
    assert "/rerun" not in page


def test_a_re_run_is_the_same_with_another_seed_and_costs_nothing(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    generation = flawed(alice, workers)
    before = accounts.balance(alice).available
    again = rerun(visit(alice), generation)
    assert (again.prompt, again.model, again.tier) == (
        generation.prompt,
        generation.model,
        generation.tier,
    )
    assert again.slots == generation.slots
    assert again.seed != generation.seed
    assert (again.parent, again.origin) == (generation, Origin.RETRY)
    (grant,) = grants(alice)
    assert grant.key == f"grant:rerun:{generation.public_id}"
    assert grant.available_delta == again.cost_credits
    assert grant.reason == f"Free re-run of picture {generation.number}: its seam shows."
    workers.work()
    assert accounts.balance(alice).available == before
    assert "Free re-run of picture 1: its seam shows." in visit(alice).get("/credits").text
    books_are_exact()


def test_only_the_flawed_of_several_are_made_again(visit: Visit, alice: Account) -> None:
    generation = finish(tile(alice, count=3), plain(), drawn(), drawn())
    assert "The seam shows in B, C." in visit(alice).get("/studio").text
    again = rerun(visit(alice), generation)
    assert (again.count, again.cost_credits) == (2, 8)
    assert grants(alice)[0].available_delta == 8


@pytest.mark.both_databases
def test_of_ten_who_press_at_once_one_re_run_comes(alice: Account) -> None:
    generation = finish(tile(alice), drawn())
    outcomes = at_once(10, lambda _: generations.rerun(generation))
    assert len({one.id for one in outcomes if isinstance(one, Generation)}) == 1
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert len(grants(alice)) == 1
    assert credits.reconcile() == []


def test_the_button_answers_with_both_cards(visit: Visit, alice: Account, workers: Workers) -> None:
    generation = flawed(alice, workers)
    answer = visit(alice).post(f"/generations/{generation.public_id}/rerun", headers=HTMX)
    assert answer.status_code == 201
    shown = parse(answer.text).all("article")
    again = Generation.select().order_by(Generation.id.desc()).get()
    assert [card["id"] for card in shown] == [
        f"generation-{again.public_id}",
        f"generation-{generation.public_id}",
    ]
    assert "/rerun" not in answer.text


def test_what_a_re_run_brings_has_none(visit: Visit, alice: Account, workers: Workers) -> None:
    browser = visit(alice)
    again = rerun(browser, flawed(alice, workers))
    workers.work()
    assert Image.get(Image.generation == again).flaw == "seam"
    assert "/rerun" not in browser.get(f"/generations/{again.public_id}").text
    rerun(browser, again, status=409)
    assert len(grants(alice)) == 1


ENDINGS = ["cancelled", "halted", "failed", "blocked", "nothing", "overdue", "waited", "suspended"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_re_run_that_brings_nothing_leaves_no_credits(alice: Account, ending: str) -> None:
    generation = finish(tile(alice), drawn())
    before = accounts.balance(alice).available
    again = generations.rerun(generation)
    generations.end(claimed(again), ending)
    assert accounts.balance(alice).available == before
    taken = Entry.get(Entry.kind == Kind.REVERSE)
    assert taken.key == f"reverse:rerun:{generation.public_id}"
    assert (taken.available_delta, taken.generation) == (-4, again.public_id)
    books_are_exact()


@pytest.mark.both_databases
def test_pressing_again_and_cancelling_again_brings_no_credits(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation = flawed(alice, workers)
    before = accounts.balance(alice).available
    for _ in range(RERUNS_A_DAY):
        again = rerun(browser, generation)
        browser.post(f"/generations/{again.public_id}/cancel")
        workers.work()
        assert latest(again).status is Status.CANCELLED
        assert accounts.balance(alice).available == before
    rerun(browser, generation, status=429)
    assert len({entry.key for entry in grants(alice)}) == RERUNS_A_DAY
    statement = browser.get("/credits").text
    assert statement.count("It was given for a free re-run, and not used.") == RERUNS_A_DAY
    assert credits.verify(alice) is None
    books_are_exact()


def test_what_a_re_run_delivers_of_several_is_all_it_was_given_for(alice: Account) -> None:
    generation = finish(tile(alice, count=2), drawn(), drawn())
    before = accounts.balance(alice).available
    again = finish(generations.rerun(generation), drawn())
    assert (again.cost_credits, again.charged_credits) == (8, 4)
    assert accounts.balance(alice).available == before
    assert Entry.get(Entry.kind == Kind.REVERSE).available_delta == -4
    books_are_exact()


def test_credits_that_were_not_taken_back_are_a_difference(alice: Account) -> None:
    generation = finish(tile(alice), drawn())
    again = generations.rerun(generation)
    credits.release(again, "failed")  # as if settling it forgot the rest
    Generation.update(status=Status.FAILED).where(Generation.id == again.id).execute()
    (found,) = credits.reconcile()
    assert (found.account_id, found.expected, found.found) == (alice.id, 4, 0)
    assert again.public_id in found.what


def test_one_that_brought_nothing_is_free_once_more(
    visit: Visit, alice: Account, workers: Workers
) -> None:
    browser = visit(alice)
    generation = flawed(alice, workers)
    before = accounts.balance(alice).available
    again = rerun(browser, generation)
    generations.end(claimed(again), "failed")
    assert f'action="/generations/{generation.public_id}/rerun"' in browser.get("/studio").text
    retried = generations.retry(latest(again))
    assert (retried.parent, retried.cost_credits) == (generation, again.cost_credits)
    assert generations.rerun(generation) == retried
    workers.work()
    assert latest(retried).status is Status.DONE
    assert accounts.balance(alice).available == before
    assert "/rerun" not in browser.get(f"/generations/{generation.public_id}").text
    rerun(browser, latest(retried), status=409)
    books_are_exact()


def test_nothing_else_is_made_for_nothing(
    visit: Visit, alice: Account, mallory: Account, workers: Workers
) -> None:
    good = finish(tile(alice), plain())
    rerun(visit(alice), good, status=409)
    with pytest.raises(Refused, match="no free re-run of this one"):
        generations.rerun(good)
    rerun(visit(alice), failed(alice), status=409)
    bad = flawed(alice, workers)
    rerun(visit(mallory), bad, status=404)
    archive.delete(bad)
    rerun(visit(alice), bad, status=404)
    assert Entry.select().where(Entry.kind == Kind.GRANT).count() == 2  # the welcomes


def test_a_re_run_that_was_deleted_for_good_does_not_come_again(alice: Account) -> None:
    generation = finish(tile(alice), drawn())
    again = finish(generations.rerun(generation), drawn())
    Generation.delete().where(Generation.id == again.id).execute()
    with pytest.raises(Refused, match="made already"):
        generations.rerun(generation)
    assert len(grants(alice)) == 1


def test_so_many_are_free_a_day(alice: Account) -> None:
    credits.grant(alice, 100, "for this", "for this")
    tiles = [finish(tile(alice), drawn()) for _ in range(RERUNS_A_DAY + 1)]
    for one in tiles[:-1]:
        generations.rerun(one)
    with pytest.raises(TooMany, match="5 free re-runs a day"):
        generations.rerun(tiles[-1])
    assert len(grants(alice)) == RERUNS_A_DAY
    pass_time(DAY_S)
    generations.rerun(tiles[-1])
    assert credits.reconcile() == []


@pytest.mark.both_databases
def test_no_more_are_free_where_all_are_asked_for_at_once(alice: Account) -> None:
    tiles = [finish(tile(alice), drawn()) for _ in range(RERUNS_A_DAY + 3)]
    outcomes = at_once(len(tiles), lambda place: generations.rerun(tiles[place]))
    assert len(grants(alice)) == RERUNS_A_DAY
    assert len([one for one in outcomes if isinstance(one, TooMany)]) == 3


def test_what_cannot_be_asked_for_is_not_given_either(alice: Account) -> None:
    generation = finish(tile(alice), drawn())
    Account.update(standing=Standing.SUSPENDED).execute()
    with pytest.raises(Refused, match="suspended"):
        generations.rerun(generation)
    assert grants(alice) == []
    assert credits.reconcile() == []
